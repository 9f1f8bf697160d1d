"""Columns of a customers file as typed attributes: one type for a whole column, never a guess per cell."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from pipelines.contacts import normalise_email

Value = str | int | float | bool | None
ColumnType = Literal["int", "float", "bool", "date", "text", "contact"]

_EMPTY = frozenset({"", "-", "--", "null", "nan", "n/a", "#n/a", "\\n"})
# Empty beside numbers or dates; but a word of its own in a column of words ("NA" is a region, "none" a plan).
_EMPTY_UNLESS_TEXT = frozenset({"na", "none", "nil", "无", "暂无", "未知", "unknown", "/"})
_TRUE, _FALSE = frozenset({"true", "yes", "y", "是"}), frozenset({"false", "no", "n", "否"})
# No leading zero and at most 15 digits: "0571" is an area code, and longer numbers lose digits in JSON and sheets.
_INT = re.compile(r"[+-]?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.0+)?")
_FLOAT = re.compile(r"[+-]?(?:(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
# Year first only: 01/02/2026 is January in one country and February in another, so it stays text.
_DATE = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
    r"(?:[T ]?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?"
)
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:\.0)?")
_ID_CARD = re.compile(r"\d{17}[\dXx]")
# Attributes are shown and exported: columns of these names, or made of contacts, are left out of them.
_CONTACT_HEADER = re.compile(
    r"地址|住址|身份证|银行卡|微信号|手机|电话|邮箱|\baddress\b|e-?mail|phone|wechat", re.IGNORECASE
)


def _plain(value: str) -> str:
    return " ".join(value.split())


def iso_date(value: str) -> str | None:
    """Return a year-first date, with its time where it has one, as ISO 8601; None where it is not a real one."""
    match = _DATE.fullmatch(_plain(value))
    if not match:
        return None
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    hour, minute, second, zone = match[6], match[7], match[8] or "00", match[9] or ""
    try:
        day_text = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
    if hour is None:
        return day_text
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    return f"{day_text}T{int(hour):02}:{minute}:{second}{zone}"


def column_type(name: str, values: Sequence[str]) -> ColumnType:
    """Return the one type that every non-empty value of a column has; "contact" means that it holds personal data.

    A column counts as personal data by its header, or where half of its values or more are e-mail addresses, mainland
    mobile numbers or ID card numbers.
    """
    if _CONTACT_HEADER.search(name):
        return "contact"
    texts = [text for text in map(_plain, values) if text.casefold() not in _EMPTY]
    contacts = sum(bool(_MOBILE.fullmatch(t) or _ID_CARD.fullmatch(t) or normalise_email(t)) for t in texts)
    if texts and contacts * 2 >= len(texts):
        return "contact"
    firm = [text for text in texts if text.casefold() not in _EMPTY_UNLESS_TEXT]
    if not firm:
        return "text"
    if all(text.casefold() in _TRUE or text.casefold() in _FALSE for text in firm):
        return "bool"
    if all(_INT.fullmatch(text) for text in firm):
        return "int"
    if all(_FLOAT.fullmatch(text) for text in firm):
        return "float"
    if all(iso_date(text) for text in firm):
        return "date"
    return "text"


def typed(value: str, kind: ColumnType) -> Value:
    """Return one cell as its column's type; empty cells are None, dates stay ISO 8601 text."""
    text = _plain(value)
    folded = text.casefold()
    if folded in _EMPTY or (kind != "text" and folded in _EMPTY_UNLESS_TEXT):
        return None
    match kind:
        case "int":
            return int(float(text.replace(",", "")))
        case "float":
            return float(text.replace(",", ""))
        case "bool":
            return folded in _TRUE
        case "date":
            return iso_date(text)
        case _:
            return text
