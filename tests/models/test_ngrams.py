import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ngrams import BITS, FINE_BITS, hashed_ngrams, negated
from models.tokens import cut

SEEN = [16005, 32313, 37741, 170985, 266352, 409605, 412740, 492672, 717530, 750529, 846174, 917075, 983368]


def buckets(text: str) -> set[int]:
    return set(hashed_ngrams([text], cut([text])).buckets.tolist())


@given(st.lists(st.text(alphabet="不好吃 nogd!？。ab", max_size=15), min_size=1, max_size=6))
@settings(deadline=None)
def test_ngrams_do_not_depend_on_the_texts_beside(texts: list[str]) -> None:
    together = hashed_ngrams(texts, cut(texts))
    assert len(together) == len(texts)
    for number, text in enumerate(texts):
        mine = together.buckets[together.offsets[number] : together.offsets[number + 1]]
        assert np.array_equal(mine, hashed_ngrams([text], cut([text])).buckets)
        assert np.array_equal(mine, np.unique(mine))
        assert ((mine >= 0) & (mine < 1 << BITS)).all()


def test_buckets_are_the_same_on_every_machine() -> None:
    # A change of the hash makes the shipped weights worthless: train again and bump the version.
    assert hashed_ngrams(["好 ok"], cut(["好 ok"])).buckets.tolist() == SEEN


def test_fewer_bits_are_the_first_bits_of_more() -> None:
    fine = hashed_ngrams(["好 ok"], cut(["好 ok"]), bits=FINE_BITS).buckets
    assert np.unique(fine >> (FINE_BITS - BITS)).tolist() == SEEN


def test_order_of_words_is_seen() -> None:
    assert buckets("not good , bad") != buckets("not bad , good")


def test_no_texts() -> None:
    assert hashed_ngrams([], []).offsets.tolist() == [0]


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ("这 鞋 没有 异味", "0001"),
        ("not a single scratch here today", "011110"),
        ("not bad but slow", "0100"),
        ("不 贵 但是 慢", "0100"),
        ("good", "0"),
    ],
)
def test_what_a_negation_bears_on(words: str, flags: str) -> None:
    assert negated(words.split()) == [flag == "1" for flag in flags]
