"""New units into existing themes: nearest leaf theme by cosine, where it is near enough, else unthemed.

How near is near enough each theme's own units say: those of a narrow theme lie at .7 around its centre, and what lies
at .4 is about something else; those of a broad one lie at .3 themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import normalised
from pipelines.records import EmbeddedUnits, Matrix, Theme, ThemeAssignment
from pipelines.settings import AnalysisSettings
from pipelines.spread import Spread, in_turn

BLOCK = 8_192
UNTOLD: Mapping[str, float] = MappingProxyType({})
"""Nothing is known of any theme's reach: the usual similarity holds for all."""


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


def reaches(similarity: Mapping[str, Sequence[float]], settings: AnalysisSettings) -> dict[str, float]:
    """Return from which similarity on a new unit belongs to a theme, by theme id.

    `similarity` are the cosines of each theme's units to its centre. Nineteen of twenty lie nearer than its reach; few
    units tell little of that, so that `assign_prior` more are thought to say the usual.
    """
    reach: dict[str, float] = {}
    for theme, own in similarity.items():
        if len(own):
            told = len(own) * float(np.quantile(np.asarray(own, dtype=np.float64), settings.assign_share))
            usual = settings.assign_prior * settings.assign_similarity
            level = (told + usual) / (len(own) + settings.assign_prior)
            reach[theme] = min(max(level, settings.assign_least), settings.assign_most)
    return reach


def assign(
    embedded: EmbeddedUnits,
    themes: Sequence[Theme],
    settings: AnalysisSettings,
    *,
    reach: Mapping[str, float] = UNTOLD,
    spread: Spread = in_turn,
) -> tuple[ThemeAssignment, ...]:
    """Place each unit in the leaf theme whose centroid is nearest, or in none where it is beyond that one's reach."""
    parents = {theme.parent_id for theme in themes if theme.parent_id}
    leaves = sorted((theme for theme in themes if theme.id not in parents), key=lambda theme: theme.id)
    if not leaves:
        return tuple(ThemeAssignment(unit_id=unit.id, theme_id=None, similarity=0.0) for unit in embedded.units)
    centres = np.stack([theme.centroid for theme in leaves])
    least = np.array([reach.get(theme.id, settings.assign_similarity) for theme in leaves])
    placed: list[ThemeAssignment] = []
    asked = [
        NearestAsked(vectors=embedded.vectors[start : start + BLOCK], centres=centres)
        for start in range(0, len(embedded.units), BLOCK)
    ]
    for number, (best, near) in enumerate(spread(nearest_centre, asked)):
        units = embedded.units[number * BLOCK : (number + 1) * BLOCK]
        inside = (near >= least[best]).tolist()
        for unit, leaf, similarity, fits in zip(units, best.tolist(), near.tolist(), inside, strict=True):
            theme_id = leaves[leaf].id if fits else None
            placed.append(ThemeAssignment(unit_id=unit.id, theme_id=theme_id, similarity=similarity))
    return tuple(placed)
