import pytest

from pipelines.gain import FEWEST_RIGHT, FEWEST_SAMPLED, JudgedLabels, gain
from pipelines.records import Label


def judged(
    *, mended: int = 0, wrong: int = 0, spoilt: int = 0, right: int = 0, sampled: bool = False
) -> list[JudgedLabels]:
    """`wrong` and `right` are those that the re-fit leaves as they are."""

    def rows(count: int, person: Label, model: Label, refitted: Label) -> list[JudgedLabels]:
        return [JudgedLabels(person=person, model=model, refitted=refitted, sampled=sampled)] * count

    return [
        *rows(mended, "negative", "neutral", "negative"),
        *rows(wrong, "negative", "neutral", "neutral"),
        *rows(spoilt, "positive", "positive", "neutral"),
        *rows(right, "positive", "positive", "positive"),
    ]


def test_a_random_sample_gives_the_plain_difference() -> None:
    found = gain(judged(mended=10, wrong=10, spoilt=4, right=76, sampled=True), confidence=0.5)
    assert (found.judged, found.right, found.wrong, found.mended, found.spoilt) == (100, 80, 20, 10, 4)
    assert (found.accuracy, found.measured_on) == (0.8, "sample")
    assert found.value == pytest.approx(0.06)
    assert found.low < 0.06 < found.high


def test_errors_that_were_come_across_do_not_count_double() -> None:
    # 40 errors beside 40 right ones, though the model is right nine times in ten: what it mends is weighed down.
    found = gain(judged(mended=20, wrong=20, spoilt=2, right=38), confidence=0.9)
    assert found.measured_on == "confidence"
    assert found.value == pytest.approx(0.1 * 0.5 - 0.9 * 0.05)


def test_a_clear_gain_is_better_and_a_faint_one_perhaps() -> None:
    assert gain(judged(mended=30, wrong=10, spoilt=0, right=60, sampled=True), confidence=0.6).verdict == "better"
    assert gain(judged(mended=3, wrong=37, spoilt=1, right=59, sampled=True), confidence=0.6).verdict == "perhaps"


@pytest.mark.parametrize("spoilt", [6, 30])
def test_no_gain_or_a_loss_is_not_better(spoilt: int) -> None:
    found = gain(judged(mended=6, wrong=14, spoilt=spoilt, right=80 - spoilt, sampled=True), confidence=0.8)
    assert found.verdict == "not_better"
    assert found.value <= 0


def test_errors_alone_tell_nothing_of_what_is_spoilt() -> None:
    errors = judged(mended=40, wrong=10)
    assert gain(errors, confidence=0.8).verdict == "unknown"
    assert gain([*errors, *judged(right=FEWEST_RIGHT - 1)], confidence=0.8).verdict == "unknown"
    assert gain([*errors, *judged(right=FEWEST_RIGHT)], confidence=0.8).verdict != "unknown"


def test_a_model_without_errors_has_nothing_to_gain() -> None:
    found = gain(judged(right=60, sampled=True), confidence=0.9)
    assert (found.value, found.verdict) == (0, "not_better")


def test_only_drawn_texts_measure_how_often_the_model_is_right() -> None:
    come_across = judged(mended=10, wrong=40, right=20)
    few = [*come_across, *judged(right=FEWEST_SAMPLED - 1, sampled=True)]
    enough = [*come_across, *judged(right=FEWEST_SAMPLED - 3, wrong=3, sampled=True)]
    assert gain(few, confidence=0.77).accuracy == 0.77
    assert gain(enough, confidence=0.77).accuracy == 0.9
