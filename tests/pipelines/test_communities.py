import numpy as np
import pytest

from pipelines.communities import adopted, agreed, grains, settled
from pipelines.graph import Edges
from pipelines.settings import AnalysisSettings

SETTINGS = AnalysisSettings()


def edges(size: int, *pairs: tuple[int, int, float]) -> Edges:
    found = sorted(pairs)
    return Edges(
        size=size,
        low=np.array([low for low, _, _ in found], dtype=np.int64),
        high=np.array([high for _, high, _ in found], dtype=np.int64),
        weight=np.array([weight for _, _, weight in found]),
    )


def cliques(count: int, members: int, bridge: float) -> Edges:
    """Return cliques in a row, each tied to the next by one edge."""
    inside = [
        (start + one, start + other, 1.0)
        for start in range(0, count * members, members)
        for one in range(members)
        for other in range(one + 1, members)
    ]
    between = [(start - 1, start, bridge) for start in range(members, count * members, members)]
    return edges(count * members, *inside, *between)


def test_the_finest_grain_tells_cliques_apart() -> None:
    found, _ = grains(agreed(cliques(30, 5, 1.0), SETTINGS), SETTINGS)
    assert len(set(found.tolist())) == 30
    assert all(len(set(found[start : start + 5].tolist())) == 1 for start in range(0, 150, 5))


def test_the_finest_grain_is_finer_than_the_finest_that_votes() -> None:
    fine, coarser = grains(agreed(cliques(200, 3, 1.0), SETTINGS), SETTINGS)
    assert len(set(fine.tolist())) > len(set(coarser.tolist())) > 1


def test_edges_between_communities_lose_weight() -> None:
    graph = cliques(6, 5, 1.0)
    voted = agreed(graph, SETTINGS)
    inside = graph.low // 5 == graph.high // 5
    assert voted.weight[~inside].max() < voted.weight[inside].min()
    assert voted.weight.min() >= SETTINGS.consensus_floor


def test_a_node_goes_where_its_neighbours_are_if_the_pull_is_clear() -> None:
    graph = edges(5, (0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (2, 3, 1.1), (3, 4, 1.0))
    assert settled(graph, np.array([0, 0, 1, 1, 1]), SETTINGS).tolist() == [0, 0, 0, 1, 1]
    near_draw = edges(4, (0, 1, 1.0), (1, 2, 1.1), (2, 3, 1.0))
    assert settled(near_draw, np.array([0, 0, 1, 1]), SETTINGS).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("labels", [[-1, -1], [-1, 0]])
def test_unplaced_nodes_do_not_pull(labels: list[int]) -> None:
    assert settled(edges(2), np.array(labels), SETTINGS).tolist() == labels


def test_orphans_are_adopted_by_their_neighbours_or_by_nobody() -> None:
    graph = edges(4, (0, 2, 0.3), (1, 2, 0.9))
    found = adopted(graph, np.array([0, 1, -1, -1]), np.array([False, False, True, True]))
    assert found.tolist() == [0, 1, 1, -1]
