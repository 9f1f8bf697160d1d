import random
from collections.abc import Sequence

import numpy as np

from pipelines import distinct
from pipelines.distinct import once_each
from pipelines.records import Matrix, OpinionUnit
from pipelines.spread import in_turn


def unit(text: str) -> OpinionUnit:
    return OpinionUnit(id=text, verbatim_id=text, start=0, end=len(text), text=text, language="en", shadow=text)


class Neighbourly:
    """A model whose numbers depend on the texts that stand beside one."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def compute(self, texts: Sequence[str]) -> Matrix:
        self.asked.append(tuple(texts))
        return np.array([[len(text), sum(map(len, texts)) / 7] for text in texts], dtype=np.float32)


def computed(texts: Sequence[str]) -> tuple[dict[str, list[float]], list[tuple[str, ...]]]:
    model = Neighbourly()
    table = once_each([unit(text) for text in texts], model.compute, width=2, stage="embed", spread=in_turn)(
        lambda stage, done, total: None
    )
    assert table.shape == (len(texts), 2)
    return dict(zip(texts, table.tolist(), strict=True)), model.asked


def test_each_text_is_computed_once_and_its_row_put_where_it_stands() -> None:
    found, asked = computed(["bb", "a", "bb", "cccc"])
    assert {text: row[0] for text, row in found.items()} == {"a": 1, "bb": 2, "cccc": 4}
    assert [len(part) for part in asked] == [3]


def test_shuffled_units_are_computed_in_the_same_company() -> None:
    texts = [f"{number} {'x' * (number % 13)}" for number in range(distinct.BATCH + 500)]
    shuffled = random.Random(4).sample(texts, len(texts))
    assert computed(texts) == computed(shuffled)
    assert len(computed(texts)[1]) == 2
