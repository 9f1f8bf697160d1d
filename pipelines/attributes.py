"""Columns of a customers file as typed attributes: one type for a whole column, never a guess per cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.contacts import normalise_email
from pipelines.dates import date_order, parse_date

Value = str | int | float | bool | None
ColumnType = Literal["int", "float", "bool", "date", "text", "contact"]

_EMPTY = frozenset({"", "-", "--", "null", "nan", "n/a", "#n/a", "\\n"})
# Empty beside numbers or dates; but a word of its own in a column of words ("NA" is a region, "none" a plan).
_EMPTY_UNLESS_TEXT = frozenset({"na", "none", "nil", "无", "暂无", "未知", "unknown", "/"})
_TRUE, _FALSE = frozenset({"true", "yes", "y", "是"}), frozenset({"false", "no", "n", "否"})
# No leading zero and at most 15 digits: "0571" is an area code, and longer numbers lose digits in JSON and sheets.
_INT = re.compile(r"[+-]?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.0+)?")
_FLOAT = re.compile(r"[+-]?(?:(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:\.0)?")
_ID_CARD = re.compile(r"\d{17}[\dXx]")
# Attributes are shown and exported: columns of these names, or made of contacts, are left out of them.
_CONTACT_HEADER = re.compile(
    r"地址|住址|身份证|银行卡|微信号|手机|电话|邮箱|\baddress\b|e-?mail|phone|wechat", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedColumn:
    """A column's type and its values as that type, row by row; a "contact" column keeps no values."""

    type: ColumnType
    values: tuple[Value, ...]


def typed_column(name: str, cells: Sequence[str]) -> TypedColumn:
    """Return a column with the one type that fits every non-empty cell.

    Dates become ISO 8601 text; where nothing in the column says whether 3/4/2026 is in March or April it stays text.
    "contact" means personal data: by its header, or because half of its cells or more are e-mail addresses, mainland
    mobile numbers or ID card numbers.
    """
    texts = [" ".join(cell.split()) for cell in cells]
    told = [text for text in texts if text.casefold() not in _EMPTY]
    if _is_contact(name, told):
        return TypedColumn(type="contact", values=())
    firm = [text for text in told if text.casefold() not in _EMPTY_UNLESS_TEXT]
    order = date_order(firm)
    kind = _type(firm, dates=not order.ambiguous and all(parse_date(text, order=order.order) for text in firm))

    def value(text: str) -> Value:
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
                return parse_date(text, order=order.order)
            case _:
                return text

    return TypedColumn(type=kind, values=tuple(map(value, texts)))


def _is_contact(name: str, texts: Sequence[str]) -> bool:
    if _CONTACT_HEADER.search(name):
        return True
    contacts = sum(bool(_MOBILE.fullmatch(t) or _ID_CARD.fullmatch(t) or normalise_email(t)) for t in texts)
    return bool(texts) and contacts * 2 >= len(texts)


def _type(texts: Sequence[str], *, dates: bool) -> ColumnType:
    if not texts:
        return "text"
    if all(text.casefold() in _TRUE or text.casefold() in _FALSE for text in texts):
        return "bool"
    if all(_INT.fullmatch(text) for text in texts):
        return "int"
    if all(_FLOAT.fullmatch(text) for text in texts):
        return "float"
    return "date" if dates else "text"
