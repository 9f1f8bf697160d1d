"""Emerging themes: what new units that fit no known theme have in common, proposed until a run or a person decides.

The waiting units are grouped as in a full run; a group is proposed where it is as large as a theme must be, hangs
together, and is heard in what came since the last full run, which had found the others to belong nowhere.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from models.embedding import Encoder
from pipelines.cluster import cluster
from pipelines.identity import identify
from pipelines.name import name_themes
from pipelines.records import EmbeddedUnits, Emerging, OpinionUnit
from pipelines.settings import AnalysisSettings


def emerging(
    waiting: EmbeddedUnits,
    fresh: Collection[str],
    *,
    taken: Collection[tuple[str, str]],
    encoder: Encoder,
    settings: AnalysisSettings,
) -> tuple[Emerging, ...]:
    """Return the groups among the unthemed units that may be new themes, the largest first.

    `fresh` are the ids of the units that came after the last full run; `taken` the names of the known themes, zh and
    en. A unit's copies count each. The same units in any order give the same proposals.
    """
    if len(fresh) < settings.emerging_fresh:
        return ()
    clustering = cluster(waiting, replace(settings, small_centred=False))
    themes, leaf_of = name_themes(waiting, clustering, encoder=encoder, settings=settings)
    found: list[Emerging] = []
    for label, leaf in enumerate(leaf_of.tolist()):
        theme = themes[leaf]
        # What would not be placed in it as a theme does not speak for it either.
        near = clustering.similarity >= settings.assign_similarity
        rows = np.flatnonzero((clustering.labels == label) & near)
        units = [waiting.units[row] for row in rows]
        new = sum(unit.id in fresh for unit in units)
        cohesion = float(np.mean(clustering.similarity[rows])) if len(rows) else 0.0
        # Several texts, not one that was copied.
        said = len({unit.shadow for unit in units})
        enough = new >= settings.emerging_fresh and said >= settings.emerging_fresh
        if not enough or len(rows) < settings.min_theme_units or cohesion < settings.emerging_cohesion:
            continue
        if (theme.name_zh, theme.name_en) in taken:
            continue
        found.append(
            Emerging(
                id=identify("e", *sorted(unit.id for unit in units)),
                name_zh=theme.name_zh,
                name_en=theme.name_en,
                keywords=theme.keywords,
                exemplars=theme.exemplars,
                unit_ids=_nearest_first(units, clustering.similarity[rows].tolist()),
                fresh=new,
                cohesion=round(cohesion, 4),
            )
        )
    return tuple(sorted(found, key=lambda one: (-len(one.unit_ids), one.id)))


def _nearest_first(units: Sequence[OpinionUnit], similarity: Sequence[float]) -> tuple[str, ...]:
    order = sorted(range(len(units)), key=lambda row: (-similarity[row], units[row].id))
    return tuple(units[row].id for row in order)
