"""What columns are called, in both languages: the vocabulary behind the proposal of a mapping.

Names are compared in a plain form (`plain_name`): half width, lower case, Simplified, without question numbers, spaces
and punctuation. The vocabulary is data: exact names in column_names.tsv, patterns in column_patterns.tsv. A name never
decides alone, the contents must agree (see `pipelines/columns.py`).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, get_args

from pipelines.shadow import simplify

Role = Literal[
    "text", "title", "reply", "score", "created_at", "external_id", "customer_id", "email", "phone", "customer_name",
    "touchpoint", "coded", "technical", "thing", "person", "speaker",
]  # fmt: skip

_NUMBERING = re.compile(r"^\s*(?:q(?:uestion)?\s*)?\d{1,3}(?:\s*[.．、:：)）]|\s*[-_—]\s*|\s+(?=\D))\s*", re.IGNORECASE)
# 评分(满分5分), 您的建议（选填）
_AFTERWORD = re.compile(r"\s*[(（\[【][^()（）\[\]【】]{1,20}[)）\]】]\s*$")
_KEEP = re.compile(r"[\W_]+")
# A field's name is short; a longer one is a question, in which "reply" or "e-mail" may be what it asks about.
LONGEST_FIELD = 24


def plain_name(name: str) -> str:
    """Return a column name for comparison: half width, lower case, Simplified, no question number, spaces or marks."""
    text = simplify(unicodedata.normalize("NFKC", name).strip().lower())
    return _KEEP.sub("", _NUMBERING.sub("", text) or text)


@lru_cache(maxsize=8_192)
def named_role(name: str) -> Role | None:
    """Return the role that a column's name claims, or None where the name says nothing.

    Exact names come before patterns, and the parts of a dotted name (`author.name`), last part first, before giving up.
    """
    plain = plain_name(name)
    if (role := _exact().get(plain)) is not None:
        return role
    raw = _KEEP.sub("", simplify(unicodedata.normalize("NFKC", name).lower()))
    short = _width(plain) <= LONGEST_FIELD or (name.isascii() and " " not in name.strip())
    for role, anywhere, pattern in _patterns():
        if (anywhere or short) and (pattern.search(plain) or pattern.search(raw)):
            return role
    if (bare := _AFTERWORD.sub("", name)) != name and bare.strip():
        return named_role(bare)
    if "." in name and not name.endswith(".") and " " not in name:
        return next((role for part in reversed(name.split(".")) if (role := named_role(part)) is not None), None)
    return None


def is_question(name: str) -> bool:
    """Return whether a column name reads as a question put to somebody, rather than as a field's name."""
    text = unicodedata.normalize("NFKC", name).strip()
    if text.endswith(("?", ":")) or "?" in text or "______" in text:
        return True
    if _NUMBERING.match(text) and len(text) > 8:
        return True
    wide = sum(ord(character) >= 0x2E80 for character in text)
    return wide >= 12 or len(text.split()) >= 6


def _width(text: str) -> int:
    """Return the length of a name as it takes room: a Chinese character counts as two letters."""
    return sum(1 + (ord(character) >= 0x2E80) for character in text)


@cache
def _exact() -> Mapping[str, Role]:
    table: dict[str, Role] = {}
    for role, names in _lines("column_names.tsv"):
        for name in names.split():
            table.setdefault(name, role)
    return table


@cache
def _patterns() -> tuple[tuple[Role, bool, re.Pattern[str]], ...]:
    """Return (role, whether questions are looked at too, pattern), in the order in which they are tried."""
    found: list[tuple[Role, bool, re.Pattern[str]]] = []
    for role, rest in _lines("column_patterns.tsv"):
        scope, _, pattern = rest.partition("\t")
        found.append((role, scope == "any", re.compile(pattern)))
    return tuple(found)


def _lines(name: str) -> Iterator[tuple[Role, str]]:
    known: tuple[Role, ...] = get_args(Role)
    for line in files("pipelines").joinpath(name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            role, _, rest = line.partition("\t")
            yield next(one for one in known if one == role), rest
