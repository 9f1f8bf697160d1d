from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.sentiment.convolution import (
    KINDS,
    LAST_WORDS,
    SUM_SCALE,
    WIDTHS,
    WORDS_AT_ONCE,
    Convolution,
    ConvolutionWeights,
)
from models.vocabulary import Vocabulary

AXES, FILTERS, DOMAINS = 6, 4, 2
WORDS = ["not", "good", "bad", "very", "好", "吃", "不"]
VOCABULARY = Vocabulary(WORDS, grams=["<go", "od>"])


def weights() -> ConvolutionWeights:
    random = np.random.default_rng(5)
    return ConvolutionWeights(
        table=random.integers(-127, 128, (len(VOCABULARY), AXES)).astype(np.int8),
        scales=random.uniform(0.01, 0.02, len(VOCABULARY)).astype(np.float32),
        filters=random.normal(size=(sum(WIDTHS), AXES, FILTERS)).astype(np.float32),
        offsets=random.normal(size=(len(WIDTHS), FILTERS)).astype(np.float32),
        head=random.normal(size=(KINDS * len(WIDTHS) * FILTERS, 3)).astype(np.float32),
        bias=random.normal(size=3).astype(np.float32),
        domain_heads=random.normal(size=(DOMAINS, KINDS * len(WIDTHS) * FILTERS, 3)).astype(np.float32),
        domain_bias=random.normal(size=(DOMAINS, 3)).astype(np.float32),
    )


def by_hand(text: list[str], shares: NDArray[np.float32], found: ConvolutionWeights) -> NDArray[np.float32]:
    """The same, word by word and filter by filter."""
    table = found.table * found.scales[:, None]
    vectors = []
    for word in text:
        bag = VOCABULARY.bags_of_words([[word]])
        vectors.append(sum((w * table[row] for row, w in zip(bag.rows, bag.weights, strict=True)), np.zeros(AXES)))
    features = []
    for number, width in enumerate(WIDTHS):
        steps = found.filters[sum(WIDTHS[:number]) :][:width]
        heard = np.zeros((len(text), FILTERS))
        for place in range(len(text)):
            for step in range(width):
                at = place + step - width // 2
                if 0 <= at < len(text):
                    heard[place] += vectors[at] @ steps[step]
        heard = np.maximum(heard + found.offsets[number], 0)
        end = heard[-LAST_WORDS:].max(axis=0, initial=0)
        features += [heard.max(axis=0, initial=0), heard.sum(axis=0) / np.sqrt(max(1, len(text))) * SUM_SCALE, end]
    head = found.head + np.einsum("k,kfc->fc", shares, found.domain_heads)
    return np.asarray(np.concatenate(features) @ head + found.bias + shares @ found.domain_bias, dtype=np.float32)


@given(st.lists(st.lists(st.sampled_from([*WORDS, "goods", "zzz"]), max_size=2 * LAST_WORDS), max_size=6))
@settings(deadline=None)
def test_it_reads_words_in_order_each_text_by_itself(texts: list[list[str]]) -> None:
    found = weights()
    shares = np.tile(np.array([[0.2, 0.7], [0, 0]], dtype=np.float32), (3, 1))[: len(texts)]
    logits = Convolution(vocabulary=VOCABULARY, weights=found).logits(texts, shares)
    assert logits.shape == (len(texts), 3)
    for text, of_domains, row in zip(texts, shares, logits, strict=True):
        assert row == pytest.approx(by_hand(text, of_domains, found), abs=0.6)  # filters are rounded to a thousandth


def test_more_words_than_are_read_in_one_go() -> None:
    convolution = Convolution(vocabulary=VOCABULARY, weights=weights())
    long = ["not", "good", "bad"] * 100
    texts = [["bad"], *[long] * (WORDS_AT_ONCE // len(long) + 2), ["bad"]]
    shares = np.full((len(texts), DOMAINS), 0.4, dtype=np.float32)
    found = convolution.logits(texts, shares)
    assert np.array_equal(found[0], found[-1])
    assert np.array_equal(found[1:2], convolution.logits([long], shares[:1]))
    assert (found[1:-1] == found[1]).all()


def test_the_end_of_a_long_text_is_heard_by_itself() -> None:
    heads = weights().domain_heads * 0
    deaf = weights().head.reshape(len(WIDTHS), KINDS, FILTERS, 3).copy()
    deaf[:, :2] = 0
    found = replace(weights(), head=deaf.reshape(-1, 3), domain_heads=heads)
    convolution = Convolution(vocabulary=VOCABULARY, weights=found)
    filler = ["very"] * (LAST_WORDS + max(WIDTHS))
    texts = [["good", *filler], ["bad", *filler], filler, [*filler, "bad"]]
    logits = convolution.logits(texts, np.zeros((4, DOMAINS), dtype=np.float32))
    assert np.array_equal(logits[0], logits[1])
    assert not np.array_equal(logits[2], logits[3])
