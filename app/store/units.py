"""Opinion units as stored: text, span, theme and sentiment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from app.errors import NotFound
from app.store.filters import UNIT_FROM, Filters, next_after, offset_of, unit_where, with_limit
from app.store.vectors import text_hash
from app.store.views import Page, UnitView
from pipelines.records import OpinionUnit, Sentiment, ThemeAssignment

SELECT_VIEW = """SELECT u.id, u.verbatim_id, u.start, u."end", u.text, u.language, u.theme_id, t.name_zh, t.name_en,
    u.similarity, u.sentiment, u.confidence, u.decided"""
ORDERS = {
    "newest": "v.day IS NULL, v.created_at DESC, u.n",
    "nearest": "u.similarity DESC, u.n",
    "unsure": "u.similarity, u.n",
    "input": "u.n",
}


def replace(
    db: Database,
    units: Sequence[OpinionUnit],
    *,
    assignments: Sequence[ThemeAssignment],
    sentiments: Sequence[Sentiment],
    keep_others: bool,
) -> None:
    """Store units with theme and sentiment (aligned); inside a write transaction.

    `keep_others` leaves the units of other verbatims as they are; without it every earlier unit is replaced.
    """
    if not keep_others:
        db.conn.execute("DELETE FROM units")
    db.conn.executemany(
        """INSERT OR REPLACE INTO units (id, verbatim_id, start, "end", text, shadow, language, theme_id, similarity,
               sentiment, confidence, negative, neutral, positive, vector_hash, found_theme_id, found_similarity)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            (
                unit.id,
                unit.verbatim_id,
                unit.start,
                unit.end,
                unit.text,
                unit.shadow,
                unit.language,
                assignment.theme_id,
                assignment.similarity,
                sentiment.label,
                sentiment.confidence,
                sentiment.negative,
                sentiment.neutral,
                sentiment.positive,
                text_hash(unit.shadow),
                assignment.theme_id,
                assignment.similarity,
            )
            for unit, assignment, sentiment in zip(units, assignments, sentiments, strict=True)
        ),
    )


def of_verbatims(db: Database, verbatim_ids: Sequence[str]) -> dict[str, list[UnitView]]:
    """Return the units of these verbatims, by verbatim id."""
    rows = db.conn.execute(
        f"""{SELECT_VIEW} FROM units u LEFT JOIN themes t ON t.id = u.theme_id
            WHERE u.verbatim_id IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(verbatim_ids)),),
    )
    grouped: dict[str, list[UnitView]] = {}
    for row in rows:
        unit = _view(row)
        grouped.setdefault(unit.verbatim_id, []).append(unit)
    return grouped


def list_views(
    db: Database, filters: Filters, *, order: str = "newest", limit: int = 50, after: str | None = None
) -> Page[UnitView]:
    """Return the units under the filters."""
    offset = offset_of(after)
    where, parameters = unit_where(filters)
    total = db.conn.execute(f"SELECT count(*) FROM {UNIT_FROM} WHERE {where}", parameters).fetchone()[0]
    rows = db.conn.execute(
        f"{SELECT_VIEW} FROM {UNIT_FROM} WHERE {where} ORDER BY {ORDERS[order]} LIMIT :limit OFFSET :offset",
        with_limit(parameters, limit=limit, offset=offset),
    )
    return Page(items=tuple(_view(row) for row in rows), total=total, next=next_after(offset, limit, total))


def by_ids(db: Database, ids: Sequence[str]) -> tuple[UnitView, ...]:
    """Return these units in the order of `ids`, leaving out those that are gone."""
    rows = db.conn.execute(
        f"""{SELECT_VIEW} FROM units u LEFT JOIN themes t ON t.id = u.theme_id
            WHERE u.id IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(ids)),),
    )
    found = {row[0]: _view(row) for row in rows}
    return tuple(found[one] for one in ids if one in found)


