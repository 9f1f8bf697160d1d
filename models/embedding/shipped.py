"""The shipped bilingual encoder: a table of word vectors and the mean of a text's words, in numpy alone.

Trained by `python -m models.training.encoder`; recipe and figures in `models/weights/encoder/README.md`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.embedding import EncoderFamily
from models.mapped import map_tensors
from models.shipped_weights import WEIGHTS, open_weights
from models.tokens import is_chinese
from models.vocabulary import Bags, Vocabulary, read_words

TEXTS_AT_ONCE = 8192
"""Rows summed in one go: 8 MB of vectors, which stays near the processor."""

Language = Literal["zh", "en"]


class StaticEncoder:
    """Vectors of unit length from a quantised table; a row does not depend on the texts encoded beside it.

    A text in which no word is known (an empty one too) gets the same vector each time: the direction opposite to the
    stored mean, which is about as far from every real text as from every other. Pickled it is the name of its folder.
    """

    travels: Literal[True] = True

    def __init__(
        self,
        *,
        name: str,
        folder: str,
        vocabulary: Vocabulary,
        counts: Sequence[int],
        table: NDArray[np.int8],
        scales: NDArray[np.float32],
        mean: NDArray[np.float32],
    ) -> None:
        self.name = name
        self._folder = folder
        self.dim = int(mean.shape[0])
        self.vocabulary = vocabulary
        self._counts = np.array(counts, dtype=np.int64)
        self._table = table
        self._scales = scales
        self._mean = mean

    def __reduce__(self) -> tuple[Callable[[str], "StaticEncoder"], tuple[str]]:
        return load, (self._folder,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length per text, float32 of shape (len(texts), dim)."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            bags = self.vocabulary.bags(texts[start : start + TEXTS_AT_ONCE])
            vectors[start : start + len(bags)] = self._vectors(bags)
        return vectors

    def encode_words(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return `encode`'s row for texts that are already cut into words."""
        return self._vectors(self.vocabulary.bags_of_words(texts))

    def words(self, language: Language) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        """Return the known words of a language, the most frequent first, with the vectors `encode` gives them."""
        rows = self._rows_of(language)
        bags = Bags(
            rows=rows, weights=np.ones(len(rows), dtype=np.float32), offsets=np.arange(len(rows) + 1, dtype=np.int64)
        )
        return tuple(self.vocabulary.words[row] for row in rows), self._vectors(bags)

    def counts(self, language: Language) -> NDArray[np.int64]:
        """Return how often training met each word of `words(language)`, in the same order."""
        return self._counts[self._rows_of(language)]

    def rows(self, numbers: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the table's rows as trained: neither centred nor of unit length."""
        rows: NDArray[np.float32] = self._table[numbers].astype(np.float32) * self._scales[numbers, None]
        return rows

    @property
    def mean(self) -> NDArray[np.float32]:
        """Return the mean that is taken off every vector."""
        return self._mean

    def _rows_of(self, language: Language) -> NDArray[np.int32]:
        chinese = np.fromiter((is_chinese(word) for word in self.vocabulary.words), dtype=bool)
        rows = np.flatnonzero(chinese if language == "zh" else ~chinese)
        return rows[np.argsort(-self._counts[rows], kind="stable")].astype(np.int32)

    def _vectors(self, bags: Bags) -> NDArray[np.float32]:
        from scipy.sparse import csr_matrix

        distinct, columns = np.unique(bags.rows, return_inverse=True)
        shape = (len(bags), len(distinct))
        # A sparse product adds one word after the other, so the sum of a text is the same in every batch.
        sums = csr_matrix((bags.weights, columns, bags.offsets), shape=shape) @ self.rows(distinct)
        return unit(unit(np.asarray(sums, dtype=np.float32)) - self._mean)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of unit length; a row of zeros stays one."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    rows: NDArray[np.float32] = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return rows


@cache
def load(folder: str) -> StaticEncoder:
    """Return the encoder of a folder written by the training, or the shipped one for an empty name.

    Raises FileNotFoundError or ValueError where the folder's files are missing or not what its config.json states.
    """
    weights = open_weights(Path(folder) if folder else WEIGHTS / "encoder")
    if "words.txt" not in weights.config["sha256"] or "beside" in weights.config:
        raise ValueError(
            f"{weights.folder} holds {weights.name}, which is no static encoder; name a folder that its training wrote"
        )
    words, counts, grams = read_words(weights.folder / "words.txt")
    tensors = map_tensors(weights.folder / "table.safetensors")
    return StaticEncoder(
        name=weights.name,
        folder=folder,
        vocabulary=Vocabulary(words, grams=grams),
        counts=counts,
        table=tensors["table"],
        scales=tensors["scales"],
        mean=tensors["mean"],
    )


FAMILY = EncoderFamily(
    prefix="shipped", title="Shipped bilingual static encoder", load=load, weights=WEIGHTS / "encoder"
)
