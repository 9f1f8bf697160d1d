"""Numbers that belong to a person: telephone, identity card, bank card. Found by form and checksum."""

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple


class Found(NamedTuple):
    """A span of personal data; `landline` only chooses the wording of the mask."""

    start: int
    end: int
    landline: bool = False


_MANY_DIGITS = re.compile(r"\d(?:[\s.()*/-]{0,3}\d){5}|\d{3}\*{3,}")

# What stands right before a number that is not a person's: an order, a parcel, an article.
_THING_BEFORE = re.compile(
    r"(?:订单|单号|运单|快递单?|物流单?|流水|编号|货号|型号|批号|条码|发票|工单|序列|版本|商品|产品|房号|票号|航班|金额|价格?|共|合计|人民币"
    r"|order|tracking|invoice|ticket|serial|sku|item|model|ref(?:erence)?|case|parcel|isbn|imei|sn|id)"
    r"(?:号码?|编?号|number|no|num)?\s*(?:is|was|为|是)?\s*[.:：#＃]?\s*#?$",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"[¥￥$€£]\s*$")
_MONEY_AFTER = re.compile(r"\s*(?:元|块|万|亿|rmb|usd|dollars|yuan|%|公里|km\b|ml\b|mah)", re.IGNORECASE)


def _is_thing(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 16) : start]
    return bool(_THING_BEFORE.search(before) or _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(text, end))


# --- identity cards -------------------------------------------------------------------------------------------------

_ID_CARD = re.compile(
    r"(?<![\dA-Za-z])([1-9]\d{5})[\s-]?((?:18|19|20)?\d{2})[\s-]?(0[1-9]|1[0-2])[\s-]?(0[1-9]|[12]\d|3[01])[\s-]?(\d{3}[\s-]?[\dXx]?)(?![\dA-Za-z])"
)
_PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)
_ID_CUE = re.compile(
    r"(?:电话|電話|手机号?|手機號?|号码是|联系方式|联系我|致电|打给我|座机"
    r"|(?<![A-Za-z])(?:whatsapp|phone|mobile|cell|telephone|tel|contact|call(?: me)?|text me|reach me|ring me)(?![A-Za-z]))"
    r"[^\d+\n]{0,16}",
    re.IGNORECASE,
)
_AFTER_CUE = re.compile(r"(?<![A-Za-z])\(?\+?\d[\d\s().-]{5,18}\d(?![\dA-Za-z])")
# Seven or eight digits are a number in the caller's own town, if nothing but spaces or a hyphen divides them.
_LOCAL = re.compile(r"[2-8]\d{2,3}[\s-]?\d{4}")
_FOREIGN_SIGN = re.compile(r"(?:\+|(?<!\d)00)\s?[1-9]")


@functools.cache
def _phonenumbers() -> Any:
    import phonenumbers

    return phonenumbers


def _cued_phones(text: str) -> Iterator[Found]:
    """Numbers after a word such as 电话 or "call me" that some country's numbering plan knows."""
    for cue in _CUE.finditer(text):
        match = _AFTER_CUE.match(text, cue.end())
        if not match:
            continue
        digits = re.sub(r"\D", "", match[0])
        if digits[:3] in _TOLL_FREE or digits[:4] in ("1800", "1888") or len(digits) < 7:
            continue
        phonenumbers = _phonenumbers()
        for region in ("CN", "HK", "US", "GB", "TW", "SG", "AU", "IN"):
            try:
                number = phonenumbers.parse(match[0], region)
            except phonenumbers.NumberParseException:
                continue
            local = region == "CN" and not cue[0].isascii() and _LOCAL.fullmatch(match[0])
            if local or phonenumbers.is_valid_number(number):
                mobile = phonenumbers.number_type(number) in (1, 2)
                yield Found(match.start(), match.end(), landline=not mobile)
                break


def find_phones(text: str) -> Iterator[Found]:
    """Find people's telephone numbers: mainland mobiles and landlines, Hong Kong, Macau, Taiwan, and foreign ones.

    Company numbers that are themselves a topic (400 and 800 numbers, 95xxx, 12306) and numbers after 订单号, "order" or
    before 元 are left alone. Foreign numbers with + or 00 go by phonenumbers' plans.
    """
    if not _MANY_DIGITS.search(text):
        return
    for pattern, landline in ((_MOBILE, False), (_LANDLINE, True), (_HONG_KONG, False), (_TAIWAN_MOBILE, False)):
        for match in pattern.finditer(text):
            if not _is_thing(text, match.start(), match.end()):
                yield Found(match.start(), match.end(), landline)
    for match in _NORTH_AMERICA.finditer(text):
        if (match[1] or match[2]) not in _TOLL_FREE and not _is_thing(text, match.start(), match.end()):
            yield Found(match.start(), match.end(), landline=True)
    if _FOREIGN_SIGN.search(text):
        for match in _phonenumbers().PhoneNumberMatcher(text, None):
            yield Found(match.start, match.end, landline=True)
    yield from _cued_phones(text)
