"""Communities of a graph: many small ones that several partitions agree on, and what to do with the odd ones out.

Leiden (Traag, Waltman & van Eck 2019) at four grains votes on each edge; a finer partition of the graph so weighted
is what `pipelines.merging` makes themes of. A single grain will not do: at one resolution modularity splits a theme
that most units are in and joins the small ones (Fortunato & Barthélemy 2007).
"""

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.graph import Edges
from pipelines.settings import AnalysisSettings

# Rounds of Leiden for a partition to start from; nearly all graphs are settled after three or four. "Until nothing
# changes" may never come: where many edges weigh the same, igraph moves nodes to and fro for ever.
ITERATIONS = 10


def communities(
    edges: Edges, *, resolutions: Sequence[float], iterations: int, seeds: Sequence[int]
) -> list[NDArray[np.int64]]:
    """Return one Leiden partition per resolution and seed; the same seed always gives the same one."""
    import igraph

    graph = igraph.Graph(n=edges.size, edges=list(zip(edges.low.tolist(), edges.high.tolist(), strict=True)))
    weights = edges.weight.tolist()
    found = []
    try:
        for resolution, seed in zip(resolutions, seeds, strict=True):
            igraph.set_random_number_generator(random.Random(seed))
            partition = graph.community_leiden(
                objective_function="modularity", weights=weights, resolution=resolution, n_iterations=iterations
            )
            found.append(np.asarray(partition.membership, dtype=np.int64))
    finally:
        igraph.set_random_number_generator(random)
    return found


def agreed(edges: Edges, settings: AnalysisSettings) -> Edges:
    """Return the graph with each edge weighted by the share of several quick partitions that hold it together."""
    grains = settings.resolutions
    together = np.zeros(len(edges.weight))
    seeds = [settings.seed + 1 + run for run in range(len(grains))]
    for labels in communities(edges, resolutions=grains, iterations=1, seeds=seeds):
        together += labels[edges.low] == labels[edges.high]
    share = together / len(grains)
    floor = settings.consensus_floor
    return Edges(size=edges.size, low=edges.low, high=edges.high, weight=edges.weight * (floor + (1 - floor) * share))


def grains(edges: Edges, settings: AnalysisSettings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return two partitions of the graph: one finer than any theme, and one at the finest resolution that votes."""
    at = (settings.finest, max(settings.resolutions))
    fine, coarser = communities(edges, resolutions=at, iterations=ITERATIONS, seeds=[settings.seed] * len(at))
    return fine, coarser


def settled(edges: Edges, labels: NDArray[np.int64], settings: AnalysisSettings) -> NDArray[np.int64]:
    """Return the labels after each node went, if it gains by it, to the community it has most edge weight to.

    A border drawn between many small communities is not where the border between a few large ones lies.
    """
    count = int(labels.max(initial=-1)) + 1
    for _ in range(settings.settling_rounds if count else 0):
        pull = np.zeros((len(labels), count))
        for one, other in ((edges.low, edges.high), (edges.high, edges.low)):
            placed = labels[other] >= 0
            np.add.at(pull, (one[placed], labels[other[placed]]), edges.weight[placed])
        own = np.flatnonzero(labels >= 0)
        pull[own, labels[own]] *= settings.settling_loyalty
        labels = np.where(pull.max(axis=1) > 0, np.argmax(pull, axis=1), labels).astype(np.int64)
    return labels


def adopted(edges: Edges, labels: NDArray[np.int64], orphans: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the labels with each orphan in the community it has most edge weight to, or still -1 without one."""
    count = int(labels.max(initial=-1)) + 1
    if not orphans.any() or not count:
        return labels
    out = labels.copy()
    pull: dict[int, NDArray[np.float64]] = {}
    for one, other in ((edges.low, edges.high), (edges.high, edges.low)):
        for edge in np.flatnonzero(orphans[one] & (labels[other] >= 0)):
            node = int(one[edge])
            pull.setdefault(node, np.zeros(count))[labels[other[edge]]] += edges.weight[edge]
    for node, weights in pull.items():
        out[node] = int(np.argmax(weights))
    return out
