"""How numbers, dates and scores are written, the same on every page, in the report and in both languages."""

from datetime import datetime

from app.locale import UiLanguage
from pipelines.intervals import wilson

MINUS = "−"


def number(value: float) -> str:
    """Return a count with thousands separated."""
    return f"{value:,.0f}".replace("-", MINUS)


def percent(share: float) -> str:
    """Return a share of 1 as a percentage: one decimal below ten, so that small themes differ."""
    value = 100 * share
    if 0 < value < 0.1:
        return "<0.1%"
    return f"{value:.1f}%" if value < 9.95 and value != 0 else f"{value:.0f}%"


def share_range(part: float, whole: float) -> str:
    """Return the 95 % interval of a share in percent (Wilson): one decimal where it ends below ten."""
    low, high = wilson(part, whole)
    digits = 1 if high < 0.0995 else 0
    return f"{100 * low:.{digits}f}–{100 * high:.{digits}f}%"


def signed(value: float, digits: int = 1) -> str:
    """Return a difference with its sign, a true minus included; a difference that rounds to nothing has none."""
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text.replace("-", MINUS)


def plain(value: float, digits: int = 1) -> str:
    """Return a number with at most these decimals, a true minus included."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", MINUS)


def day(moment: str | None) -> str:
    """Return the day of an ISO 8601 moment."""
    return (moment or "")[:10]


def minute(moment: str | None) -> str:
    """Return an ISO 8601 moment to the minute, as stored (UTC)."""
    return (moment or "")[:16].replace("T", " ")


def timecode(seconds: float | None) -> str:
    """Return seconds as h:mm:ss, as players show it."""
    whole = int(seconds or 0)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def score(value: float, scale: str, high: float) -> str:
    """Return a score with its scale: stars as stars on 1 to 5, anything else as value of highest."""
    if scale == "stars" and high == 5 and value == int(value):
        return "★" * int(value) + "☆" * (5 - int(value))
    name = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "stars": "★"}.get(scale, scale)
    return f"{name} {value:g}" if scale == "nps" else f"{name} {value:g}/{high:g}"


def seconds(value: float, *, language: UiLanguage) -> str:
    """Return a duration as people say it: 0.4 s, 12 s, 3 min 5 s."""
    s, minutes = ("秒", "分") if language == "zh" else (" s", " min ")
    if value < 0.05:
        return f"<0.1{s}"
    if value < 9.95:
        return f"{value:.1f}{s}"
    whole = round(value)
    return f"{whole}{s}" if whole < 60 else f"{whole // 60}{minutes}{whole % 60}{s}"


def encoding(name: str) -> str:
    """Return an encoding as people know it: UTF-8, GB18030, Big5."""
    return {"utf-8-sig": "UTF-8", "big5": "Big5", "big5hkscs": "Big5-HKSCS"}.get(name.lower(), name.upper())


def duration(begin: str | None, end: str | None) -> float | None:
    """Return the seconds between two ISO 8601 moments, None where one is missing."""
    if not begin or not end:
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()
