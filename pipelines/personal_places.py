"""Ways to reach or find a person: e-mail, messenger accounts, number plates, home addresses."""

import re
from collections.abc import Iterator

from pipelines.personal_numbers import Found

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}\s?@\s?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,24}"
    r"(?![A-Za-z0-9])"
)
# Written apart so that programs do not see it: john . doe @ example . com. A full stop with a space only after it ends
# a sentence.
_APART = r"(?:\s\.\s?|\.)"
_SPACED_EMAIL = re.compile(
    rf"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_][A-Za-z0-9_%+-]{{0,40}}(?:{_APART}[A-Za-z0-9_%+-]{{1,40}}){{0,3}}\s?@\s?"
    rf"[A-Za-z0-9-]{{1,40}}(?:{_APART}[A-Za-z0-9-]{{1,30}}){{0,3}}{_APART}"
    r"(?:com|cn|net|org|edu|gov|io|co|hk|tw|uk|de|jp|me)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SPOKEN_EMAIL = re.compile(
    r"\b[A-Za-z0-9][A-Za-z0-9._-]{1,40}\s?(?:[\[(]at[\])]|\sat\s)\s?[A-Za-z0-9-]{2,20}\s?(?:[\[(]dot[\])]|\sdot\s)\s?(?:com|net|org|cn|io|co)\b",
    re.IGNORECASE,
)


def find_emails(text: str) -> Iterator[Found]:
    """Find e-mail addresses, also written apart and written out as "name at example dot com"."""
    if "@" in text:
        yield from (Found(*match.span()) for match in _SPACED_EMAIL.finditer(text))
        yield from (Found(*match.span()) for match in _EMAIL.finditer(text))
    if "dot" in text.lower():
        yield from (Found(*match.span()) for match in _SPOKEN_EMAIL.finditer(text))


# --- messengers ---------------------------------------------------------------------------------------------------

_IM_CUE = re.compile(
    r"(?:微信|薇信|威信|徽信|(?<![A-Za-z])V信|(?<![A-Za-z])(?:vx|wx|wei ?xin|wechat|whats ?app|telegram|line ?id"
    r"|skype|qq)(?![A-Za-z])"
    r"|加(?:我)?(?:的)?(?:微信|[vV微薇q](?![A-Za-z]))|扣扣|企鹅号?|[Qq]群|小红书号|抖音号|快手号|飞信)",
    re.IGNORECASE,
)
_IM_LINK = re.compile(
    r"\s{0,2}(?:账号|帐号|号码|群|同号|号|id)?\s{0,2}(?:is|是|为|搜|加|：|:|=|→)?\s{0,2}", re.IGNORECASE
)
_STRONG_LINK = re.compile(r"号|id|[:：=→]|是|为|搜", re.IGNORECASE)
_ANNOUNCED = re.compile(r"[号:：=→]")
_SIGN = re.compile(r"[0-9_]")
_SENTENCE = re.compile(r"\s[A-Za-z]")
_IM_LETTERS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{5,19}(?![A-Za-z0-9_])")
_IM_DIGITS = re.compile(r"[1-9]\d{4,11}(?![\d.]|\s?(?:元|块|人|次|万|%|年|天))")
_QQ = re.compile(r"qq|扣扣|企鹅|q群", re.IGNORECASE)


def find_im_accounts(text: str) -> Iterator[Found]:
    """Find WeChat, QQ and other messenger accounts after a word that announces one; the word itself stays.

    A word after the cue is an account only where a colon or 号 announces it or a digit or underscore gives it away:
    "微信：lisi2024" is one, "wechat payment" and 微信支付 are not.
    """
    for cue in _IM_CUE.finditer(text):
        link = _IM_LINK.match(text, cue.end())
        said, at = (link[0], link.end()) if link else ("", cue.end())
        account = _IM_LETTERS.match(text, at)
        if account and (
            _SIGN.search(account[0]) or (_ANNOUNCED.search(said) and not _SENTENCE.match(text, account.end()))
        ):
            yield Found(at, account.end())
            continue
        number = _IM_DIGITS.match(text, at)
        if number and (_STRONG_LINK.search(said) or _QQ.search(cue[0]) or cue[0].startswith("加")):
            yield Found(at, number.end())


# --- number plates ------------------------------------------------------------------------------------------------

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# GA 36-2018: five signs of which at most two are letters (never I or O), or six for new-energy cars.
_SERIAL = "[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9学警港澳挂]"
_PLATE = re.compile(rf"([{_PROVINCE}])[A-HJ-NP-Z]([·•・.\s-]?)({_SERIAL})(?![A-Za-z0-9])")
_PLATE_CUE = re.compile(r"车牌|車牌|车号|牌照|司机|plate", re.IGNORECASE)


