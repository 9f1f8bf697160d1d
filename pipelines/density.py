"""Where units lie dense: hdbscan on the theme graph says which units are the heart of a theme and which lie outside.

HDBSCAN (Campello, Moulavi & Sander 2013; package hdbscan) is given the graph's own distances, so that it needs no
reduction of dimensions: an edge of weight w is 1 - w / (largest weight) long, and no edge is 1 or more.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.graph import Edges

# hdbscan needs one connected piece: pieces are chained by edges longer than any real one.
BRIDGE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """What hdbscan says of each node: its dense cluster (-1: none), how firmly it is in it, and how far out it lies.

    `membership` and `outlier` (GLOSH) are in [0, 1].
    """

    labels: NDArray[np.int64]
    membership: NDArray[np.float64]
    outlier: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityAsked:
    """A graph and how hdbscan is to look at it."""

    edges: Edges
    min_cluster_size: int
    min_samples: int


def dense(asked: DensityAsked) -> Density:
    """Return the density structure of a graph; everything is outside where there are fewer than four nodes."""
    edges, min_samples = asked.edges, asked.min_samples
    size = edges.size
    if size < max(4, min_samples + 1) or not len(edges.weight):
        nothing = np.zeros(size)
        return Density(labels=np.full(size, -1, dtype=np.int64), membership=nothing, outlier=np.ones(size))
    from hdbscan import HDBSCAN
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    distance = 1.0 - edges.weight / (edges.weight.max() * 1.0001)
    low, high = edges.low, edges.high
    pieces, piece = connected_components(
        coo_matrix((np.ones(len(low)), (low, high)), shape=(size, size)), directed=False
    )
    if pieces > 1:
        heads = np.array([int(np.argmax(piece == number)) for number in range(pieces)])
        low, high = np.r_[low, heads[:-1]], np.r_[high, heads[1:]]
        distance = np.r_[distance, np.full(pieces - 1, BRIDGE)]
    matrix = coo_matrix((np.r_[distance, distance], (np.r_[low, high], np.r_[high, low])), shape=(size, size)).tocsr()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = HDBSCAN(
            metric="precomputed",
            min_cluster_size=max(2, asked.min_cluster_size),
            min_samples=min_samples,
            cluster_selection_method="leaf",
            max_dist=BRIDGE,
        ).fit(matrix)
        outlier = np.nan_to_num(np.asarray(found.outlier_scores_, dtype=np.float64), nan=1.0)
    return Density(
        labels=np.asarray(found.labels_, dtype=np.int64),
        membership=np.asarray(found.probabilities_, dtype=np.float64),
        outlier=outlier,
    )
