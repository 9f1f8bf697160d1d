import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from pipelines.centres import normalised
from pipelines.cluster import cluster
from pipelines.graph import nearest, neighbours_for
from pipelines.records import EmbeddedUnits
from pipelines.settings import AnalysisSettings
from tests.pipelines.theme_factories import a_unit

SETTINGS = AnalysisSettings()


def test_neighbours_grow_with_the_number_of_units_within_bounds() -> None:
    found = [neighbours_for(size, SETTINGS) for size in (2, 9, 100, 400, 900, 1_600, 5_000)]
    assert found == [1, 3, 5, 8, 13, 16, 16]


def crowd() -> EmbeddedUnits:
    """Return 1,372 units about 14 things, a few to many about each, that shade into each other."""
    draw = np.random.default_rng(0)
    centres = draw.standard_normal((14, 24))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    spread = 1.3 / np.sqrt(24)
    points = np.concatenate(
        [centre + spread * draw.standard_normal((20 + 12 * n, 24)) for n, centre in enumerate(centres)]
    )
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    units = tuple(a_unit(f"x{n}q", n, "en") for n in range(len(points)))
    return EmbeddedUnits(units=units, vectors=points.astype(np.float32))


@pytest.mark.parametrize("draw", [0, 1])
def test_themes_hold_still_when_a_tenth_of_the_units_is_left_out(draw: int) -> None:
    everything = crowd()
    rows = np.flatnonzero(np.random.default_rng(draw).random(len(everything.units)) >= 0.1)
    fewer = EmbeddedUnits(
        units=tuple(everything.units[row] for row in rows), vectors=np.ascontiguousarray(everything.vectors[rows])
    )
    full, less = cluster(everything, SETTINGS).labels[rows], cluster(fewer, SETTINGS).labels
    # With half as many neighbours it is .90.
    assert adjusted_rand_score(full, less) > 0.93


def test_of_many_points_that_are_the_same_all_are_tied_to_the_first() -> None:
    points = np.tile(normalised(np.random.default_rng(2).standard_normal((1, 256)).astype(np.float32)), (2_500, 1))
    found = nearest(points, points, 16, same=True)
    assert found.rows.max() == 16
    assert (found.rows != np.arange(2_500)[:, None]).all()
    assert found.similarity.min() > 0.999


def test_what_is_nearer_goes_before_many_that_are_the_same() -> None:
    points = np.zeros((900, 8), dtype=np.float32)
    points[:, 0], points[-3:, :2] = 1.0, (0.8, 0.6)
    found = nearest(points, points, 5, same=True)
    assert set(found.rows[899].tolist()) == {0, 1, 2, 897, 898}
    assert found.rows[899, :2].tolist() == [897, 898]
