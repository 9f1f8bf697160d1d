"""Units as a graph: who says something near, and who shares words.

The recipe is a union graph of nearest neighbours by meaning and by words (measurements in docs/themes.md). Rows must
come in an order of their own: results depend on it.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.records import Matrix
from pipelines.settings import AnalysisSettings

# Rows compared at once: 2,048 x 8,000 floats are 64 MB.
BLOCK = 2_048
THREADS = 2  # the two cores this is made for; each holds one block of BLOCK × points in memory
# Cosines of the same two vectors differ by so much with their place in a block: a product of matrices rounds by place.
ROUNDING = 5e-7
# Where so many points are the same one, neighbours drawn by chance tie them into several pieces: the first are taken.
MANY_ALIKE = 200
# The neighbour whose distance is a unit's density, for hdbscan and for "far from all" alike.
NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The nearest rows of each row, nearest first: int64 and float32 of shape (n, k); absent ones have similarity 0."""

    rows: NDArray[np.int64]
    similarity: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """An undirected weighted graph on `size` nodes: each pair once, the lower node first, in ascending order."""

    size: int
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    weight: NDArray[np.float64]


def nearest(queries: Matrix, points: Matrix, k: int, *, same: bool = False) -> Neighbours:
    """Return the k nearest points of each query by cosine, of many equal ones the first.

    `same` says that row i is point i and is left out.
    """
    k = min(k, len(points) - int(same))
    rows = np.zeros((len(queries), max(k, 0)), dtype=np.int64)
    similarity = np.zeros((len(queries), max(k, 0)), dtype=np.float32)
    if k <= 0:
        return Neighbours(rows=rows, similarity=similarity)

    def fill(start: int) -> None:
        block = queries[start : start + BLOCK] @ points.T
        if same:
            block[np.arange(len(block)), np.arange(start, start + len(block))] = -np.inf
        top = np.argpartition(block, block.shape[1] - k, axis=1)[:, block.shape[1] - k :]
        near = np.take_along_axis(block, top, axis=1)
        last = near.min(axis=1) - ROUNDING
        for row in np.flatnonzero((block >= last[:, None]).sum(axis=1) > max(MANY_ALIKE, 2 * k)):
            tied = block[row] <= last[row] + 2 * ROUNDING
            nearer = np.flatnonzero(~tied)
            top[row] = np.r_[nearer, np.flatnonzero(tied & (block[row] >= last[row]))[: k - len(nearer)]]
            near[row] = block[row, top[row]]
        order = np.lexsort((top, -near), axis=1)
        rows[start : start + len(block)] = np.take_along_axis(top, order, axis=1)
        similarity[start : start + len(block)] = np.take_along_axis(near, order, axis=1)

    # numpy lets go of the interpreter while it multiplies and partitions, and no block depends on another.
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        list(pool.map(fill, range(0, len(queries), BLOCK)))
    return Neighbours(rows=rows, similarity=similarity)