def nearest_by_theme(db: Database, filters: Filters, *, limit: int) -> dict[str | None, tuple[UnitView, ...]]:
    """Return for every theme (None: unthemed) the units nearest to it under the filters, all themes in one pass."""
    where, parameters = unit_where(filters)
    rows = db.conn.execute(
        f"""SELECT * FROM (
                {SELECT_VIEW}, row_number() OVER (PARTITION BY u.theme_id ORDER BY u.similarity DESC, u.n) AS place
                FROM {UNIT_FROM} WHERE {where}
            ) WHERE place <= :limit ORDER BY theme_id, place""",
        {**parameters, "limit": limit},
    )
    grouped: dict[str | None, list[UnitView]] = {}
    for row in rows:
        unit = _view(row[:-1])
        grouped.setdefault(unit.theme_id, []).append(unit)
    return {theme_id: tuple(found) for theme_id, found in grouped.items()}


def members(db: Database) -> dict[str, frozenset[str]]:
    """Return the unit ids of every theme that has some."""
    grouped: dict[str, set[str]] = {}
    for theme_id, unit_id in db.conn.execute("SELECT theme_id, id FROM units WHERE theme_id IS NOT NULL"):
        grouped.setdefault(theme_id, set()).add(unit_id)
    return {theme_id: frozenset(ids) for theme_id, ids in grouped.items()}


def _view(
    row: tuple[str, str, int, int, str, str, str | None, str | None, str | None, float, str, float, str | None],
) -> UnitView:
    return UnitView(
        id=row[0],
        verbatim_id=row[1],
        start=row[2],
        end=row[3],
        text=row[4],
        language=row[5],
        theme_id=row[6],
        theme_zh=row[7],
        theme_en=row[8],
        similarity=row[9],
        sentiment=row[10],
        confidence=row[11],
        decided=row[12],
    )


def texts_by_id(db: Database, ids: Sequence[str]) -> dict[str, tuple[bytes, str | None]]:
    """Return (key of what it says, theme or None) of each of these units that is there."""
    rows = db.conn.execute(
        "SELECT id, vector_hash, theme_id FROM units WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def any_in(db: Database, theme_id: str) -> bool:
    """Say whether a theme itself holds units."""
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM units WHERE theme_id = ?)", (theme_id,)).fetchone()[0])


def texts_in(db: Database, theme_id: str) -> frozenset[bytes]:
    """Return the keys of all that is said in a theme."""
    rows = db.conn.execute("SELECT DISTINCT vector_hash FROM units WHERE theme_id = ?", (theme_id,))
    return frozenset(row[0] for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How a unit came to its theme: where the run put it, and the edit that put it elsewhere, if one did."""

    found: str | None
    edit: int | None
    follows: bool


def placement(db: Database, unit_id: str) -> Placement:
    """Return how a unit came to its place. Raises NotFound where there is no such unit."""
    row = db.conn.execute("SELECT found_theme_id, placed_by, follows FROM units WHERE id = ?", (unit_id,)).fetchone()
    if row is None:
        raise NotFound(code="no_unit", values={"unit": unit_id[:80]})
    return Placement(found=row[0], edit=row[1], follows=bool(row[2]))


def placed_by(db: Database, edit: int, *, limit: int) -> tuple[UnitView, ...]:
    """Return units that are where they are by an edit; those a person meant before those that followed."""
    rows = db.conn.execute(
        f"""{SELECT_VIEW} FROM {UNIT_FROM} WHERE u.placed_by = ? ORDER BY u.follows, u.n LIMIT ?""", (edit, limit)
    )
    return tuple(_view(row) for row in rows)


def numbers_in(db: Database, theme_id: str) -> tuple[list[int], list[bytes]]:
    """Return the numbers of the units in a theme and the keys of what they say, aligned, in the order stored."""
    rows = db.conn.execute("SELECT n, vector_hash FROM units WHERE theme_id = ? ORDER BY n", (theme_id,)).fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]
