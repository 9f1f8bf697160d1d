"""Where the training of the encoder starts: English words from the teacher, Chinese ones from glosses and company."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.training.cooccurrence import cooccurrence_vectors, rotate_onto
from models.training.pairs import Pair
from models.vocabulary import Bags, Vocabulary

SIF = 1e-3
"""Smooth inverse frequency (Arora, Liang and Ma 2017): a word of frequency p starts with the weight SIF / (SIF + p)."""


def principal_axes(vectors: NDArray[np.float32], *, dim: int) -> NDArray[np.float32]:
    """Return the directions of largest variance, float32 (vectors' width, dim)."""
    centred = vectors - vectors.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    return np.asarray(directions[:, np.argsort(-values)[:dim]], dtype=np.float32)


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of unit length; a row of zeros stays one."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def bag_sums(table: NDArray[np.float32], bags: Bags) -> NDArray[np.float32]:
    """Return the weighted sum of the table's rows in each bag, float32 (len(bags), dim)."""
    from scipy.sparse import csr_matrix

    matrix = csr_matrix((bags.weights, bags.rows, bags.offsets), shape=(len(bags), len(table)))
    return np.asarray(matrix @ table, dtype=np.float32)


def frequency_weights(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the smooth inverse frequency weight of each word of one language."""
    return np.asarray(SIF / (SIF + counts / counts.sum()), dtype=np.float32)


def chinese_start(
    english: NDArray[np.float32],
    vocabulary: Vocabulary,
    counts: NDArray[np.int64],
    *,
    dictionary: Sequence[Pair],
    texts: Bags,
    seed: int,
) -> NDArray[np.float32]:
    """Return the first vectors of the Chinese words, the rows after the English ones of the vocabulary.

    Half the mean of a word's English glosses, half its co-occurrence vector turned onto those; one where only one is
    known; the mean of the characters where neither is. `english` are the weighted vectors of the English words,
    `texts` bags over the vocabulary, `counts` of the Chinese words.
    """
    first, words = len(english), len(vocabulary.words) - len(english)
    glosses = np.zeros((words, english.shape[1]), dtype=np.float32)
    known = [
        (row - first, gloss) for gloss, word in dictionary if (row := vocabulary.row(word)) is not None and row >= first
    ]
    bags = vocabulary.bags([gloss for _, gloss in known])
    for number, (row, _) in enumerate(known):
        rows = bags.rows[bags.offsets[number] : bags.offsets[number + 1]]
        glosses[row] += unit_rows(english[rows[rows < first]].sum(axis=0, keepdims=True))[0]
    glosses = unit_rows(glosses)
    company = cooccurrence_vectors(
        Bags(rows=texts.rows - first, weights=texts.weights, offsets=texts.offsets),
        words,
        dim=english.shape[1],
        seed=seed,
    )
    company = unit_rows(company)
    anchors = np.flatnonzero((np.abs(glosses).sum(axis=1) > 0) & (np.abs(company).sum(axis=1) > 0))
    start = unit_rows(glosses + unit_rows(rotate_onto(company, glosses, anchors)))
    for empty in np.flatnonzero(np.abs(start).sum(axis=1) == 0):
        row = int(empty)
        characters = [vocabulary.row(character) for character in vocabulary.words[first + row]]
        start[row] = unit_rows(
            start[[c - first for c in characters if c is not None and c >= first]].sum(axis=0)[None]
        )[0]
    return start * frequency_weights(counts)[:, None]