def find_plates(text: str) -> Iterator[Found]:
    """Find mainland number plates. 新 and 云 also begin words (新GT1030), so they need a separator or a cue."""
    for match in _PLATE.finditer(text):
        if sum(c.isalpha() and c.isascii() for c in match[3]) > 2 or not any(c.isdigit() for c in match[3]):
            continue
        cued = bool(match[2].strip()) or bool(_PLATE_CUE.search(text[max(0, match.start() - 10) : match.start()]))
        if cued or match[1] not in "新云":
            yield Found(*match.span())


# --- addresses ----------------------------------------------------------------------------------------------------

# A name of a place, up to the word that begins the statement about it.
_NAME = r"(?:(?![我你您他她它们住在到寄送是的址了给从去往家，。！？、；：,.!?;:\s])[\u4e00-\u9fffA-Za-z0-9])"
_ADMIN = (
    rf"(?:{_NAME}{{2,7}}?(?:省|自治区)\s?)?(?:{_NAME}{{2,7}}?(?:市|自治州|盟)\s?)?"
    rf"(?:{_NAME}{{1,7}}?(?:区|县|旗|镇|乡|街道|村)\s?){{0,3}}"
)
_ROAD = rf"{_NAME}{{1,8}}?(?:路|街|大道|道|巷|弄|胡同|里)\s?\d{{1,5}}\s?(?:号院?|弄|巷)(?!线)"
_UNIT = r"(?:\s?\d{1,2}\s?单元)?"
_ROOM = (
    rf"(?:\s?{_NAME}{{0,10}}?\s?[\dA-Za-z]{{1,4}}\s?(?:栋|幢|座|号楼|期|区))?{_UNIT}(?:\s?\d{{1,3}}\s?[楼层])?"
    r"(?:\s?[A-Za-z]?\d{1,5}\s?(?:室|房|户|号房|号))?"
)
_ESTATE = (
    rf"{_NAME}{{2,10}}?(?:小区|花园|公寓|家园|新村|苑|庭|湾|府|宿舍)\s?[\dA-Za-z]{{1,4}}\s?(?:栋|幢|座|号楼|号){_UNIT}"
    r"(?:\s?[A-Za-z]?\d{2,5}\s?[室房户号]?)?"
)
_ADDRESS = re.compile(f"{_ADMIN}(?:{_ROAD}{_ROOM}|{_ESTATE})")
_ROOM_LEVEL = re.compile(r"单元|室|户|\d\s?(?:栋|幢|号楼|座)\s?[A-Za-z]?\d{2,5}|房$")
_HOME_CUE = re.compile(r"地址|住址|家住|我住|住在|收货|寄到|寄往|送到|送至|我家|家里在|收件")
_EN_STREET = (
    r"\d{1,5}[A-Za-z]?\s(?:[NSEW]\.?\s)?(?:[A-Z][A-Za-z']+\s){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace|Crescent|Close)\b\.?"
)
_EN_ADDRESS = re.compile(
    rf"(?P<street>{_EN_STREET})(?P<unit>,?\s(?:Apt|Apartment|Unit|Suite|Flat|#)\.?\s?#?\w{{1,5}})?"
    r"(?P<town>,\s[A-Z][A-Za-z]+(?:\s[A-Z][a-z]+)?,?\s(?:[A-Z]{2}\s\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}))?"
)
_DIGIT = re.compile(r"\d")
_EN_HOME_CUE = re.compile(
    r"(?:\blive at|\bliving at|my (?:home|house|address)|address(?: is)?|deliver(?:ed|y)? to|ship(?:ped)? to|sent to)"
    r"[^.\n]{0,12}$",
    re.I,
)


def find_addresses(text: str) -> Iterator[Found]:
    """Find home addresses: road and number with a room, or after a word such as 收货地址 or "I live at".

    A road and number alone is where a shop is, and stays. Conservative on purpose: a district or a road is a topic.
    """
    if _DIGIT.search(text):
        if any(sign in text for sign in "号弄栋幢座"):
            for match in _ADDRESS.finditer(text):
                before = text[max(0, match.start() - 8) : match.start()]
                if _ROOM_LEVEL.search(match[0]) or _HOME_CUE.search(before):
                    yield Found(*match.span())
        for match in _EN_ADDRESS.finditer(text):
            if match["unit"] or match["town"] or _EN_HOME_CUE.search(text[max(0, match.start() - 30) : match.start()]):
                yield Found(*match.span())
