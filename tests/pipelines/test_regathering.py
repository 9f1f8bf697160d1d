"""What is stored of a theme after edits is exact: the same on every machine, to the last place that is kept."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import normalised
from pipelines.codebook import Defined, assign_beside
from pipelines.edit_state import PlacedTexts
from pipelines.edits import Replayed, replay
from pipelines.records import EmbeddedUnits, Known, Matrix, Theme, ThemeAssignment, ThemeEdit
from pipelines.settings import AnalysisSettings
from tests.pipelines.theme_factories import a_unit

# So many that a product of matrices at single width rounds several of them to another fourth place.
ROWS = 30_000
WIDTH = 64


def rows_around(centre: Matrix) -> Matrix:
    drawn = np.random.default_rng(11).normal(0, 0.1, (ROWS, len(centre)))
    return normalised((centre + drawn).astype(np.float32))


def exact(vectors: Matrix, centre: Matrix) -> list[float]:
    again = normalised(vectors)  # as it is done before every comparison
    cosines: NDArray[np.float64] = (again.astype(np.float64) * centre.astype(np.float64)).sum(axis=1)
    return [round(cosine, 4) for cosine in cosines.astype(np.float32).tolist()]


def a_theme(name: str, centroid: Matrix) -> Theme:
    return Theme(
        id=name, parent_id=None, name_zh=name, name_en=name, keywords=(), exemplars=(), centroid=centroid
    )  # fmt: skip


VECTORS = rows_around(normalised(np.ones((1, WIDTH), dtype=np.float32))[0])
THEMES = (a_theme("a", VECTORS[0]), a_theme("b", -VECTORS[1]))
MOVE = ThemeEdit(id=1, at="", who="", kind="move", theme_ids=("a",), run=1)


def replayed(edit: ThemeEdit) -> Replayed:
    return replay(
        THEMES,
        [ThemeAssignment(unit_id=f"u{row}", theme_id="a", similarity=0.5) for row in range(ROWS)],
        [edit],
        texts=PlacedTexts(
            keys=[str(row).encode() for row in range(ROWS)],
            first_run=np.ones(ROWS, dtype=np.int64),
            vectors=lambda asked: VECTORS[asked],
            units=lambda asked: [replace(a_unit("words", int(row)), id=f"u{row}") for row in asked],
        ),
        settings=AnalysisSettings(),
    )


def test_what_stays_in_a_theme_lies_exactly_so_near_to_its_centre() -> None:
    done = replayed(replace(MOVE, into="b", texts=frozenset({b"0"})))
    centre = next(theme.centroid for theme in done.themes if theme.id == "a")
    assert [item.theme_id for item in done.assignments[:2]] == ["b", "a"]
    assert [item.similarity for item in done.assignments[1:]] == exact(VECTORS[1:], centre)


def test_what_is_taken_out_of_all_themes_lies_exactly_so_near_to_the_nearest() -> None:
    done = replayed(replace(MOVE, texts=frozenset(str(row).encode() for row in range(1, ROWS))))
    centre = next(theme.centroid for theme in done.themes if theme.id == "a")
    assert {item.theme_id for item in done.assignments[1:]} == {None}
    assert [item.similarity for item in done.assignments[1:]] == exact(VECTORS[1:], centre)


def test_what_is_placed_in_a_defined_theme_lies_exactly_so_near_to_its_centre() -> None:
    theme = replace(THEMES[0], status="defined")
    placed = assign_beside(
        EmbeddedUnits(units=tuple(a_unit("words", row) for row in range(ROWS)), vectors=VECTORS),
        Known(themes=(theme,), members={"a": frozenset({"u"})}),
        Defined(leaves=(theme,), centres=VECTORS[:1], phrases=VECTORS[:1], owner=np.zeros(1, dtype=np.int64)),
        AnalysisSettings(defined_alone=-1.0),
    )
    assert [item.similarity for item in placed] == exact(VECTORS, theme.centroid)
