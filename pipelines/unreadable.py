"""The one error that says why a file cannot be read, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType


class UnreadableFile(Exception):
    """A file that gives no rows at all: `code` for programs, one clear sentence in English and in Chinese for people.

    `details` holds the actual values at fault (sizes, names, limits); nothing in it is a secret.
    """

    def __init__(
        self, code: str, *, message_en: str, message_zh: str, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message_en)
        self.code = code
        self.message_en = message_en
        self.message_zh = message_zh
        self.details: Mapping[str, object] = MappingProxyType(dict(details or {}))
