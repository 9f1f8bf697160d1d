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
_ID_CUE = re.compile(r"身份证|身分證|身份證|证件|证号|證號|id card|identity", re.IGNORECASE)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _id_checksum(digits: str) -> bool:
    """ISO 7064 MOD 11-2, as GB 11643-1999 has it."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=False)) % 11] == digits[17].upper()


def find_id_cards(text: str) -> Iterator[Found]:
    """Find 身份证 numbers: 18 digits with a right checksum, or 15 or 18 with a wrong one after a word that says so."""
    if not _MANY_DIGITS.search(text):
        return
    for match in _ID_CARD.finditer(text):
        digits = re.sub(r"[\s-]", "", match[0])
        if len(digits) not in (15, 18) or int(digits[:2]) not in _PROVINCES:
            continue
        cued = bool(_ID_CUE.search(text[max(0, match.start() - 16) : match.start()]))
        if cued or (len(digits) == 18 and _id_checksum(digits)):
            yield Found(match.start(), match.end())


# --- bank cards -----------------------------------------------------------------------------------------------------

_CARD = re.compile(r"(?<![\dA-Za-z.-])\d(?:[ -]?\d){12,18}(?![\dA-Za-z])")
_CARD_CUE = re.compile(
    r"银行|卡号|储蓄卡|信用卡|借记卡|銀行|卡號|账号|帐号|card|account|visa|mastercard|iban", re.IGNORECASE
)
# UnionPay 62 (16–19), Visa 4 (13, 16, 19), Mastercard 51–55 and 2221–2720, Amex 34 and 37, JCB 35, Diners 36, 38.
_CARD_PREFIX = re.compile(
    r"62\d{14,17}$|4(?:\d{12}|\d{15}|\d{18})$|5[1-5]\d{14}$|2[2-7]\d{14}$|3[47]\d{13}$|35\d{14}$|3[68]\d{12}$"
)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = sum(map(int, digits[-1::-2]))
    return (total + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])) % 10 == 0


def find_bank_cards(text: str) -> Iterator[Found]:
    """Find payment cards: 13–19 digits with a right Luhn digit and an issuer's prefix, or after a word for it."""
    if not _MANY_DIGITS.search(text):
        return
    for match in _CARD.finditer(text):
        digits = re.sub(r"[ -]", "", match[0])
        cued = bool(_CARD_CUE.search(text[max(0, match.start() - 16) : match.start()]))
        if cued and len(digits) >= 15:
            yield Found(match.start(), match.end())
            continue
        likely = cued or (_CARD_PREFIX.match(digits) and not _is_thing(text, match.start(), match.end()))
        if likely and _luhn(digits) and len(set(digits)) > 1:
            yield Found(match.start(), match.end())


# --- telephones -----------------------------------------------------------------------------------------------------

_MOBILE = re.compile(
    r"(?<![\d.A-Za-z-])(?:[(（]?(?:\+|00)?\s?86[)）]?[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}[\s-]?\d{4}|\*{4,8}\d{2,4}|[\s-]\d{3}[\s-]\d{5})(?![\d-]*\d)(?!\.\d)"
    r"|(?<!\d)1 [3-9](?: \d){9}(?! ?\d)"
)
_LANDLINE = re.compile(
    r"(?<![\d.A-Za-z-])(?:(?:\+|00)\s?86[\s-]?)?(?:[(（]0?(?:10|2\d|[3-9]\d{2})[)）]\s?|0(?:10|2\d|[3-9]\d{2})[\s-])[2-9]\d{2,3}[\s-]?\d{4}"
    r"(?:\s?(?:转|轉|ext\.?|分机|-)\s?\d{1,6})?(?![\d-]*\d)"
)
_HONG_KONG = re.compile(r"(?<![\d.])[(（]?(?:\+|00)?85[23][)）]?[\s-]?[2-9]\d{3}[\s-]?\d{4}(?!\d)")
_TAIWAN_MOBILE = re.compile(r"(?<![\d.-])09\d{2}[\s-]?\d{3}[\s-]?\d{3}(?![\d-])")
_NORTH_AMERICA = re.compile(
    r"(?<![\d.-])(?:\+?1[\s.-]?)?(?:\(([2-9]\d{2})\)\s?|([2-9]\d{2})[\s.-])[2-9]\d{2}[\s.-]\d{4}(?![\d-])"
)
# A toll-free number is a company's: what people complain about, not whom to protect.
_TOLL_FREE = frozenset(["400", "800", "822", "833", "844", "855", "866", "877", "888"])
_CUE = re.compile(
    r"(?:电话|電話|手机号?|手機號?|号码是|联系方式|联系我|致电|打给我|座机"
    r"|(?<![A-Za-z])(?:whatsapp|phone|mobile|cell|telephone|tel|contact|call(?: me)?|text me"
    r"|reach me|ring me)(?![A-Za-z]))"
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
