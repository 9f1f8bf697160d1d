import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intervals import adjusted, two_shares, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Brown, Cai and DasGupta's formula worked out by hand: few, none, all, many.
    [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (300, 1000, 0.2724, 0.3291)],
)
def test_wilson(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=2e-4)


def test_wilson_knows_nothing_of_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="6 of 5"):
        wilson(6, 5)


@given(whole=st.integers(1, 5000), data=st.data())
def test_wilson_holds_the_share_it_is_of(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    assert high - low > 0


def test_two_shares_differ_or_not() -> None:
    assert two_shares(30, 100, other_part=60, other_whole=100) < 0.001
    assert two_shares(30, 100, other_part=31, other_whole=100) == pytest.approx(1.0)
    assert two_shares(5, 50, other_part=0, other_whole=50) > 0.05, "five against none is no proof"
    assert two_shares(0, 0, other_part=3, other_whole=50) == 1.0
    assert two_shares(0, 20, other_part=0, other_whole=50) == 1.0


def test_many_tests_make_one_chance_find_no_news() -> None:
    assert adjusted([0.01]).tolist() == [0.01]
    assert adjusted([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.04, 0.04, 0.04, 0.04])
    assert adjusted([0.9, 0.001]) == pytest.approx([0.9, 0.002])
    assert adjusted([]).tolist() == []
    drawn = np.random.default_rng(1).random((200, 20))
    assert np.mean([(adjusted(row.tolist()) <= 0.05).any() for row in drawn]) < 0.1
