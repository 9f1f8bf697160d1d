import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.folding import fold, fold_key, sample_rows
from tests.pipelines.theme_factories import a_unit


def test_copies_that_differ_in_punctuation_case_and_width_fold_into_one() -> None:
    assert fold_key("ＯＫ，物流 很快!!") == fold_key("ok物流很快～")
    folded = fold([a_unit("物流很快！", 0), a_unit("客服好", 1), a_unit("物流 很快", 2)])
    assert sorted(folded.counts.tolist()) == [1, 2]
    assert folded.group[0] == folded.group[2] != folded.group[1]


def test_a_text_without_letters_has_an_empty_key() -> None:
    assert fold([a_unit("！！！")]).keys == ("",)


@given(st.lists(st.text("好慢 ab!，", max_size=6), max_size=20), st.randoms())
def test_order_of_rows_changes_nothing(texts: list[str], random: object) -> None:
    units = [a_unit(text, number) for number, text in enumerate(texts)]
    shuffled = sorted(units, key=lambda unit: unit.id)
    one, other = fold(units), fold(shuffled)
    assert one.keys == other.keys
    assert [units[row].id for row in one.first] == [shuffled[row].id for row in other.first]
    assert one.counts.sum() == len(units)


def test_a_sample_hardly_moves_when_data_arrives() -> None:
    keys = [f"key {number}" for number in range(1_000)]
    before = {keys[row] for row in sample_rows(keys, 300, seed=1)}
    more = sorted([*keys, *(f"new {number}" for number in range(100))])
    after = {more[row] for row in sample_rows(more, 300, seed=1)}
    assert len(before & after) >= 240
    assert np.array_equal(sample_rows(keys, 2_000, seed=1), np.arange(1_000))
    assert set(sample_rows(keys, 300, seed=2)) != set(sample_rows(keys, 300, seed=1))
