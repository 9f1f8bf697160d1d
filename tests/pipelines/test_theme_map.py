"""The map keeps neighbours, keeps still, and lets no disc cover another."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.records import Matrix
from pipelines.theme_map import beside, distances, kept_near, lay_out, nearest, push_apart, radii

SEED = 7
Numbers = NDArray[np.float64]


def themes(groups: int, each: int, *, seed: int = 1, dim: int = 64) -> Matrix:
    """Draw groups of themes that are like each other, as themes of one parent are."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(groups, 1, dim))
    found = (middles + 0.6 * rng.normal(size=(groups, each, dim))).reshape(groups * each, dim)
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def sizes(n: int, seed: int = 2) -> NDArray[np.int64]:
    return np.maximum(5, (300 / np.arange(1, n + 1) ** 0.8 * np.random.default_rng(seed).uniform(0.5, 1.5, n))).astype(
        np.int64
    )


def nowhere(n: int) -> Numbers:
    return np.full((n, 2), np.nan)


def overlap(places: Numbers, units: NDArray[np.int64]) -> float:
    """Return by how much the worst pair of discs overlaps, as a part of the smaller one's radius."""
    radius = radii(places, units)
    between = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    over = radius[:, None] + radius[None, :] - between
    np.fill_diagonal(over, 0)
    return float((over / np.minimum(radius[:, None], radius[None, :])).max())


@pytest.mark.parametrize(("groups", "each"), [(3, 3), (8, 5), (12, 6)])
def test_neighbours_are_neighbours(groups: int, each: int) -> None:
    centroids, units = themes(groups, each), sizes(groups * each)
    places = lay_out(centroids, units, previous=nowhere(len(units)), seed=SEED)
    assert kept_near(distances(centroids), places) >= 0.7
    group = np.repeat(np.arange(groups), each)
    between = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    same = (group[:, None] == group[None, :]) & ~np.eye(len(group), dtype=bool)
    assert between[same].mean() < 0.5 * between[~same].mean(), "themes of one parent lie together"
    assert overlap(places, units) < 0.05


def test_the_plain_ways_keep_fewer_neighbours() -> None:
    """Why it is t-SNE: classical scaling loses most of the near ones where themes are many."""
    centroids = themes(12, 6)
    apart = distances(centroids)
    middle = np.eye(72) - 1 / 72
    values, vectors = np.linalg.eigh(-0.5 * middle @ apart**2 @ middle)
    classical = vectors[:, -2:] * np.sqrt(values[-2:])
    drawn = lay_out(centroids, sizes(72), previous=nowhere(72), seed=SEED)
    assert kept_near(apart, classical) + 0.15 < kept_near(apart, drawn)


def test_the_same_themes_give_the_same_map() -> None:
    centroids, units = themes(5, 4), sizes(20)
    one, other = (lay_out(centroids, units, previous=nowhere(20), seed=SEED) for _ in range(2))
    assert np.array_equal(one, other)


def test_a_map_that_serves_stays_exactly_where_it_was() -> None:
    centroids, units = themes(6, 5), sizes(30)
    before = lay_out(centroids, units, previous=nowhere(30), seed=SEED)
    drifted = centroids + 0.01 * np.random.default_rng(3).normal(size=centroids.shape).astype(np.float32)
    assert np.array_equal(lay_out(drifted, units + 3, previous=before, seed=SEED), before)
    with_new = before.copy()
    with_new[7] = np.nan
    after = lay_out(centroids, units, previous=with_new, seed=SEED)
    others = np.arange(30) != 7
    assert np.array_equal(after[others], before[others])
    assert np.linalg.norm(after[7] - before[7]) < np.linalg.norm(before - before[7], axis=1).mean() / 2


def test_a_map_drawn_anew_is_turned_to_the_old_one() -> None:
    centroids, units = themes(6, 5), sizes(30)
    before = lay_out(centroids, units, previous=nowhere(30), seed=SEED)
    half = before.copy()
    half[::2] = np.nan
    after = lay_out(centroids, units, previous=half, seed=SEED)
    moved = np.linalg.norm((after - after[1::2].mean(axis=0)) - (before - before[1::2].mean(axis=0)), axis=1)[1::2]
    assert np.median(moved) < np.linalg.norm(before, axis=1).mean() / 3


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
def test_few_themes_have_a_map_too(n: int) -> None:
    centroids = themes(1, n) if n else np.zeros((0, 8), dtype=np.float32)
    places = lay_out(centroids, sizes(n), previous=nowhere(n), seed=SEED)
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()


def test_themes_that_are_one_spot_part() -> None:
    same = np.tile(themes(1, 1), (4, 1))
    places = lay_out(same, sizes(4), previous=nowhere(4), seed=SEED)
    assert len(np.unique(places.round(6), axis=0)) == 4
    blank = np.zeros((9, 8), dtype=np.float32)
    assert np.isfinite(lay_out(blank, sizes(9), previous=nowhere(9), seed=SEED)).all()


def test_a_new_theme_lies_beside_what_it_is_like() -> None:
    apart = distances(themes(2, 4))
    places = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [9, 9], [9, 8], [8, 9], [np.nan, np.nan]], dtype=np.float64)
    assert beside(apart, places)[7].min() > 7
    assert nearest(apart, 2).shape == (8, 2)


def test_only_what_may_move_is_pushed() -> None:
    places, units = np.array([[0.0, 0], [0.1, 0], [4, 0]]), np.array([50, 50, 50])
    still = np.array([True, False, True])
    pushed = push_apart(places, units, still=still)
    assert np.array_equal(pushed[still], places[still])
    assert pushed[1, 0] > 0.1
