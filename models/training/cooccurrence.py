"""Word vectors from which words stand near which: positive PMI, reduced by a singular value decomposition.

Levy, Goldberg and Dagan (2015), "Improving Distributional Similarity with Lessons Learned from Word Embeddings".
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.vocabulary import Bags

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WINDOW = 4
"""Words to each side that count as near."""

CONTEXTS = 20_000
"""Only the most frequent words serve as neighbours: rarer ones say little and cost most."""

SMOOTHING = 0.75
"""Power on the frequency of neighbours, which keeps rare ones from dominating."""

MIN_TOGETHER = 2
"""Pairs seen less often are chance."""


def cooccurrence_vectors(bags: Bags, words: int, *, dim: int, seed: int) -> NDArray[np.float32]:
    """Return one row per word (the bag rows 0 … words - 1 are the words), float32 (words, dim), zero where unseen."""
    from sklearn.utils.extmath import randomized_svd

    matrix = _positive_pmi(_counts(bags, words))
    left, values, _ = randomized_svd(matrix, n_components=dim, n_oversamples=10, n_iter=2, random_state=seed)
    return np.asarray(left * np.sqrt(values), dtype=np.float32)


def _counts(bags: Bags, words: int) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    text = np.repeat(np.arange(len(bags), dtype=np.int32), np.diff(bags.offsets))
    frequency = np.bincount(bags.rows, minlength=words)
    is_context = np.zeros(words, dtype=bool)
    is_context[np.argsort(-frequency, kind="stable")[:CONTEXTS]] = True
    counts = csr_matrix((words, words), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        same = text[:-distance] == text[distance:]
        left, right = bags.rows[:-distance][same], bags.rows[distance:][same]
        for word, near in ((left, right), (right, left)):
            kept = is_context[near]
            ones = np.ones(int(kept.sum()), dtype=np.float32)
            counts = counts + csr_matrix((ones, (word[kept], near[kept])), shape=(words, words))
    counts.data[counts.data < MIN_TOGETHER] = 0
    counts.eliminate_zeros()
    return counts


def _positive_pmi(counts: "csr_matrix") -> "csr_matrix":
    of_word = np.asarray(counts.sum(axis=1)).ravel()
    of_near = np.asarray(counts.sum(axis=0)).ravel() ** SMOOTHING
    pairs = counts.tocoo()
    expected = of_word[pairs.row] * (of_near[pairs.col] / of_near.sum())
    pairs.data = np.maximum(np.log(pairs.data / expected), 0).astype(np.float32)
    matrix = pairs.tocsr()
    matrix.eliminate_zeros()
    return matrix


def rotate_onto(
    vectors: NDArray[np.float32], target: NDArray[np.float32], anchors: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return vectors turned so that the anchor rows lie as near as they can to the target's (orthogonal Procrustes)."""
    left, _, right = np.linalg.svd(vectors[anchors].T @ target[anchors])
    return np.asarray(vectors @ (left @ right), dtype=np.float32)
