"""Suggestions for edits from stored vectors alone: where a unit might belong, what a theme might be split into."""

import numpy as np
from sqlite_utils import Database

from app.store import found, runs, themes, units
from pipelines.centres import normalised

SUGGESTED = 5
"""Themes offered for a unit: beyond the fifth none was right in the sets looked at."""


def nearest_themes(db: Database, unit_id: str, *, limit: int = SUGGESTED) -> tuple[tuple[str, float], ...]:
    """Return the themes nearest to a unit with the cosine, nearest first; () without vectors."""
    run = runs.latest(db)
    known = units.texts_by_id(db, [unit_id])
    if run is None or unit_id not in known:
        return ()
    vector = normalised(found.vectors_of(db, str(run["models"]["encoder"]), [known[unit_id][0]]))[0]
    records = themes.all_records(db)
    parents = {theme.parent_id for theme in records}
    near = [
        (theme.id, round(float(np.dot(theme.centroid, vector)), 4))
        for theme in records
        if theme.id not in parents and len(theme.centroid) == len(vector)
    ]
    return tuple(sorted(near, key=lambda pair: (-pair[1], pair[0]))[:limit])
