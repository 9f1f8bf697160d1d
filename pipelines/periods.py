"""Two periods to compare, chosen from the data's own days: never from the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PairName = Literal["days7", "days30", "days91", "days365", "month", "quarter", "halves"]
ROLLING: dict[PairName, int] = {"days7": 7, "days30": 30, "days91": 91, "days365": 365}
CALENDAR: dict[PairName, int] = {"month": 1, "quarter": 3}
CHOSEN: tuple[PairName, ...] = ("days30", "days91", "days365")
LEAST_UNITS = 100
"""Opinion units each period needs to be chosen unasked: below that a share is uncertain by more than ±10 points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A period by its first and last day, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """Days in it."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A period and the one it is compared with."""

    before: Days
    after: Days


def pairs(first: date, last: date) -> dict[PairName, Pair]:
    """Return the pairs of periods that data from the first to the last day covers whole, by name.

    `days…`: the latest so many days and as many before them; `month`, `quarter`: the latest whole one and the one
    before; `halves`: the first and the second half of all days. Data of one day has none.
    """
    found: dict[PairName, Pair] = {}
    for name, length in ROLLING.items():
        found[name] = preceded(Days(first=last - timedelta(days=length - 1), last=last))
    for name, months in CALENDAR.items():
        end = _first_of_month(last + timedelta(days=1), months=months)
        middle, start = _months_back(end, months), _months_back(end, 2 * months)
        day = timedelta(days=1)
        found[name] = Pair(before=Days(first=start, last=middle - day), after=Days(first=middle, last=end - day))
    covered = {name: pair for name, pair in found.items() if pair.before.first >= first}
    half = ((last - first).days + 1) // 2
    if half:
        covered["halves"] = preceded(Days(first=last - timedelta(days=half - 1), last=last))
    return covered


def preceded(after: Days) -> Pair:
    """Return a period with the one of the same length that ends the day before it."""
    end = after.first - timedelta(days=1)
    return Pair(before=Days(first=end - timedelta(days=after.length - 1), last=end), after=after)


def chosen(known: dict[PairName, Pair], days: Sequence[tuple[date, int]]) -> PairName | None:
    """Return the pair to look at unasked, given the units of each day: the shortest in which both periods say enough.

    The halves of all days where none does, None where there is no pair.
    """

    def units(period: Days) -> int:
        return sum(count for day, count in days if period.first <= day <= period.last)

    for name in CHOSEN:
        if name in known and min(units(known[name].before), units(known[name].after)) >= LEAST_UNITS:
            return name
    return "halves" if "halves" in known else None


def _first_of_month(day: date, *, months: int) -> date:
    """Return the first day of the month, or of the quarter, that a day is in."""
    return date(day.year, day.month - (day.month - 1) % months, 1)


def _months_back(start: date, months: int) -> date:
    month = start.year * 12 + start.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)
