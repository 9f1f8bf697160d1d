"""Centres of clusters, and vectors brought to unit length."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.records import Matrix


def normalised(vectors: Matrix) -> Matrix:
    """Return the rows at unit length; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 1e-9, lengths, 1.0)).astype(np.float32)


def centred(vectors: Matrix) -> Matrix:
    """Return the rows less their mean, of unit length: what all texts of a set have in common says nothing in it."""
    if not len(vectors):
        return vectors
    return normalised(vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32))


def centres_of(vectors: Matrix, labels: NDArray[np.int64]) -> Matrix:
    """Return the mean of each cluster at unit length, in order of labels; rows labelled -1 belong to none."""
    sums = np.zeros((int(labels.max(initial=-1)) + 1, vectors.shape[1]), dtype=np.float64)
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(len(sums) + 1))
    for label in range(len(sums)):
        sums[label] = vectors[order[bounds[label] : bounds[label + 1]]].sum(axis=0, dtype=np.float64)
    return normalised(sums.astype(np.float32))


def aligned(centroids: Sequence[Matrix], *, width: int) -> Matrix:
    """Return centroids as one matrix (n, width); a row of zeros for one of another length: another encoder made it."""
    found = np.zeros((len(centroids), width), dtype=np.float32)
    for row, centroid in enumerate(centroids):
        if len(centroid) == width:
            found[row] = centroid
    return found


def own_cosines(points: Matrix, centres: Matrix) -> Matrix:
    """Return the cosine of each row of `points` to the row of `centres` beside it, both of unit length.

    Summed at double width, row by row: a product of matrices rounds its last place by the processor's kernel, and a
    similarity that is stored and shown has to be the same on every machine.
    """
    exact: NDArray[np.float64] = np.einsum("ij,ij->i", points.astype(np.float64), centres.astype(np.float64))
    return exact.astype(np.float32)
