import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from pipelines.cluster import cluster
from pipelines.graph import neighbours_for
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
