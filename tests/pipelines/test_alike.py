import numpy as np
import pytest

from pipelines.alike import few_answers, near_one_text
from pipelines.centres import normalised
from pipelines.records import Matrix


def around(size: int, *, spread: float, axis: int = 0) -> Matrix:
    noise = spread * np.random.default_rng(axis).standard_normal((size, 16))
    return normalised((np.eye(1, 16, axis) + noise).astype(np.float32))


def test_a_template_with_a_free_field_is_one_text() -> None:
    texts = [f"your parcel {number} reached {town}" for number in range(9) for town in ("Leeds", "York", "Bath", "Ely")]
    found = near_one_text(around(len(texts), spread=0.05), texts)
    assert found.members.all()
    assert 0 < found.core.sum() < len(texts)


def test_different_words_are_no_one_text_however_near_the_encoder_puts_them() -> None:
    texts = ["battery dies", "slow delivery", "rude waiter", "nice colour", "too expensive", "app crashes", "cold soup"]
    assert not near_one_text(around(28, spread=0.05), texts * 4).members.any()


def test_what_lies_elsewhere_is_no_member() -> None:
    vectors = np.concatenate([around(90, spread=0.02), around(6, spread=0.02, axis=3)])
    found = near_one_text(vectors, ["order has not come"] * 90 + ["blue carpet"] * 6)
    assert found.members.tolist() == [True] * 90 + [False] * 6


@pytest.mark.parametrize("size", [0, 1, 7])
def test_a_handful_is_never_one_text(size: int) -> None:
    assert not near_one_text(around(size, spread=0.0), ["order has not come"] * size).members.any()


def test_copies_count_and_rare_answers_are_in_no_group() -> None:
    vectors = np.concatenate([around(2, spread=0.01), around(1, spread=0.01, axis=4), around(1, spread=0.01, axis=8)])
    labels = few_answers(vectors, np.array([30, 40, 50, 2]), 5)
    assert labels.tolist() == [0, 0, 1, -1]
