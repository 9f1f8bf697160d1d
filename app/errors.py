"""Errors made for the reader: a code, the values at fault, and words in the reader's language.

The sentences are in `app/locale/*.json` under `error.<code>` and `hint.<code>`, so a page, the API and the command
line say the same thing. Mapped to HTTP once, in `app/main.py`; to exit codes once, in `app/cli`.
"""

from collections.abc import Mapping
from typing import ClassVar

from pipelines.unreadable import UnreadableFile


class XinshengError(Exception):
    """Something a person can mend. `code` names the sentence, `values` fill its gaps, `details` list the rest.

    A value that has a form in each language, as a theme's name has, is given as {"zh": …, "en": …}.
    """

    status: ClassVar[int] = 500

    def __init__(
        self,
        *,
        code: str,
        values: Mapping[str, object] | None = None,
        message: Mapping[str, str] | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})
        self.message = dict(message or {})
        self.details = dict(details or {})


class BadRequest(XinshengError):
    """The request itself is wrong: a parameter, a mapping, a body."""

    status = 400


class Forbidden(XinshengError):
    """The request may not be made from where it comes from."""

    status = 403


class NotFound(XinshengError):
    """No such project, theme, verbatim, customer, source or job."""

    status = 404


class Conflict(XinshengError):
    """What is asked contradicts what is stored: a taken slug, a key used twice with different bodies."""

    status = 409


class TooLarge(XinshengError):
    """More bytes or items than the settings allow."""

    status = 413


class Unusable(XinshengError):
    """Input that was understood as far as possible and gives nothing to work on."""

    status = 422

    @classmethod
    def of(cls, error: UnreadableFile, *, filename: str) -> "Unusable":
        """Return the error of a file that cannot be read, in the words of the reading stage."""
        return cls(
            code=error.code,
            message={"en": error.message_en, "zh": error.message_zh},
            details={"filename": filename, **error.details},
        )
