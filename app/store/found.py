"""What runs found, apart from what people made of it: found themes, and where a run put each opinion unit."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from app.store.vectors import known, unpack
from pipelines.records import Matrix, OpinionUnit, Theme, ThemeAssignment

THEME = "id, parent_id, name_zh, name_en, keywords, exemplars, centroid, tentative, status"
Place = tuple[str | None, float, int | None, int]
"""Theme, similarity, the edit that put a unit there, and 1 where it follows a text like it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUnits:
    """Every opinion unit as the run left it (`assignments`), with what it says and where it is now; all aligned."""

    numbers: Sequence[int]
    keys: Sequence[bytes]
    first_run: NDArray[np.int64]
    assignments: Sequence[ThemeAssignment]
    now: Sequence[Place]


def theme_record(row: Sequence[Any]) -> Theme:
    """Return a stored row (columns `THEME`) as a theme."""
    return Theme(
        id=row[0],
        parent_id=row[1],
        name_zh=row[2],
        name_en=row[3],
        keywords=tuple(json.loads(row[4])),
        exemplars=tuple(json.loads(row[5])),
        centroid=np.frombuffer(row[6], dtype=np.float32),
        tentative=bool(row[7]),
        status=row[8],
    )


def theme_row(theme: Theme) -> tuple[Any, ...]:
    """Return a theme as the values of the columns `THEME`."""
    return (
        theme.id,
        theme.parent_id,
        theme.name_zh,
        theme.name_en,
        json.dumps(theme.keywords, ensure_ascii=False),
        json.dumps(theme.exemplars),
        theme.centroid.astype(np.float32).tobytes(),
        int(theme.tentative),
        theme.status,
    )


def themes(db: Database) -> tuple[Theme, ...]:
    """Return every theme as the latest run found it, parents too."""
    rows = db.conn.execute(f"SELECT {THEME} FROM found_themes ORDER BY id")
    return tuple(theme_record(row) for row in rows)


def replace_themes(db: Database, found: Iterable[Theme], *, run: int) -> None:
    """Store what a run found in place of what the one before found; inside a write transaction."""
    first = first_runs(db)
    db.conn.execute("DELETE FROM found_themes")
    db.conn.executemany(
        f"INSERT INTO found_themes ({THEME}, first_run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((*theme_row(theme), first.get(theme.id, run)) for theme in found),
    )


def first_runs(db: Database) -> dict[str, int]:
    """Return the run that found each theme first, by theme id."""
    return dict(
        db.conn.execute(
            """SELECT id, min(first_run) FROM (
                   SELECT id, first_run FROM found_themes UNION ALL SELECT id, first_run FROM themes
                   UNION ALL SELECT id, first_run FROM kept_themes
               ) GROUP BY id"""
        ).fetchall()
    )


def members(db: Database) -> dict[str, frozenset[str]]:
    """Return the unit ids that the latest run put in each theme."""
    grouped: dict[str, set[str]] = {}
    for theme_id, unit_id in db.conn.execute("SELECT found_theme_id, id FROM units WHERE found_theme_id IS NOT NULL"):
        grouped.setdefault(theme_id, set()).add(unit_id)
    return {theme_id: frozenset(ids) for theme_id, ids in grouped.items()}


def similarities(db: Database) -> dict[str, list[float]]:
    """Return how near to its theme's centre each unit lies, by theme."""
    grouped: dict[str, list[float]] = {}
    for theme_id, similarity in db.conn.execute(
        "SELECT found_theme_id, found_similarity FROM units WHERE found_theme_id IS NOT NULL"
    ):
        grouped.setdefault(theme_id, []).append(similarity)
    return grouped


def texts_of(db: Database, theme_ids: Iterable[str]) -> dict[str, frozenset[bytes]]:
    """Return the keys of the texts that the latest run put in each of these themes; a parent's are its children's."""
    found: dict[str, set[bytes]] = {}
    rows = db.conn.execute(
        """SELECT f.id, u.vector_hash FROM found_themes f JOIN found_themes g ON g.id = f.id OR g.parent_id = f.id
           JOIN units u ON u.found_theme_id = g.id WHERE f.id IN (SELECT value FROM json_each(?))""",
        (json.dumps(sorted(theme_ids)),),
    )
    for theme_id, key in rows:
        found.setdefault(theme_id, set()).add(key)
    return {theme_id: frozenset(keys) for theme_id, keys in found.items()}


def units(db: Database) -> FoundUnits:
    """Return every opinion unit with what it says, where the run put it and where it is now, in the order stored."""
    rows = db.conn.execute(
        """SELECT n, id, vector_hash, first_run, found_theme_id, found_similarity, theme_id, similarity, placed_by,
               follows FROM units ORDER BY n"""
    ).fetchall()
    return FoundUnits(
        numbers=[row[0] for row in rows],
        keys=[row[2] for row in rows],
        first_run=np.fromiter((row[3] for row in rows), np.int64, len(rows)),
        assignments=[ThemeAssignment(unit_id=row[1], theme_id=row[4], similarity=row[5]) for row in rows],
        now=[(row[6], row[7], row[8], row[9]) for row in rows],
    )


def vectors_of(db: Database, model: str, keys: Sequence[bytes]) -> Matrix:
    """Return the stored vectors of texts, aligned; a row of zeros where there is none under this model."""
    found = {key: unpack(blob) for key, blob in known(db, model, keys).items()}
    width = len(next(iter(found.values()))) if found else 1
    nothing = np.zeros(width, dtype=np.float32)
    return np.stack([found.get(key, nothing) for key in keys]) if keys else np.zeros((0, width), dtype=np.float32)


def records_of(db: Database, numbers: Sequence[int]) -> list[OpinionUnit]:
    """Return units by their numbers, in that order."""
    rows = db.conn.execute(
        """SELECT n, id, verbatim_id, start, "end", text, language, shadow FROM units
           WHERE n IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(numbers)),),
    )
    found = {
        row[0]: OpinionUnit(
            id=row[1],
            verbatim_id=row[2],
            start=row[3],
            end=row[4],
            text=row[5],
            language=row[6],
            shadow=row[7],
        )
        for row in rows
    }
    return [found[number] for number in numbers]


def save_places(db: Database, places: Mapping[int, Place]) -> None:
    """Store where units are now, by their numbers; inside a write transaction."""
    db.conn.executemany(
        "UPDATE units SET theme_id = ?, similarity = ?, placed_by = ?, follows = ? WHERE n = ?",
        ((*place, number) for number, place in places.items()),
    )


def save_first_runs(db: Database, before: Mapping[str, int], *, run: int) -> None:
    """Store which run saw each unit first; `before` says it of those that earlier runs saw. Inside a write."""
    db.conn.execute("UPDATE units SET first_run = ?", (run,))
    db.conn.executemany("UPDATE units SET first_run = ? WHERE id = ?", ((first, one) for one, first in before.items()))


def first_seen(db: Database) -> dict[str, int]:
    """Return the run that saw each unit first, by unit id."""
    return dict(db.conn.execute("SELECT id, first_run FROM units").fetchall())
