"""New units into existing themes: nearest leaf theme by cosine, where it is near enough, else unthemed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import normalised
from pipelines.records import EmbeddedUnits, Matrix, Theme, ThemeAssignment
from pipelines.settings import AnalysisSettings
from pipelines.spread import Spread, in_turn

BLOCK = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestAsked:
    """Some vectors and the centres they are compared with."""

    vectors: Matrix
    centres: Matrix


def nearest_centre(asked: NearestAsked) -> tuple[NDArray[np.int64], Matrix]:
    """Return for each vector the nearest centre and its cosine to it."""
    near = normalised(asked.vectors) @ asked.centres.T
    best = np.argmax(near, axis=1)
    return best, near[np.arange(len(near)), best]


def assign(
    embedded: EmbeddedUnits, themes: Sequence[Theme], settings: AnalysisSettings, *, spread: Spread = in_turn
) -> tuple[ThemeAssignment, ...]:
    """Place each unit in the leaf theme whose centroid is nearest, or in none where it is too far from all."""
    parents = {theme.parent_id for theme in themes if theme.parent_id}
    leaves = sorted((theme for theme in themes if theme.id not in parents), key=lambda theme: theme.id)
    if not leaves:
        return tuple(ThemeAssignment(unit_id=unit.id, theme_id=None, similarity=0.0) for unit in embedded.units)
    centres = np.stack([theme.centroid for theme in leaves])
    placed: list[ThemeAssignment] = []
    asked = [
        NearestAsked(vectors=embedded.vectors[start : start + BLOCK], centres=centres)
        for start in range(0, len(embedded.units), BLOCK)
    ]
    for number, (best, near) in enumerate(spread(nearest_centre, asked)):
        units = embedded.units[number * BLOCK : (number + 1) * BLOCK]
        for unit, leaf, similarity in zip(units, best.tolist(), near.tolist(), strict=True):
            theme_id = leaves[leaf].id if similarity >= settings.assign_similarity else None
            placed.append(ThemeAssignment(unit_id=unit.id, theme_id=theme_id, similarity=similarity))
    return tuple(placed)
