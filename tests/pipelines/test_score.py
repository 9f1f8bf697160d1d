from collections.abc import Sequence

import numpy as np
import pytest

from pipelines.records import Matrix, OpinionUnit
from pipelines.score import SURE_ENOUGH, label_of, score


class WordModel:
    """Sure of 好 and 慢, unsure of all else; remembers what it was asked."""

    name = "words"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def predict(self, texts: Sequence[str]) -> Matrix:
        self.asked += texts
        known = {"好": (0.05, 0.05, 0.9), "慢": (0.8, 0.1, 0.1)}
        rows = [next((row for word, row in known.items() if word in text), (0.31, 0.3, 0.39)) for text in texts]
        return np.array(rows, dtype=np.float32)


def unit(number: int, text: str) -> OpinionUnit:
    return OpinionUnit(id=f"u{number}", verbatim_id="v", start=0, end=len(text), text=text, language="zh", shadow=text)


def test_each_text_is_asked_once_and_every_unit_gets_its_own() -> None:
    model = WordModel()
    units = [unit(n, text) for n, text in enumerate(["客服好", "物流慢", "客服好", "三月买的"])]
    found = score(units, model)
    assert sorted(model.asked) == sorted({"客服好", "物流慢", "三月买的"})
    assert [one.unit_id for one in found] == ["u0", "u1", "u2", "u3"]
    assert [one.label for one in found] == ["positive", "negative", "positive", "neutral"]
    assert found[0].confidence == pytest.approx(0.9, abs=1e-4)
    assert found[3].confidence == pytest.approx(0.3, abs=1e-4)


def test_no_units_no_sentiment() -> None:
    assert score([], WordModel()) == ()


@pytest.mark.parametrize(
    ("probabilities", "label"),
    [
        ((SURE_ENOUGH + 0.01, 0.3, 0.24), "negative"),
        ((0.3, 0.26, SURE_ENOUGH - 0.01), "neutral"),
        ((0.2, 0.6, 0.2), "neutral"),
        ((0.34, 0.33, 0.33), "neutral"),
    ],
)
def test_an_end_that_is_hardly_likelier_than_the_rest_is_no_label(
    probabilities: tuple[float, float, float], label: str
) -> None:
    assert label_of(np.array(probabilities, dtype=np.float32)) == label
