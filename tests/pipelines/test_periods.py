from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.periods import LEAST_UNITS, Days, chosen, pairs, preceded

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


def days(first: str, last: str) -> Days:
    return Days(first=date.fromisoformat(first), last=date.fromisoformat(last))


def test_a_year_of_data_offers_months_and_quarters() -> None:
    found = pairs(date(2025, 1, 1), date(2026, 3, 20))
    assert (found["days30"].before, found["days30"].after) == (
        days("2026-01-20", "2026-02-18"),
        days("2026-02-19", "2026-03-20"),
    )
    assert (found["month"].before, found["month"].after) == (
        days("2026-01-01", "2026-01-31"),
        days("2026-02-01", "2026-02-28"),
    )
    assert (found["quarter"].before, found["quarter"].after) == (
        days("2025-07-01", "2025-09-30"),
        days("2025-10-01", "2025-12-31"),
    )
    assert "days365" not in found


def test_a_month_that_ends_with_the_data_is_whole() -> None:
    assert pairs(date(2026, 1, 1), date(2026, 3, 31))["month"].after == days("2026-03-01", "2026-03-31")
    assert pairs(date(2025, 1, 1), date(2025, 12, 31))["quarter"].after == days("2025-10-01", "2025-12-31")


@given(first=DAYS, length=st.integers(0, 900))
def test_periods_are_of_the_data_and_side_by_side(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = pairs(first, last)
    assert bool(found) == (length > 0)
    for pair in found.values():
        assert first <= pair.before.first <= pair.before.last < pair.after.first <= pair.after.last <= last
        assert pair.before.last + timedelta(days=1) == pair.after.first
        assert abs(pair.before.length - pair.after.length) <= 4


def test_the_period_before_is_as_long() -> None:
    assert preceded(days("2026-03-01", "2026-03-10")).before == days("2026-02-19", "2026-02-28")


@pytest.mark.parametrize(
    ("a_day", "name"), [(10, "days30"), (2, "days91"), (LEAST_UNITS / 365, "days365"), (0.01, "halves")]
)
def test_the_shortest_periods_that_say_enough_are_chosen(a_day: float, name: str) -> None:
    first, length = date(2024, 1, 1), 760
    units, told = [], 0.0
    for at in range(length):
        told += a_day
        units.append((first + timedelta(days=at), int(told)))
        told -= int(told)
    assert chosen(pairs(first, first + timedelta(days=length - 1)), units) == name


def test_one_day_can_not_be_compared() -> None:
    assert chosen(pairs(date(2026, 1, 1), date(2026, 1, 1)), [(date(2026, 1, 1), 500)]) is None
