"""Emerging themes as stored: proposals made of unthemed opinion units, until the next full run or a person decides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from app.errors import NotFound
from app.store import units
from app.store.views import UnitView
from pipelines.records import Emerging

WAITING = "u.theme_id IS NULL AND u.placed_by IS NULL"
"""Units that no run could place; those that a person took out of a theme do not wait for another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergingView:
    """A proposal with those of its units that are still unthemed, the nearest to their centre first.

    `fresh` counts how many of all its units came after the last full run.
    """

    id: str
    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    fresh: int
    cohesion: float
    units: tuple[UnitView, ...]

    @property
    def verbatims(self) -> int:
        """How many verbatims the units are from."""
        return len({unit.verbatim_id for unit in self.units})


def waiting(db: Database) -> tuple[Sequence[int], Sequence[bytes], frozenset[str]]:
    """Return the numbers and text keys of the units that wait for a theme, and the ids of those that are new.

    New is what came after the last full run.
    """
    rows = db.conn.execute(
        f"""SELECT u.n, u.vector_hash, u.id, l.unit_id IS NULL FROM units u LEFT JOIN left_units l ON l.unit_id = u.id
            WHERE {WAITING} ORDER BY u.n"""
    ).fetchall()
    return [row[0] for row in rows], [row[1] for row in rows], frozenset(row[2] for row in rows if row[3])


def forget(db: Database) -> None:
    """Drop all proposals and note what the run that ends now left unthemed; inside its write transaction."""
    db.conn.execute("DELETE FROM emerging")
    db.conn.execute("DELETE FROM left_units")
    db.conn.execute(f"INSERT INTO left_units SELECT u.id FROM units u WHERE {WAITING}")


def replace(db: Database, found: Sequence[Emerging]) -> None:
    """Store proposals in place of the earlier ones; inside a write transaction."""
    db.conn.execute("DELETE FROM emerging")
    for number, one in enumerate(found):
        db.conn.execute(
            "INSERT INTO emerging (id, n, name_zh, name_en, keywords, fresh, cohesion) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                one.id,
                number,
                one.name_zh,
                one.name_en,
                json.dumps(one.keywords, ensure_ascii=False),
                one.fresh,
                one.cohesion,
            ),
        )
        db.conn.executemany(
            "INSERT INTO emerging_units (emerging_id, n, unit_id) VALUES (?, ?, ?)",
            ((one.id, place, unit_id) for place, unit_id in enumerate(one.unit_ids)),
        )


def remove(db: Database, emerging_id: str) -> None:
    """Drop one proposal; inside a write transaction."""
    db.conn.execute("DELETE FROM emerging WHERE id = ?", (emerging_id,))


def list_views(db: Database) -> tuple[EmergingView, ...]:
    """Return the proposals that still have unthemed units, the largest first."""
    members: dict[str, list[str]] = {}
    for emerging_id, unit_id in db.conn.execute(
        f"""SELECT e.emerging_id, e.unit_id FROM emerging_units e JOIN units u ON u.id = e.unit_id
            WHERE {WAITING} ORDER BY e.emerging_id, e.n"""
    ):
        members.setdefault(emerging_id, []).append(unit_id)
    rows = db.conn.execute("SELECT id, name_zh, name_en, keywords, fresh, cohesion FROM emerging ORDER BY n").fetchall()
    return tuple(
        EmergingView(
            id=row[0],
            name_zh=row[1],
            name_en=row[2],
            keywords=tuple(json.loads(row[3])),
            fresh=row[4],
            cohesion=row[5],
            units=tuple(units.by_ids(db, members[row[0]])),
        )
        for row in rows
        if row[0] in members
    )


def view(db: Database, emerging_id: str) -> EmergingView:
    """Return one proposal. Raises NotFound where there is none of that id, or none any more."""
    found = next((one for one in list_views(db) if one.id == emerging_id), None)
    if found is None:
        raise NotFound(code="no_emerging", values={"emerging": emerging_id[:80]})
    return found
