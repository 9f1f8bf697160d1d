import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import Score
from pipelines.scales import Reading, is_choice_word, read_score, read_values


def _scores(values: list[str], name: str) -> list[float | None]:
    reading = read_values(values, name=name)
    assert reading is not None
    return [score.value if (score := read_score(value, reading)) else None for value in values]


@pytest.mark.parametrize(
    ("values", "name", "scale", "low", "high", "numbers"),
    [
        (["1", "5", "3"], "star", "stars", 1, 5, [1, 5, 3]),
        (["10", "50", "35"], "star", "stars", 10, 50, [10, 50, 35]),
        (["0", "10", "7"], "NPS分值", "nps", 0, 10, [0, 10, 7]),
        (["9", "10", "7"], "您有多大可能推荐我们", "nps", 0, 10, [9, 10, 7]),
        (["80", "100", "61"], "score", "stars", 0, 100, [80, 100, 61]),
        (["4/5", "5/5"], "rating", "stars", 1, 5, [4, 5]),
        (["4星", "五星", "3 stars"], "星级", "stars", 1, 5, [4, 5, 3]),
        (["★★★★☆", "★☆☆☆☆", "★★★★★"], "评分", "stars", 1, 5, [4, 1, 5]),
        (["非常满意", "一般", "不满意"], "总体评价", "csat", 1, 5, [5, 3, 2]),
        (["Very satisfied", "Neutral", "Very dissatisfied"], "Overall", "csat", 1, 5, [5, 3, 1]),
        (["5 - Very satisfied", "1 - Very dissatisfied"], "How satisfied are you?", "csat", 1, 5, [5, 1]),
        (["非常容易", "困难"], "办理是否轻松", "ces", 1, 5, [5, 2]),
        (["7", "2", "6"], "Effort score (CES)", "ces", 1, 7, [7, 2, 6]),
        (["好评", "差评", "中评"], "评价", "csat", 1, 3, [3, 1, 2]),
        (["４", "５"], "评分", "stars", 1, 5, [4, 5]),
        (["4.5", "3.0"], "rating", "stars", 1, 5, [4.5, 3]),
        (["非常滿意", "一般", "不滿意"], "總體評價", "csat", 1, 5, [5, 3, 2]),
        (["star5", "star1", "star3"], "评价星级", "stars", 1, 5, [5, 1, 3]),
        (["力荐", "还行", "很差"], "评分", "stars", 1, 5, [5, 3, 1]),
        (["Good", "Bad", "Offered", "Unoffered"], "Satisfaction Score", "csat", 1, 2, [2, 1, None, None]),
        (["9", "(跳过)", "(跳过)", "3"], "您有多大可能推荐我们", "nps", 0, 10, [9, None, None, 3]),
        ([*["4", "5"] * 6, "54"], "评分", "stars", 1, 5, [*[4, 5] * 6, None]),
        (["0.8", "1", "0.35"], "满意度", "csat", 0, 1, [0.8, 1, 0.35]),
    ],
)
def test_scales_are_read_with_their_ends(
    values: list[str], name: str, scale: str, low: float, high: float, numbers: list[float | None]
) -> None:
    reading = read_values(values, name=name)
    assert reading is not None
    assert (reading.scale, reading.low, reading.high) == (scale, low, high)
    assert _scores(values, name) == numbers


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["物流太慢", "客服不错"], "评价"),
        (["3988", "5999"], "价格"),
        (["-1", "2"], "score"),
        (["0.5", "0.47"], "weighted_vote_score"),
        ([], "score"),
        (["", " "], "score"),
        (["同意", "不同意"], "态度"),
    ],
)
def test_what_is_no_scale_has_no_reading(values: list[str], name: str) -> None:
    assert read_values(values, name=name) is None


def test_one_slipped_row_does_not_decide_the_scale() -> None:
    reading = read_values([*["5", "4"] * 100, "3988"], name="得分")
    assert reading is not None
    assert (reading.low, reading.high) == (1, 5)
    assert read_score("3988", reading) is None


def test_a_score_keeps_its_scale_as_asked() -> None:
    reading = Reading(scale="stars", low=10, high=50)
    assert read_score("40", reading) == Score(value=40.0, scale="stars", low=10, high=50)
    assert read_score("0", reading) is None
    assert read_score("", reading) is None


def test_words_that_people_pick() -> None:
    assert is_choice_word("Strongly agree")
    assert is_choice_word("非常同意")
    assert not is_choice_word("物流太慢")


@given(st.lists(st.text(max_size=12), max_size=12), st.text(max_size=10))
def test_any_values_are_read_without_error(values: list[str], name: str) -> None:
    reading = read_values(values, name=name)
    if reading is not None:
        for value in values:
            score = read_score(value, reading)
            assert score is None or reading.low <= score.value <= reading.high
