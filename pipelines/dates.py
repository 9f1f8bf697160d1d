"""Dates as people and programs write them, in both languages → ISO 8601.

Whether 3/4/2026 is March or April is decided for a whole column by the values above 12 (`date_order`), never per
cell. No zone is invented: a time keeps the zone it was written with, or none. Relative dates ("3 days ago", 昨天)
are not dates here, because what they mean depends on a day that the file does not name.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

DayOrder = Literal["dmy", "mdy"]

# Feedback older than this, or from after this, is a number that only looks like a date.
YEARS = range(1970, 2101)

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_TIME = (
    r"(?:[T\s,]*(?P<half>上午|下午|晚上|早上|中午|凌晨|[AaPp]\.?[Mm]\.?)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点時]\s*(?P<minute>\d{1,2})?\s*分?(?:\s*[:]?\s*(?P<second>\d{1,2})(?:[.,]\d+)?\s*秒?)?"
    r"\s*(?P<half2>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?\s*[+-]\d{2}:?\d{2}|CST|EST|EDT|PST|PDT|MST|MDT|CET|CEST|BST)?"
    r"(?:\s*\([^)]*\))?)?"
)
_YMD = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:\s*(?:星期|周)[一二三四五六日天])?" + _TIME
)
_NUMBERS = re.compile(r"(?P<first>\d{1,2})[-/.](?P<second_part>\d{1,2})[-/.](?P<year>\d{4}|\d{2})" + _TIME)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAY_MONTH = re.compile(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-]+(?:of\s+)?(?P<name>[a-z]{3,9})\.?[,\s\-]+(?P<year>\d{4}|\d{2})"
    + _TIME,
    re.IGNORECASE,
)  # fmt: skip
_MONTH_DAY = re.compile(
    _WEEKDAY + r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+)(?P<year>\d{4})" + _TIME,
    re.IGNORECASE,
)
# Tue Mar 03 12:00:00 +0800 2026, as some programs log it.
_LOGGED = re.compile(
    _WEEKDAY + r"(?P<name>[a-z]{3})\s+(?P<day>\d{1,2})\s+(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)"
    r"\s*(?P<zone>[+-]\d{4}|UTC|GMT|CST)?\s+(?P<year>\d{4})",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?Z?)?"
)
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# Day 1 of the spreadsheet calendar is 1900-01-01, and it believes in a 29 February 1900.
_SERIAL_ZERO = datetime(1899, 12, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrder:
    """How a column writes day and month; `ambiguous` where no value says so and `order` is a mere habit."""

    order: DayOrder = "mdy"
    ambiguous: bool = False


def date_order(values: Iterable[str]) -> DateOrder:
    """Return whether the day comes first in a column: a number above 12 cannot be a month.

    Where all fit both ways, a column with full stops (3.4.2026) is read day first, any other month first, and it is
    called ambiguous.
    """
    day_first = month_first = dotted = seen = 0
    for value in values:
        match = _NUMBERS.fullmatch(_plain(value))
        if match is None:
            continue
        first, second = int(match["first"]), int(match["second_part"])
        seen += first != second
        day_first += first > 12 >= second
        month_first += second > 12 >= first
        dotted += "." in value
    if day_first or month_first:
        return DateOrder(order="dmy" if day_first > month_first else "mdy")
    return DateOrder(order="dmy" if dotted else "mdy", ambiguous=seen > 0)


@lru_cache(maxsize=16_384)
def parse_date(value: str, *, order: DayOrder = "mdy", numbers: bool = False) -> str | None:
    """Return the date or time as ISO 8601 (`2026-03-01`, `2026-03-01T09:12:00`, with `+08:00` where written), or None.

    `numbers` also reads bare numbers: 20260301, Unix seconds or milliseconds, spreadsheet day numbers. Ask for it
    only in a column that says it holds dates.
    """
    text = _plain(value)
    if not text or len(text) > 80:
        return None
    if match := _YMD.fullmatch(text):
        return _iso(match, year=int(match["year"]), month=int(match["month"]), day=int(match["day"]))
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match["first"]), int(match["second_part"])
        day, month = (first, second) if order == "dmy" else (second, first)
        if month > 12:
            day, month = month, day
        return _iso(match, year=_full_year(match["year"]), month=month, day=day)
    for pattern in (_DAY_MONTH, _MONTH_DAY, _LOGGED):
        match = pattern.fullmatch(text)
        if match and match["name"].lower() in _MONTHS:
            month = _MONTHS[match["name"].lower()]
            return _iso(match, year=_full_year(match["year"]), month=month, day=int(match["day"]))
    return _from_number(text) if numbers else None


def _plain(value: str) -> str:
    return (value if value.isascii() else unicodedata.normalize("NFKC", value)).strip().strip("'\"")


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _iso(match: re.Match[str], *, year: int, month: int, day: int) -> str | None:
    groups = match.groupdict()
    if year not in YEARS:
        return None
    try:
        if groups.get("hour") is None:
            return date(year, month, day).isoformat()
        hour = int(groups["hour"])
        half = (groups.get("half") or groups.get("half2") or "").lower().replace(".", "")
        if (half in ("pm", "下午", "晚上") and hour < 12) or (half == "中午" and hour < 3):
            hour += 12
        elif half in ("am", "凌晨", "上午") and hour == 12:
            hour = 0
        moment = datetime(year, month, day, hour, int(groups["minute"] or 0), int(groups["second"] or 0))
    except ValueError:
        return None
    return moment.isoformat() + _zone(groups.get("zone"))


def _zone(text: str | None) -> str:
    if text is None:
        return ""
    if offset := _ZONE.search(text):
        return f"{offset[1]}{offset[2]}:{offset[3]}"
    # Letters such as CST mean different offsets in different countries: only the unmistakable ones are kept.
    return "+00:00" if text.upper() in ("Z", "UTC", "GMT") else ""


def _from_number(text: str) -> str | None:
    if match := _COMPACT.fullmatch(text):
        return _iso(match, year=int(match["year"]), month=int(match["month"]), day=int(match["day"]))
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text.split(".")[0]) == 13 else 1)
        moment = datetime.fromtimestamp(seconds, tz=UTC)
        return moment.replace(microsecond=0).isoformat() if moment.year in YEARS else None
    if _SERIAL.fullmatch(text):
        moment = _SERIAL_ZERO + timedelta(days=float(text))
        if moment.year not in YEARS:
            return None
        whole = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
        return whole.date().isoformat() if "." not in text else whole.isoformat()
    return None