def neighbours_for(size: int, settings: AnalysisSettings) -> int:
    """Return how many neighbours each of `size` rows is tied to: more in a larger set, never a third of all."""
    wanted = min(
        settings.neighbours, max(settings.fewest_neighbours, round(settings.neighbours_root * math.sqrt(size)))
    )
    return max(1, min(int(wanted), size // 3))


def meaning_edges(
    points: Matrix, chinese: NDArray[np.bool_], settings: AnalysisSettings
) -> tuple[Edges, NDArray[np.float32]]:
    """Return the union of nearest-neighbour pairs by cosine, and each row's cosine to its fifth neighbour.

    In a small set, whose themes may have three units, it is the second neighbour.

    Left alone, a set in two languages falls into themes of one language each: an encoder puts two remarks in one
    language a little nearer than their translations. So where both languages speak, up to half of a row's neighbours
    are looked for in the other one, in proportion to how much of it there is, and kept where they are nearly as near.
    """
    size = len(points)
    k = neighbours_for(size, settings)
    counted = NEAREST if size > settings.small_units else 2
    sides = (np.flatnonzero(chinese), np.flatnonzero(~chinese))
    if min(len(side) for side in sides) < max(settings.least_other_language, k):
        found = nearest(points, points, k, same=True)
        sources = np.repeat(np.arange(size, dtype=np.int64), found.rows.shape[1])
        edges = merged(size, sources, found.rows.ravel(), _weights(found.similarity))
        return edges, found.similarity[:, min(counted, found.similarity.shape[1]) - 1]
    fifth = np.zeros(size, dtype=np.float32)
    left: list[NDArray[np.int64]] = []
    right: list[NDArray[np.int64]] = []
    weight: list[NDArray[np.float64]] = []
    for here, there in (sides, sides[::-1]):
        across = min(k // 2, max(1, round(k * len(there) / size)))
        own = nearest(points[here], points[here], k - across, same=True)
        other = nearest(points[here], points[there], across)
        fifth[here] = own.similarity[:, min(counted, k - across) - 1]
        near = (other.similarity >= settings.other_language_nearness * own.similarity[:, -1:]).ravel()
        left += [np.repeat(here, k - across), np.repeat(here, across)[near]]
        right += [here[own.rows].ravel(), there[other.rows].ravel()[near]]
        weight += [_weights(own.similarity), _weights(other.similarity)[near]]
    return merged(size, np.concatenate(left), np.concatenate(right), np.concatenate(weight)), fifth


def _weights(similarity: Matrix) -> NDArray[np.float64]:
    """Return similarities as edge weights, never below a trifle: a graph needs its edges."""
    return np.maximum(similarity.astype(np.float64).ravel(), 0.001)


def merged(size: int, left: NDArray[np.int64], right: NDArray[np.int64], weight: NDArray[np.float64]) -> Edges:
    """Return one edge per pair with the largest weight given for it."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((-weight, high, low))
    low, high, weight = low[order], high[order], weight[order]
    keep = np.ones(len(low), dtype=bool)
    keep[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    keep &= low != high
    return Edges(size=size, low=low[keep], high=high[keep], weight=weight[keep])


def added(first: Edges, second: Edges, *, share: float) -> Edges:
    """Return the graph with the weights of `first` plus `share` of those of `second`."""
    low = np.concatenate([first.low, second.low])
    high = np.concatenate([first.high, second.high])
    weight = np.concatenate([first.weight, share * second.weight])
    order = np.lexsort((high, low))
    low, high, weight = low[order], high[order], weight[order]
    if not len(low):
        return first
    starts = np.flatnonzero(np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])])
    return Edges(size=first.size, low=low[starts], high=high[starts], weight=np.add.reduceat(weight, starts))


def word_edges(words: Sequence[Sequence[str]], settings: AnalysisSettings) -> Edges:
    """Return edges between rows that share words: nearest neighbours by cosine of sublinear TF-IDF."""
    size = len(words)
    none = np.zeros(0, dtype=np.int64)
    empty = Edges(size=size, low=none, high=none, weight=np.zeros(0))
    matrix = _tfidf(words, settings)
    if matrix is None or size < 2:
        return empty
    k = neighbours_for(size, settings)
    rows: list[NDArray[np.int64]] = []
    others: list[NDArray[np.int64]] = []
    weights: list[NDArray[np.float64]] = []
    transposed = matrix.T.tocsr()
    for start in range(0, size, BLOCK):
        block = (matrix[start : start + BLOCK] @ transposed).tocsr()
        for offset in range(block.shape[0]):
            begin, end = block.indptr[offset], block.indptr[offset + 1]
            columns, values = block.indices[begin:end], block.data[begin:end]
            inside = columns != start + offset
            columns, values = columns[inside].astype(np.int64), values[inside]
            if len(columns) > k:
                best = np.lexsort((columns, -values))[:k]
                columns, values = columns[best], values[best]
            rows.append(np.full(len(columns), start + offset, dtype=np.int64))
            others.append(columns)
            weights.append(values)
    return merged(size, np.concatenate(rows), np.concatenate(others), np.concatenate(weights))


def _tfidf(words: Sequence[Sequence[str]], settings: AnalysisSettings) -> Any:
    from scipy.sparse import csr_matrix

    heard: dict[str, int] = {}
    for row in words:
        for word in set(row):
            heard[word] = heard.get(word, 0) + 1
    most = max(settings.lexical_max_share * len(words), settings.lexical_min_units)
    kept = sorted(word for word, count in heard.items() if settings.lexical_min_units <= count <= most)
    if not kept:
        return None
    column = {word: index for index, word in enumerate(kept)}
    pointers, columns, values = [0], list[int](), list[float]()
    for row in words:
        counts: dict[int, int] = {}
        for word in row:
            index = column.get(word)
            if index is not None:
                counts[index] = counts.get(index, 0) + 1
        length = 0.0
        begin = len(values)
        for index in sorted(counts):
            value = (1 + np.log(counts[index])) * (np.log((1 + len(words)) / (1 + heard[kept[index]])) + 1)
            columns.append(index)
            values.append(value)
            length += value * value
        for position in range(begin, len(values)):
            values[position] /= length**0.5
        pointers.append(len(values))
    return csr_matrix((np.array(values), np.array(columns), np.array(pointers)), shape=(len(words), len(kept)))
