"""Character widths and invisible characters: what NFKC does where it is safe, and nothing where it is not."""

import re
import unicodedata

# NFKC would also turn ，！？ into ASCII, ① into 1, ㎡ into m2, … into three dots and ㅋㅋ into other letters. So only
# the ranges below are folded: forms that differ from the plain letter in width, font or code point alone.
_FOLDED_RANGES = (
    (0xFF01, 0xFF5E),  # full-width ASCII
    (0xFFE0, 0xFFE6),  # full-width ￠￡￥ …
    (0x1D400, 0x1D7FF),  # mathematical bold, script … letters, used as decoration
    (0xFB00, 0xFB06),  # ﬁ ﬂ ligatures
    (0x2F00, 0x2FD5),  # Kangxi radicals, which PDF copies give instead of the characters
    (0xF900, 0xFAFF),  # compatibility ideographs
)
_KEPT = frozenset("！（），：；？～｜")  # ordinary Chinese punctuation; ￥ folds to ¥, one sign for one meaning

_SPACES = (0x09, 0x0B, 0x0C, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x2800)
_NEWLINES = (0x0D, 0x85, 0x2028, 0x2029)
_REMOVED = (
    *(c for c in range(0x20) if c not in (0x09, 0x0A, 0x0B, 0x0C, 0x0D)),
    *(c for c in range(0x7F, 0xA0) if c != 0x85),
    0xAD,  # soft hyphen
    0x34F,
    0x61C,
    0x115F,
    0x1160,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    0xFEFF,
    0xFFA0,
    *range(0xFFF9, 0xFFFD),
    0xFFFE,
    0xFFFF,
    *range(0xE000, 0xF900),  # private use: icon fonts
    *range(0xD800, 0xE000),  # lone surrogates cannot be stored
)


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for first, last in _FOLDED_RANGES:
        for code in range(first, last + 1):
            char = chr(code)
            folded = unicodedata.normalize("NFKC", char)
            if folded != char and char not in _KEPT:
                table[code] = folded
    table.update(dict.fromkeys(_SPACES, " "))
    table.update(dict.fromkeys(_NEWLINES, "\n"))
    table.update(dict.fromkeys(_REMOVED, None))
    return table


_TABLE = _table()
_HALF_KATAKANA = re.compile("[\uff61-\uff9f]+")
_NEEDS_FOLDING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u2f00-\u2fd5\u3000\u3164\ud800-\udfff\ue000-\ufaff\ufb00-\ufb06\ufeff\uff00-\uffff"
    "\U0001d400-\U0001d7ff]"
)

# A zero-width joiner holds emoji together (👨‍👩‍👧) and shapes Arabic and Indic letters; elsewhere it is debris.
_JOINERS = re.compile(
    "(?<![\u00a9\u00ae\u2190-\u2bff\ufe0f\U0001f000-\U0001faff\u0600-\u06ff\u0900-\u0dff])[\u200c\u200d]+"
    "|[\u200c\u200d]+(?![\u00a9\u00ae\u2190-\u2bff\U0001f000-\U0001faff\u0600-\u06ff\u0900-\u0dff])"
)
# Tag characters belong to flags (🏴 + letters); anywhere else they are invisible text.
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def fold_width(text: str) -> str:
    """Return the text with full-width letters and digits halved and invisible characters gone.

    Chinese punctuation, circled numbers, unit signs, Hangul and emoji sequences stay. Canonical forms are composed
    (NFC).
    """
    if text.isascii():
        return text.translate(_TABLE) if _NEEDS_FOLDING.search(text) else text
    text = _SURROGATE_PAIR.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    if _NEEDS_FOLDING.search(text):
        text = _HALF_KATAKANA.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text.replace("\r\n", "\n"))
        text = text.translate(_TABLE)
    if "\u200c" in text or "\u200d" in text:
        text = _JOINERS.sub("", text)
    if "\U000e0000" <= max(text, default="") <= "\U000e007f":
        text = _TAGS.sub("", text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text
