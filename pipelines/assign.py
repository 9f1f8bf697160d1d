"""New units into existing themes: nearest leaf theme by cosine, where it is near enough, else unthemed."""

from collections.abc import Sequence

import numpy as np

from pipelines.centres import normalised
from pipelines.records import EmbeddedUnits, Theme, ThemeAssignment
from pipelines.settings import AnalysisSettings

BLOCK = 8_192


def assign(embedded: EmbeddedUnits, themes: Sequence[Theme], settings: AnalysisSettings) -> tuple[ThemeAssignment, ...]:
    """Place each unit in the leaf theme whose centroid is nearest, or in none where it is too far from all."""
    parents = {theme.parent_id for theme in themes if theme.parent_id}
    leaves = sorted((theme for theme in themes if theme.id not in parents), key=lambda theme: theme.id)
    if not leaves:
        return tuple(ThemeAssignment(unit_id=unit.id, theme_id=None, similarity=0.0) for unit in embedded.units)
    centres = np.stack([theme.centroid for theme in leaves])
    placed: list[ThemeAssignment] = []
    for start in range(0, len(embedded.units), BLOCK):
        near = normalised(embedded.vectors[start : start + BLOCK]) @ centres.T
        best = np.argmax(near, axis=1)
        for unit, row, column in zip(embedded.units[start : start + BLOCK], near, best, strict=True):
            similarity = float(row[column])
            theme_id = leaves[column].id if similarity >= settings.assign_similarity else None
            placed.append(ThemeAssignment(unit_id=unit.id, theme_id=theme_id, similarity=similarity))
    return tuple(placed)
