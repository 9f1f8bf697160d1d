import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.sentiment.convolution import SUM_SCALE, WIDTHS, WORDS_AT_ONCE, Convolution, ConvolutionWeights
from models.vocabulary import Vocabulary

AXES, FILTERS = 6, 4
WORDS = ["not", "good", "bad", "very", "好", "吃", "不"]
VOCABULARY = Vocabulary(WORDS, grams=["<go", "od>"])


def weights() -> ConvolutionWeights:
    random = np.random.default_rng(5)
    return ConvolutionWeights(
        table=random.integers(-127, 128, (len(VOCABULARY), AXES)).astype(np.int8),
        scales=random.uniform(0.01, 0.02, len(VOCABULARY)).astype(np.float32),
        filters=random.normal(size=(sum(WIDTHS), AXES, FILTERS)).astype(np.float32),
        offsets=random.normal(size=(len(WIDTHS), FILTERS)).astype(np.float32),
        head=random.normal(size=(2 * len(WIDTHS) * FILTERS, 3)).astype(np.float32),
        bias=random.normal(size=3).astype(np.float32),
    )


def by_hand(text: list[str], found: ConvolutionWeights) -> NDArray[np.float32]:
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
        features += [heard.max(axis=0), heard.sum(axis=0) / np.sqrt(len(text)) * SUM_SCALE]
    return np.asarray(np.concatenate(features) @ found.head + found.bias, dtype=np.float32)


@given(st.lists(st.lists(st.sampled_from([*WORDS, "goods", "zzz"]), max_size=9), max_size=6))
@settings(deadline=None)
def test_it_reads_words_in_order_each_text_by_itself(texts: list[list[str]]) -> None:
    found = weights()
    logits = Convolution(vocabulary=VOCABULARY, weights=found).logits(texts)
    assert logits.shape == (len(texts), 3)
    for text, row in zip(texts, logits, strict=True):
        expected = by_hand(text, found) if text else found.bias
        assert row == pytest.approx(expected, abs=0.3)  # filters are rounded to a thousandth


def test_more_words_than_are_read_in_one_go() -> None:
    convolution = Convolution(vocabulary=VOCABULARY, weights=weights())
    long = ["not", "good", "bad"] * 100
    texts = [["bad"], *[long] * (WORDS_AT_ONCE // len(long) + 2), ["bad"]]
    found = convolution.logits(texts)
    assert np.array_equal(found[0], found[-1])
    assert np.array_equal(found[1:2], convolution.logits([long]))
    assert (found[1:-1] == found[1]).all()
