"""One layer of convolution over word vectors, in numpy alone: the part of the shipped model that reads words in order.

Filters of several widths slide over the words of a text; of each the largest answer, the sum of answers and the largest
among the last words go on to three classes (Kim 2014, with sums and the end beside the maxima). What these mean differs
from domain to domain a little. Trained by `models/training/convolution.py`.
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

LAST_WORDS = 12
"""Words at the end of a text that are heard once more by themselves: long reviews often conclude there."""

KINDS = 3
"""Numbers that a filter passes on: the largest answer, the sum, the largest at the end."""

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
    filters of a width), `offsets` (widths, filters of a width), `head` (KINDS × widths × filters, 3), `bias` (3),
    float32. What a domain adds to the last two: `domain_heads` (domains, KINDS × widths × filters, 3) and
    `domain_bias` (domains, 3).
    """

    table: NDArray[np.int8]
    scales: NDArray[np.float32]
    filters: NDArray[np.float32]
    offsets: NDArray[np.float32]
    head: NDArray[np.float32]
    bias: NDArray[np.float32]
    domain_heads: NDArray[np.float32]
    domain_bias: NDArray[np.float32]


class Convolution:
    """Three numbers for a text from its words in order; they do not depend on the texts read beside it."""

    def __init__(self, *, vocabulary: Vocabulary, weights: ConvolutionWeights) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        steps, axes, count = weights.filters.shape
        side_by_side = weights.filters.transpose(1, 0, 2).reshape(axes, steps * count)
        self._filter_scales = np.maximum(np.abs(side_by_side).max(axis=0), np.float32(1e-9)) / np.float32(LEVELS)
        self._filters = np.ascontiguousarray(np.rint(side_by_side / self._filter_scales))
        # The head of all texts first, then one of each domain; three rows for three classes each.
        heads = np.concatenate([weights.head[None], weights.domain_heads])
        self._heads = np.ascontiguousarray(heads.transpose(0, 2, 1).reshape(-1, heads.shape[1]))
        self._biases = np.concatenate([weights.bias[None], weights.domain_bias])

    def logits(self, texts: Sequence[Sequence[str]], shares: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 of shape (len(texts), 3) for texts that are cut into words.

        `shares` (len(texts), domains) says how far each belongs to each domain.
        """
        found = np.empty((len(texts), len(self._heads)), dtype=np.float32)
        for start, end in _portions(texts):
            # einsum, not a matrix product: its sums do not depend on how many texts there are.
            found[start:end] = np.einsum("ij,kj->ik", self._features(texts[start:end]), self._heads)
        said = found.reshape(len(texts), len(self._biases), 3) + self._biases
        said[:, 1:] *= shares[:, :, None]
        return np.asarray(said.sum(axis=1), dtype=np.float32)

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
        sums, ends = np.zeros_like(largest), np.zeros_like(largest)
        # The end of a text no longer than that is the text.
        longer = int(np.searchsorted(-lengths[order], -LAST_WORDS))
        for place in range(int(lengths.max(initial=0))):
            reading = int(np.searchsorted(-lengths[order], -place))
            here = begins[order[:reading]] + place
            ending = min(longer, int(np.searchsorted(-lengths[order], -(place + LAST_WORDS))))
            until = min(longer, reading)
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
                np.maximum(ends[number, ending:until], heard[ending:until], out=ends[number, ending:until])
                first += width
        sums *= (SUM_SCALE / np.sqrt(np.maximum(lengths[order], 1))).astype(np.float32)[:, None]
        ends[:, longer:] = largest[:, longer:]
        features = np.empty((len(texts), KINDS * largest.shape[0] * largest.shape[2]), dtype=np.float32)
        features[order] = np.stack([largest, sums, ends], axis=1).transpose(2, 0, 1, 3).reshape(features.shape)
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
