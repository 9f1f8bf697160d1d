"""The shipped sentiment model: linear on hashed n-grams and on the encoder's vectors, in numpy alone.

Trained by `python -m models.training.sentiment`; protocol and figures in `models/weights/sentiment/README.md`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from models.embedding.shipped import load as load_static_encoder
from models.mapped import map_tensors
from models.ngrams import Ngrams, hashed_ngrams, negated
from models.sentiment import SentimentFamily
from models.shipped_weights import WEIGHTS, open_weights
from models.tokens import cut

TEXTS_AT_ONCE = 4096


class WordEncoder(Protocol):
    """What this model asks of an encoder: vectors of texts that are already cut into words."""

    def encode_words(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return one row of unit length per text."""
        ...


class LinearSentiment:
    """Calibrated probabilities from one weight per class for each n-gram and each axis of the vectors.

    Pickled it is the name of its folder, so that another process loads it rather than receives it.

    A text without a single letter, number or sign gets the probabilities of the classes in training.
    """

    travels: Literal[True] = True

    def __init__(
        self,
        *,
        name: str,
        folder: str,
        encoder: WordEncoder,
        ngram_weights: NDArray[np.int8],
        scales: NDArray[np.float32],
        vector_weights: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        self.name = name
        self._folder = folder
        self._encoder = encoder
        self._ngram_weights = ngram_weights
        self._scales = scales
        self._vector_weights = vector_weights
        self._bias = bias

    def __reduce__(self) -> tuple[Callable[[str], "LinearSentiment"], tuple[str]]:
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
        ngrams = hashed_ngrams(texts, words)
        distinct, columns = np.unique(ngrams.buckets, return_inverse=True)
        weights = self._ngram_weights[distinct].astype(np.float32) * self._scales
        shares = csr_matrix((ngram_shares(ngrams), columns, ngrams.offsets), shape=(len(texts), len(distinct)))
        # einsum, not a matrix product: its sums do not depend on how many texts there are.
        by_vector = np.einsum("ij,jk->ik", meaning_vectors(self._encoder, words), self._vector_weights)
        logits: NDArray[np.float32] = np.asarray(shares @ weights, dtype=np.float32) + by_vector + self._bias
        return logits


def ngram_shares(ngrams: Ngrams) -> NDArray[np.float32]:
    """Return what each n-gram counts: 1 / sqrt(how many its text has), so that long texts are no surer than short."""
    counts = np.diff(ngrams.offsets)
    return np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)


def meaning_vectors(encoder: WordEncoder, words: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Return the vector of all words beside the vector of the negated words alone, zero where nothing is negated."""
    under = [
        [word for word, flag in zip(text, negated(text), strict=True) if flag] for text in words
    ]  # what stands under a negation turns round, whichever words it is: 没有异味, not a single scratch
    both = np.concatenate([encoder.encode_words(words), encoder.encode_words(under)], axis=1)
    empty = np.array([[not text, not some] for text, some in zip(words, under, strict=True)], dtype=bool)
    width = both.shape[1] // 2
    both[empty[:, 0], :width] = 0
    both[empty[:, 1], width:] = 0
    return both


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    rows: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
    return rows


@cache
def load(folder: str) -> LinearSentiment:
    """Return the model of a folder written by the training, or the shipped one for an empty name.

    Raises FileNotFoundError or ValueError where the folder's files are missing or not what its config.json states,
    or where the encoder at hand is not the one that the model was trained on.
    """
    weights = open_weights(Path(folder) if folder else WEIGHTS / "sentiment")
    encoder = load_static_encoder("")
    if encoder.name != weights.config["encoder"]:
        raise ValueError(
            f"the sentiment model of {weights.folder} was trained on {weights.config['encoder']}, but the shipped"
            f" encoder is {encoder.name}; train it again: python -m models.training.sentiment --data DIR"
        )
    tensors = map_tensors(weights.folder / "weights.safetensors")
    return LinearSentiment(
        name=weights.name,
        folder=folder,
        encoder=encoder,
        ngram_weights=tensors["ngrams"],
        scales=tensors["scales"],
        vector_weights=tensors["vectors"],
        bias=tensors["bias"],
    )


FAMILY = SentimentFamily(
    prefix="shipped", title="Shipped bilingual linear model", load=load, weights=WEIGHTS / "sentiment"
)
