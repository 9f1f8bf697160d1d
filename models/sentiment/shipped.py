"""The shipped sentiment model, in numpy alone: linear on hashed n-grams, and a convolution over word vectors.

The linear half knows turns of phrase to the letter, the convolution what similar words in the same order mean; their
logits are added. Both know what words say in the domains that a text belongs to (`domains.py`).

Trained by `python -m models.training.sentiment`; protocol and figures in `models/weights/sentiment/README.md`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.mapped import map_tensors
from models.ngrams import BITS, FINE_BITS, Ngrams, hashed_ngrams
from models.sentiment import SentimentFamily
from models.sentiment.convolution import Convolution, ConvolutionWeights
from models.sentiment.domains import PRAISE, DomainWeights, domain_shares, leaning, review_share
from models.shipped_weights import WEIGHTS, open_weights
from models.tokens import cut
from models.vocabulary import Vocabulary, read_words

TEXTS_AT_ONCE = 4096


class ShippedSentiment:
    """Calibrated probabilities from one weight per class for each n-gram, and from a convolution over words.

    Pickled it is the name of its folder, so that another process loads it rather than receives it.

    A text without a single letter, number or sign gets the probabilities of the classes in training.
    """

    travels: Literal[True] = True

    def __init__(
        self,
        *,
        name: str,
        folder: str,
        ngram_weights: NDArray[np.int8],
        scales: NDArray[np.float32],
        bias: NDArray[np.float32],
        domains: DomainWeights,
        convolution: Convolution,
    ) -> None:
        self.name = name
        self._folder = folder
        self._ngram_weights = ngram_weights
        self._scales = scales
        self._bias = bias
        self._domains = domains
        self._convolution = convolution

    def __reduce__(self) -> tuple[Callable[[str], "ShippedSentiment"], tuple[str]]:
        return load, (self._folder,)

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return calibrated probabilities (negative, neutral, positive), float32 of shape (len(texts), 3)."""
        probabilities = np.empty((len(texts), 3), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            some = texts[start : start + TEXTS_AT_ONCE]
            probabilities[start : start + len(some)] = softmax(self._logits(some))
        return probabilities

    def _logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        from scipy.sparse import csr_matrix

        words = cut(texts)
        ngrams = hashed_ngrams(texts, words, bits=FINE_BITS)
        distinct, columns = np.unique(ngrams.buckets, return_inverse=True)
        counts = csr_matrix((ngram_shares(ngrams), columns, ngrams.offsets), shape=(len(texts), len(distinct)))
        weights = self._ngram_weights[distinct >> (FINE_BITS - BITS)].astype(np.float32) * self._scales
        linear: NDArray[np.float32] = np.asarray(counts @ weights, dtype=np.float32) + self._bias
        shares = domain_shares(counts, distinct, self._domains)
        moved = leaning(counts, distinct, shares, self._domains)
        moved += (shares * self._domains.of_reviews).sum(axis=1) * review_share(words)
        linear += moved[:, None] * PRAISE
        return linear + self._convolution.logits(words, shares)


def ngram_shares(ngrams: Ngrams) -> NDArray[np.float32]:
    """Return what each n-gram counts: 1 / sqrt(how many its text has), so that long texts are no surer than short."""
    counts = np.diff(ngrams.offsets)
    return np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    rows: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
    return rows


@cache
def load(folder: str) -> ShippedSentiment:
    """Return the model of a folder written by the training, or the shipped one for an empty name.

    Raises FileNotFoundError or ValueError where the folder's files are missing or not what its config.json states.
    """
    weights = open_weights(Path(folder) if folder else WEIGHTS / "sentiment")
    words, _, grams = read_words(weights.folder / "words.txt")
    tensors = map_tensors(weights.folder / "weights.safetensors")
    if "of_reviews" not in tensors:
        raise ValueError(f"{weights.name} is of a kind before version 4: train it again (docs/models.md)")
    return ShippedSentiment(
        name=weights.name,
        folder=folder,
        ngram_weights=tensors["ngrams"],
        scales=tensors["scales"],
        bias=tensors["bias"],
        domains=DomainWeights(
            gate=tensors["gate"],
            gate_scales=tensors["gate_scales"],
            gate_bias=tensors["gate_bias"],
            leanings=tensors["leanings"],
            leaning_scale=tensors["leaning_scale"],
            of_reviews=tensors["of_reviews"],
        ),
        convolution=Convolution(
            vocabulary=Vocabulary(words, grams=grams),
            weights=ConvolutionWeights(
                table=tensors["words"],
                scales=tensors["word_scales"],
                filters=tensors["filters"],
                offsets=tensors["filter_offsets"],
                head=tensors["head"],
                bias=tensors["head_bias"],
                domain_heads=tensors["domain_heads"],
                domain_bias=tensors["domain_bias"],
            ),
        ),
    )


FAMILY = SentimentFamily(prefix="shipped", title="Shipped bilingual model", load=load, weights=WEIGHTS / "sentiment")
