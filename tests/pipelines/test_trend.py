import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.trend import bucket, rising


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        ("2026-04-01", "2026-04-30", "day"),
        ("2026-04-01", "2026-09-30", "week"),
        ("2024-01-01", "2026-09-30", "month"),
    ],
)
def test_the_period_follows_from_the_span(first: str, last: str, period: str) -> None:
    assert bucket([first, last]).period == period


def test_empty_periods_are_there_and_edges_are_marked() -> None:
    found = bucket(["2026-04-01T23:59:00+08:00", "2026-04-20", None, "bald"], period="week")
    assert [(item.start, item.count, item.complete) for item in found.items] == [
        ("2026-03-30", 1, False),
        ("2026-04-06", 0, True),
        ("2026-04-13", 0, True),
        ("2026-04-20", 1, False),
    ]
    assert found.undated == 2


def test_months_follow_the_calendar() -> None:
    found = bucket(["2025-12-01", "2026-02-28"], period="month")
    assert [(item.start, item.complete) for item in found.items] == [
        ("2025-12-01", True),
        ("2026-01-01", True),
        ("2026-02-01", True),
    ]


def test_the_span_can_be_widened_and_nothing_gives_nothing() -> None:
    assert len(bucket(["2026-04-03"], period="day", first="2026-04-01", last="2026-04-05").items) == 5
    assert bucket([]).items == ()


@given(st.lists(st.dates(datetime.date(2020, 1, 1), datetime.date(2027, 1, 1)), min_size=1, max_size=60))
def test_every_date_is_in_one_bucket(days: list[datetime.date]) -> None:
    found = bucket([day.isoformat() for day in days])
    assert sum(item.count for item in found.items) == len(days)
    starts = [item.start for item in found.items]
    assert starts == sorted(set(starts))


def test_a_rise_is_found_and_a_steady_theme_is_none() -> None:
    steady = [4, 5, 3, 4, 6, 4, 5, 3, 4, 5]
    rise = rising([*steady, 9, 12, 14, 11])
    assert (rise.recent, rise.periods) == (46, 4)
    assert rise.expected == pytest.approx(17.2)
    assert rise.ratio == pytest.approx(46 / 17.2)
    assert rising([*steady, 4, 5, 4, 5]) is None


def test_a_rise_of_everything_is_no_rise_of_the_theme() -> None:
    counts = [4] * 10 + [12] * 4
    assert rising(counts) is not None
    assert rising(counts, [40] * 10 + [120] * 4) is None


def test_few_periods_few_mentions_and_wild_histories_are_no_rise() -> None:
    assert rising([1, 1, 1, 1, 1, 9, 9, 9, 9]) is None
    assert rising([0] * 10 + [1, 1, 1, 1]) is None
    assert rising([0, 20, 0, 0, 22, 0, 0, 0, 19, 0, 12, 8, 10, 12]) is None


def test_a_new_theme_rises_from_nothing() -> None:
    assert rising([0] * 12 + [3, 4, 6, 5]).ratio > 10


def test_chance_alone_seldom_looks_like_a_rise() -> None:
    rng = random.Random(11)
    alarms = sum(
        rising([sum(rng.random() < 0.1 for _ in range(40)) for _ in range(26)]) is not None for _ in range(400)
    )
    assert alarms <= 3


def test_a_rise_that_is_over_is_no_rise() -> None:
    assert rising([1] * 18 + [4, 7, 9, 10, 2, 3, 1, 1]) is None
    assert rising([1] * 18 + [2, 3, 4, 7, 8, 9, 9, 10]) is not None


def test_half_a_week_is_not_complete() -> None:
    found = bucket(["2026-04-01", "2026-04-20"], period="week")
    assert [item.start for item in found.complete] == ["2026-04-06", "2026-04-13"]
