"""How counts move over time: calendar buckets, and what is rising beyond chance."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipelines.control_limits import ALPHA, MINIMUM_PERIODS

Period = Literal["day", "week", "month"]

# About six weeks of days, then weeks up to some thirteen months, then months: 12 to 60 points either way.
LONGEST_IN_DAYS = 45
LONGEST_IN_WEEKS = 400
# A rise is looked for in the last two, four and eight periods: short enough to be news, long enough for small themes.
WINDOWS = (2, 4, 8)
# The later half of a window must run at half the whole window's rate or more: else the rise is over.
STILL_RISING = 0.5
# Three mentions can be one angry customer's; a rise must at least be half again what was expected to be worth a word.
MINIMUM_RECENT = 5
MINIMUM_RATIO = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One period: its first day (ISO 8601), how many dates fell in it, and whether the data covers it whole."""

    start: str
    count: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """All periods from the first date to the last, empty ones included; `undated` counts dates that are missing."""

    period: Period
    items: tuple[Bucket, ...]
    undated: int = 0

    @property
    def complete(self) -> tuple[Bucket, ...]:
        """Return the periods that the data covers whole: half a week is no fall."""
        return tuple(item for item in self.items if item.complete)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A rise of the latest periods over all earlier ones: `recent` came where `expected` would have."""

    recent: int
    expected: float
    ratio: float
    periods: int
    p_value: float


def choose_period(first: date, last: date) -> Period:
    """Return the period in which a span of dates is best looked at."""
    days = (last - first).days + 1
    if days <= LONGEST_IN_DAYS:
        return "day"
    return "week" if days <= LONGEST_IN_WEEKS else "month"


def period_start(day: date, period: Period) -> date:
    """Return the first day of the period that a day is in; weeks start on Monday (ISO 8601)."""
    match period:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def next_start(start: date, period: Period) -> date:
    """Return the first day of the following period."""
    match period:
        case "day":
            return start + timedelta(days=1)
        case "week":
            return start + timedelta(days=7)
        case "month":
            return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


def bucket(
    dates: Iterable[str | None],
    *,
    period: Period | None = None,
    first: str | None = None,
    last: str | None = None,
) -> Buckets:
    """Count ISO 8601 dates (with or without time) per day, week or month, chosen from the span unless given.

    `first` and `last` widen the span, so that a theme's series can have the same buckets as all verbatims. A date
    counts on the day as written; its zone is not converted. Missing or unreadable dates are counted as undated.
    """
    days: Counter[date] = Counter()
    undated = 0
    for text in dates:
        day = _day(text)
        if day is None:
            undated += 1
        else:
            days[day] += 1
    span = [day for day in (*days, _day(first), _day(last)) if day is not None]
    if not span:
        return Buckets(period=period or "day", items=(), undated=undated)
    begin, end = min(span), max(span)
    period = period or choose_period(begin, end)
    counts: Counter[date] = Counter()
    for day, count in days.items():
        counts[period_start(day, period)] += count
    items = []
    start = period_start(begin, period)
    while start <= end:
        following = next_start(start, period)
        complete = start >= begin and following - timedelta(days=1) <= end
        items.append(Bucket(start=start.isoformat(), count=counts[start], complete=complete))
        start = following
    return Buckets(period=period, items=tuple(items), undated=undated)


def rising(counts: Sequence[int], totals: Sequence[int] | None = None) -> Rise | None:
    """Return the rise of the latest periods over the earlier ones, or None where there is none beyond chance.

    Pass complete periods only, and `totals` (all verbatims per period) so that a busy month is no rise of everything.
    Each of WINDOWS that leaves MINIMUM_PERIODS earlier periods is tried, and the chance of a false alarm is shared
    between them (Bonferroni). Test: given both counts together, the recent one is binomial under an equal rate
    (Przyborowski and Wilenski, Biometrika 31, 1940), exact with few mentions and short histories; where the earlier
    counts jump about more than chance would, the evidence is divided by their dispersion (McCullagh and Nelder,
    Generalized Linear Models, 1989, 4.5).
    """
    sizes = list(totals) if totals is not None else [1] * len(counts)
    if len(sizes) != len(counts):
        raise ValueError(f"{len(counts)} counts but {len(sizes)} totals: one of each per period is needed")
    windows = [window for window in WINDOWS if len(counts) - window >= MINIMUM_PERIODS]
    rises = [rise for window in windows if (rise := _rise(counts, sizes, window=window, windows=len(windows)))]
    return min(rises, key=lambda rise: rise.p_value, default=None)


def _rise(counts: Sequence[int], sizes: Sequence[int], *, window: int, windows: int) -> Rise | None:
    before, now = list(counts[:-window]), sum(counts[-window:])
    size_before, size_now = sum(sizes[:-window]), sum(sizes[-window:])
    if now < MINIMUM_RECENT or size_now == 0 or size_before == 0:
        return None
    late, size_late = sum(counts[-(window // 2) :]), sum(sizes[-(window // 2) :])
    if late * size_now < STILL_RISING * now * size_late:
        return None
    # Half a mention keeps the ratio finite where a theme is new.
    expected = max(sum(before), 0.5) * size_now / size_before
    ratio = now / expected
    if ratio < MINIMUM_RATIO:
        return None
    p_value = _rate_test(now, sum(before), size_now / (size_now + size_before))
    p_value = windows * _less_certain(p_value, dispersion=_dispersion(before, sizes[:-window]))
    if p_value > ALPHA:
        return None
    return Rise(recent=now, expected=expected, ratio=ratio, periods=window, p_value=p_value)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _rate_test(now: int, before: int, share: float) -> float:
    """Return the chance of `now` or more of all mentions falling into the recent share of the exposure."""
    from scipy.special import betainc

    # P(X >= k) of a binomial is the regularised incomplete beta function I_p(k, n - k + 1); k > 0 here.
    return float(betainc(now, before + 1, share))


def _dispersion(counts: Sequence[int], sizes: Sequence[int]) -> float:
    """Return Pearson's chi-square over its degrees of freedom, at least 1."""
    rate = sum(counts) / max(sum(sizes), 1)
    pairs = [(count, rate * size) for count, size in zip(counts, sizes, strict=True) if rate * size > 0]
    if len(pairs) < 2:
        return 1.0
    return max(1.0, math.fsum((count - mean) ** 2 / mean for count, mean in pairs) / (len(pairs) - 1))


def _less_certain(p_value: float, *, dispersion: float) -> float:
    from scipy.special import ndtr, ndtri

    # ndtri(0) is minus infinity, and stays so.
    return float(ndtr(ndtri(p_value) / math.sqrt(dispersion)))
