"""One layer of convolution over word vectors, in numpy alone: the part of the shipped model that reads words in order.

Filters of several widths slide over the words of a text; of each the largest answer and the sum of answers go on to
three classes (Kim 2014, with sums beside the maxima). Trained by `models/training/convolution.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.vocabulary import Vocabulary

WIDTHS = (1, 2, 3, 4)
"""Words that a filter spans."""

SUM_SCALE = 0.5
"""Of a sum over sqrt(words): brings it to about the size of a maximum."""

WORDS_AT_ONCE = 65_536
"""Words of the texts that are read in one go: their answers take some 10 MB."""

LEVELS = 1000
"""Steps of a filter's numbers on either side of nothing. Those times eight bits add up exactly in float32 over 128
axes, so a word's answers are the same whichever words are read with it."""

_GAP = max(WIDTHS) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionWeights:
    """What training found.

    `table` (rows of the vocabulary, axes) int8 with one of `scales` a row; `filters` (sum of the widths, axes,
    filters of a width), `offsets` (widths, filters of a width), `head` (2 × widths × filters, 3), `bias` (3), float32.
    """

    table: NDArray[np.int8]
    scales: NDArray[np.float32]
    filters: NDArray[np.float32]
    offsets: NDArray[np.float32]
    head: NDArray[np.float32]
    bias: NDArray[np.float32]


class Convolution:
    """Three numbers for a text from its words in order; they do not depend on the texts read beside it."""

    def __init__(self, *, vocabulary: Vocabulary, weights: ConvolutionWeights) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        steps, axes, count = weights.filters.shape
        side_by_side = weights.filters.transpose(1, 0, 2).reshape(axes, steps * count)
        self._filter_scales = np.maximum(np.abs(side_by_side).max(axis=0), np.float32(1e-9)) / np.float32(LEVELS)
        self._filters = np.ascontiguousarray(np.rint(side_by_side / self._filter_scales))

    def logits(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return float32 of shape (len(texts), 3) for texts that are cut into words."""
        found = np.empty((len(texts), 3), dtype=np.float32)
        for start, end in _portions(texts):
            # einsum, not a matrix product: its sums do not depend on how many texts there are.
            found[start:end] = np.einsum("ij,jk->ik", self._features(texts[start:end]), self._weights.head)
        return found + self._weights.bias

    def _features(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        numbers: dict[str, int] = {}
        flat = [numbers.setdefault(word, len(numbers)) for words in texts for word in words]
        answers = self._answers(list(numbers))
        lengths = np.array([len(words) for words in texts], dtype=np.int64)
        # Texts stand on one line with gaps between them, in which nothing answers.
        begins = np.cumsum(lengths + _GAP) - lengths
        line = np.full(len(flat) + _GAP * (len(texts) + 1), len(numbers), dtype=np.int64)
        line[np.arange(len(flat)) + _GAP * (1 + np.repeat(np.arange(len(texts)), lengths))] = flat
        # The longest first, so that those which still have a word at a place are the first ones.
        order = np.argsort(-lengths, kind="stable")
        largest = np.zeros((len(WIDTHS), len(texts), answers.shape[2]), dtype=np.float32)
        sums = np.zeros_like(largest)
        for place in range(int(lengths.max(initial=0))):
            reading = int(np.searchsorted(-lengths[order], -place))
            here = begins[order[:reading]] + place
            near = {step: line[here + step] for step in range(-_GAP, _GAP + 1)}
            first = 0
            for number, width in enumerate(WIDTHS):
                heard = answers[first].take(near[-(width // 2)], axis=0)
                for step in range(1, width):
                    heard += answers[first + step].take(near[step - width // 2], axis=0)
                heard += self._weights.offsets[number]
                np.maximum(heard, 0, out=heard)
                np.maximum(largest[number, :reading], heard, out=largest[number, :reading])
                sums[number, :reading] += heard
                first += width
        sums *= (SUM_SCALE / np.sqrt(np.maximum(lengths[order], 1))).astype(np.float32)[:, None]
        features = np.empty((len(texts), 2 * largest.shape[0] * largest.shape[2]), dtype=np.float32)
        features[order] = np.stack([largest, sums], axis=1).transpose(2, 0, 1, 3).reshape(features.shape)
        return features

    def _answers(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return what each step of each filter answers to each word, and zeros last, (steps, words + 1, filters)."""
        from scipy.sparse import csr_matrix

        steps, _, count = self._weights.filters.shape
        bags = self._vocabulary.bags_of_words([[word] for word in words])
        distinct, columns = np.unique(bags.rows, return_inverse=True)
        by_row = (self._weights.table[distinct].astype(np.float32) @ self._filters) * self._filter_scales
        by_row *= self._weights.scales[distinct, None]
        pieces = csr_matrix((bags.weights, columns, bags.offsets), shape=(len(words), len(distinct)))
        answers = np.zeros((steps, len(words) + 1, count), dtype=np.float32)
        answers[:, :-1] = (pieces @ by_row).reshape(len(words), steps, count).transpose(1, 0, 2)
        return answers


def _portions(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Yield from where to where texts are read together: no more words than `WORDS_AT_ONCE`, but for one long text."""
    start = words = 0
    for number, text in enumerate(texts):
        if words and words + len(text) > WORDS_AT_ONCE:
            yield start, number
            start, words = number, 0
        words += len(text)
    if texts:
        yield start, len(texts)
