import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import ScaleName, Score
from pipelines.scores import ces, csat, nps, stars, summarise, summarise_by


def test_nps_is_promoters_minus_detractors() -> None:
    result = nps([10, 9, 8, 7, 6, 0, 10, 10])
    assert (result.promoters, result.passives, result.detractors, result.n) == (4, 2, 2, 8)
    assert result.value == 25


def test_nps_interval_is_the_adjusted_wald_one() -> None:
    # Worked by hand: 50 promoters, 30 passives, 20 detractors → (50.75 - 20.75) / 103 = 0.29126,
    # variance 71.5 / 103 - 0.29126² = 0.60934, margin 1.95996 × sqrt(0.60934 / 103) = 0.15075.
    result = nps([10] * 50 + [8] * 30 + [3] * 20)
    assert result.value == 30
    assert result.margin == pytest.approx(15.075, abs=0.001)
    assert result.low == pytest.approx(14.05, abs=0.01)
    assert result.high == pytest.approx(44.20, abs=0.01)


def test_there_is_no_score_of_no_answers() -> None:
    assert nps([]) is None
    assert csat([], 1, 5) is None
    assert ces([]) is None
    assert stars([]) is None
    assert summarise([]).parts == ()


@given(st.lists(st.integers(0, 10), min_size=1, max_size=50))
def test_nps_lies_inside_its_interval_and_its_bounds(values: list[Any]) -> None:
    result = nps(values)
    assert -100 <= result.low <= result.value <= result.high <= 100
    assert result.promoters + result.passives + result.detractors == result.n


@pytest.mark.parametrize(
    ("low", "high", "values", "satisfied"),
    [
        (1, 5, [3, 4, 5], 2),
        (1, 7, [5, 6, 7], 2),
        (10, 50, [30, 40, 50], 2),
        (1, 10, [8, 9, 10], 2),
        (0, 100, [74, 75], 1),
        (1, 2, [1, 2], 1),
        (1, 3, [1, 2, 3], 1),
        (0, 1, [0, 0.5, 0.8, 1], 2),
    ],
)
def test_csat_counts_the_two_top_points(low: float, high: float, values: list[Any], satisfied: int) -> None:
    result = csat(values, low, high)
    assert result.satisfied == satisfied
    assert result.value == pytest.approx(100 * satisfied / len(values))


def test_csat_interval_is_wilsons() -> None:
    # 8 of 10: the textbook interval is 0.490 to 0.943.
    result = csat([5] * 8 + [1] * 2, 1, 5)
    assert result.low == pytest.approx(49.02, abs=0.01)
    assert result.high == pytest.approx(94.33, abs=0.01)


def test_the_mean_has_students_interval_within_the_scale() -> None:
    result = ces([4, 5, 6, 7])
    # mean 5.5, s = 1.29099, t(3) = 3.18245: half width 2.0543, cut at 7.
    assert result.value == 5.5
    assert result.low == pytest.approx(3.4457, abs=0.0001)
    assert result.high == 7
    assert (stars([4]).low, stars([4]).high) == (None, None)


def score(value: Any, scale: ScaleName = "nps", low: float = 0, high: float = 10) -> Score:
    return Score(value=value, scale=scale, low=low, high=high)


def test_scales_are_never_mixed() -> None:
    summary = summarise(
        [score(10), score(9), score(5, "stars", 1, 5), score(40, "stars", 10, 50), score(4, "csat", 1, 5)]
    )
    assert [(p.scale, p.scale_high, p.result.n) for p in summary.parts] == [
        ("nps", 10, 2),
        ("csat", 5, 1),
        ("stars", 5, 1),
        ("stars", 50, 1),
    ]
    assert summary.of("nps").result.value == 100
    assert summary.of("ces") is None


def test_scores_off_their_scale_are_counted_not_used() -> None:
    summary = summarise([score(11), score(math.nan), score(-1), score(0)])
    assert summary.off_scale == 3
    assert summary.parts[0].result.n == 1


def test_each_group_has_its_own_summary() -> None:
    found = summarise_by([("门店", score(10)), ("app", score(0)), ("门店", score(9))])
    assert {group: summary.of("nps").result.value for group, summary in found.items()} == {"门店": 100, "app": -100}
