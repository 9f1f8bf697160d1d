import time
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import centred
from pipelines.graph import Edges, meaning_edges
from pipelines.merging import LOOSE, MOST_ALIKE, merged_alike
from pipelines.records import Matrix
from pipelines.settings import AnalysisSettings

SETTINGS = AnalysisSettings()


def clouds(*sizes: int, spread: float = 0.08, seed: int = 1) -> tuple[Matrix, NDArray[np.int64]]:
    """Return points around as many orthogonal directions, and which direction each is around."""
    draw = np.random.default_rng(seed)
    which = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(len(sizes), 24)[which] + spread * draw.standard_normal((len(which), 24))
    return centred(vectors.astype(np.float32)), which.astype(np.int64)


def graph(points: Matrix) -> Edges:
    return meaning_edges(points, np.ones(len(points), dtype=bool), SETTINGS)[0]


def in_pieces(which: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return the labels with each group cut at random into pieces of about that size."""
    out = np.zeros(len(which), dtype=np.int64)
    start, draw = 0, np.random.default_rng(5)
    for group in np.unique(which):
        rows = np.flatnonzero(which == group)
        pieces = max(1, len(rows) // size)
        out[rows] = start + draw.permutation(len(rows)) % pieces
        start += pieces
    return out


def test_pieces_come_together_however_unequal_the_groups_are() -> None:
    points, which = clouds(400, 30, 15, 15, 15)
    found = merged_alike(graph(points), points, in_pieces(which, 15), SETTINGS)
    assert len(set(found.tolist())) == 5
    assert all(len(set(found[which == group].tolist())) == 1 for group in range(5))


def test_many_small_groups_stay_apart() -> None:
    points, which = clouds(*[12] * 20)
    found = merged_alike(graph(points), points, which, SETTINGS)
    assert len(set(found.tolist())) == 20


def test_groups_without_an_edge_between_them_never_merge() -> None:
    points = np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (4, 1))
    edges = Edges(size=4, low=np.array([0, 2]), high=np.array([1, 3]), weight=np.ones(2))
    assert merged_alike(edges, points, np.array([0, 0, 1, 1]), SETTINGS).tolist() == [0, 0, 1, 1]


def test_a_higher_threshold_gives_more_themes() -> None:
    points, which = clouds(60, 60, 60, spread=0.3)
    pieces = in_pieces(which, 10)
    edges = graph(points)
    counts = [
        len(set(merged_alike(edges, points, pieces, AnalysisSettings(merge_nearness=nearness)).tolist()))
        for nearness in (0.01, 0.4, 100.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_what_a_coarser_partition_holds_together_merges_sooner() -> None:
    points, which = clouds(60, 60, 60, spread=0.3)
    pieces = in_pieces(which, 10)
    edges = graph(points)
    severe = AnalysisSettings(merge_nearness=4.0, merge_together=20.0)
    alone = merged_alike(edges, points, pieces, severe)
    held = merged_alike(edges, points, pieces, severe, coarser=which)
    assert len(set(held.tolist())) < len(set(alone.tolist()))
    assert all(len(set(which[held == theme].tolist())) == 1 for theme in set(held.tolist()))


def test_a_coarser_partition_never_keeps_near_communities_apart() -> None:
    points, which = clouds(60, 60)
    pieces = in_pieces(which, 10)
    edges = graph(points)
    across = np.arange(len(points)) % 2
    held = merged_alike(edges, points, pieces, SETTINGS, coarser=across)
    assert held.tolist() == merged_alike(edges, points, pieces, SETTINGS).tolist()


def test_one_community_is_left_alone() -> None:
    points, _ = clouds(5)
    assert merged_alike(graph(points), points, np.zeros(5, dtype=np.int64), SETTINGS).tolist() == [0] * 5


def test_as_many_communities_as_nodes_do_not_take_for_ever() -> None:
    # Texts made from one template: all edges weigh the same, and the finest partition joins nobody to anybody.
    size = 1_500
    points = np.tile(np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32), (size // 2, 1))
    edges = graph(points)
    started = time.process_time()
    found = merged_alike(edges, points, np.arange(size), SETTINGS)
    assert time.process_time() - started < 5
    assert [len(set(found[side::2].tolist())) for side in (0, 1)] == [1, 1]
    assert len(set(found.tolist())) == 2


def test_pairs_merge_in_the_order_of_their_nearness_counted_anew_after_each_merger() -> None:
    points, which = clouds(40, 40, 40, 40, spread=0.35)
    pieces, edges = in_pieces(which, 8), graph(points)
    for nearness in (0.3, 0.55, 1.0, 1.5):
        settings = AnalysisSettings(merge_nearness=nearness)
        assert merged_alike(edges, points, pieces, settings).tolist() == merged_plainly(edges, points, pieces, nearness)


def merged_plainly(edges: Edges, points: Matrix, labels: NDArray[np.int64], least: float) -> list[int]:
    """Return the labels merged with everything counted anew for each merger, from the definition."""
    labels = labels.copy()
    while True:
        near: dict[tuple[int, int], float] = {}
        names = sorted(set(labels.tolist()))
        rows = {name: points[labels == name].astype(np.float64) for name in names}
        strength = {
            name: edges.weight[labels[edges.low] == name].sum() + edges.weight[labels[edges.high] == name].sum()
            for name in names
        }
        inside = {
            name: max((np.square(own.sum(axis=0)).sum() - len(own)) / max(len(own) * (len(own) - 1), 1), LOOSE)
            for name, own in rows.items()
        }
        for one, other in combinations(names, 2):
            across = {one, other}
            border = sum(
                weight
                for low, high, weight in zip(labels[edges.low], labels[edges.high], edges.weight, strict=True)
                if {int(low), int(high)} == across
            )
            likeness = rows[one].mean(axis=0) @ rows[other].mean(axis=0) / np.sqrt(inside[one] * inside[other])
            if border:
                share = border / min(strength[one], strength[other])
                near[one, other] = share * np.exp(SETTINGS.merge_likeness * min(max(likeness, -1), MOST_ALIKE))
        pair = max(near, key=near.__getitem__, default=None)
        if pair is None or near[pair] < least:
            return [int(name) for name in np.unique(labels, return_inverse=True)[1]]
        labels[labels == pair[1]] = pair[0]
