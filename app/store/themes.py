"""Themes: saving what a run found, and reading them with their counts under any filters."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from app.errors import NotFound
from app.store import found, proposed_names
from app.store.filters import NONE, UNIT_FROM, Filters, unit_where
from app.store.views import SentimentCounts, ThemeView
from pipelines.records import Theme, ThemeMarks

COUNTS = """count(u.id) AS units, count(DISTINCT v.id) AS verbatims, count(DISTINCT v.customer_id) AS customers,
    sum(u.sentiment = 'negative') AS negative, sum(u.sentiment = 'neutral') AS neutral,
    sum(u.sentiment = 'positive') AS positive"""
COLUMNS = """id, parent_id, name_zh, name_en, keywords, exemplars, status, tentative, impact, trend, first_run,
    last_run, pinned, hidden OR coalesce((SELECT p.hidden FROM themes p WHERE p.id = themes.parent_id), 0), locked,
    edits"""
Counts = tuple[int, int, int, int, int, int]
NOTHING: Counts = (0, 0, 0, 0, 0, 0)
NO_MARKS = ThemeMarks()
UNTHEMED_NAMES = ("未归主题", "Unthemed")


def replace(db: Database, themes: Sequence[Theme], *, run: int, marks: Mapping[str, ThemeMarks] | None = None) -> None:
    """Store themes in place of the earlier ones, keeping when each was first seen and its insight; inside a write.

    Without `marks` they are what a run found, and are kept as that too; the names in use that a language model proposed
    lie over theirs. With `marks` they are what people made of it.
    """
    first = found.first_runs(db)
    insight = {row[0]: row[1:] for row in db.conn.execute("SELECT id, impact, trend FROM themes")}
    if marks is None:
        found.replace_themes(db, themes, run=run)
        themes = proposed_names.named(db, themes)
    db.conn.execute("DELETE FROM themes")
    db.conn.executemany(
        f"""INSERT INTO themes ({found.THEME}, first_run, last_run, impact, trend, pinned, hidden, locked, edits)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            (
                *found.theme_row(theme),
                first.get(theme.id, run),
                run,
                *insight.get(theme.id, (None, None)),
                *_marks((marks or {}).get(theme.id, NO_MARKS)),
            )
            for theme in themes
        ),
    )


def set_insight(db: Database, theme_id: str, *, impact: Mapping[str, Any] | None, trend: Mapping[str, Any]) -> None:
    """Store a theme's impact on the score and its trend; inside a write transaction."""
    db.conn.execute(
        "UPDATE themes SET impact = ?, trend = ? WHERE id = ?",
        (None if impact is None else json.dumps(impact), json.dumps(trend), theme_id),
    )


def all_records(db: Database) -> tuple[Theme, ...]:
    """Return every theme as a record, parents too."""
    return tuple(found.theme_record(row) for row in db.conn.execute(f"SELECT {found.THEME} FROM themes ORDER BY id"))


def list_views(db: Database, filters: Filters) -> tuple[ThemeView, ...]:
    """Return every theme with its counts under the filters, most units first; parents hold their children's units."""
    return with_unthemed(db, filters)[0]


def with_unthemed(db: Database, filters: Filters) -> tuple[tuple[ThemeView, ...], ThemeView]:
    """Return every theme as `list_views` does, and the unthemed as `unthemed` does, counted in one pass."""
    counted = _counts(db, filters)
    total = sum(counts[0] for counts in counted["leaf"].values())
    rows = db.conn.execute(f"SELECT {COLUMNS} FROM themes ORDER BY id").fetchall()
    parents = {row[1] for row in rows if row[1] is not None}
    views = [
        _view(
            row,
            counts=counted["parent" if row[0] in parents else "leaf"].get(row[0], NOTHING),
            total=total,
            is_parent=row[0] in parents,
        )
        for row in rows
    ]
    ordered = tuple(sorted(views, key=lambda view: (-view.units, view.id)))
    return ordered, _unthemed(counted["leaf"].get(None, NOTHING), total=total)


def unthemed(db: Database, filters: Filters) -> ThemeView:
    """Return the units that fit no theme, counted as a theme is; its id is "none"."""
    where, parameters = unit_where(filters)
    total = db.conn.execute(f"SELECT count(*) FROM {UNIT_FROM} WHERE {where}", parameters).fetchone()[0]
    counted = db.conn.execute(
        f"SELECT {COUNTS} FROM {UNIT_FROM} WHERE u.theme_id IS NULL AND {where}", parameters
    ).fetchone()
    return _unthemed(counted if counted[0] else NOTHING, total=total)


def names(db: Database, theme_id: str) -> tuple[str, str]:
    """Return a theme's names in Chinese and English, without counting ("none": unthemed). Raises NotFound."""
    if theme_id == NONE:
        return UNTHEMED_NAMES
    row = db.conn.execute("SELECT name_zh, name_en FROM themes WHERE id = ?", (theme_id,)).fetchone()
    if row is None:
        raise NotFound(code="no_theme", values={"theme": theme_id})
    return row[0], row[1]


def brief(db: Database, theme_id: str) -> ThemeView:
    """Return one theme without counting anything: all its counts are 0. Raises NotFound where there is none."""
    row = db.conn.execute(f"SELECT {COLUMNS} FROM themes WHERE id = ?", (theme_id,)).fetchone()
    if row is None:
        raise NotFound(code="no_theme", values={"theme": theme_id})
    parent = db.conn.execute("SELECT EXISTS (SELECT 1 FROM themes WHERE parent_id = ?)", (theme_id,)).fetchone()[0]
    return _view(row, counts=NOTHING, total=0, is_parent=bool(parent))


def view(db: Database, theme_id: str, filters: Filters) -> ThemeView:
    """Return one theme with its counts under the filters ("none": unthemed). Raises NotFound where there is none."""
    if theme_id == NONE:
        return unthemed(db, filters)
    for theme in list_views(db, filters):
        if theme.id == theme_id:
            return theme
    raise NotFound(code="no_theme", values={"theme": theme_id})


def _counts(db: Database, filters: Filters) -> dict[str, dict[str | None, Counts]]:
    where, parameters = unit_where(filters)
    # Summed by theme and verbatim first: what is counted once per verbatim is then a row, not a search for duplicates.
    said = f"""WITH said AS MATERIALIZED (
            SELECT u.theme_id AS theme, u.verbatim_id AS verbatim, v.customer_id AS customer, count(*) AS units,
                sum(u.sentiment = 'negative') AS negative, sum(u.sentiment = 'neutral') AS neutral,
                sum(u.sentiment = 'positive') AS positive
            FROM {UNIT_FROM} WHERE {where} GROUP BY u.theme_id, u.verbatim_id
        )"""
    summed = "sum(units), {verbatims}, count(DISTINCT customer), sum(negative), sum(neutral), sum(positive)"
    rows = db.conn.execute(
        f"""{said}
            SELECT 'leaf', theme, {summed.format(verbatims="count(*)")} FROM said GROUP BY theme
            UNION ALL
            SELECT 'parent', t.parent_id, {summed.format(verbatims="count(DISTINCT verbatim)")} FROM said
                JOIN themes t ON t.id = said.theme WHERE t.parent_id IS NOT NULL GROUP BY t.parent_id""",
        parameters,
    )
    found: dict[str, dict[str | None, Counts]] = {"leaf": {}, "parent": {}}
    for row in rows:
        found[row[0]][row[1]] = row[2:]
    return found


def _unthemed(counts: Counts, *, total: int) -> ThemeView:
    row = (NONE, None, *UNTHEMED_NAMES, "[]", "[]", "unthemed", 0, None, None, 0, 0, 0, 0, 0, "[]")
    return _view(row, counts=counts, total=total, is_parent=False)


def _view(row: tuple[Any, ...], *, counts: Counts, total: int, is_parent: bool) -> ThemeView:
    return ThemeView(
        id=row[0],
        parent_id=row[1],
        name_zh=row[2],
        name_en=row[3],
        keywords=tuple(json.loads(row[4])),
        exemplars=tuple(json.loads(row[5])),
        status=row[6],
        tentative=bool(row[7]),
        impact=None if row[8] is None else json.loads(row[8]),
        trend=None if row[9] is None else json.loads(row[9]),
        first_run=row[10],
        last_run=row[11],
        pinned=bool(row[12]),
        hidden=bool(row[13]),
        locked=bool(row[14]),
        edits=tuple(json.loads(row[15])),
        is_parent=is_parent,
        units=counts[0],
        verbatims=counts[1],
        customers=counts[2],
        share=counts[0] / total if total else 0.0,
        sentiment=SentimentCounts(negative=counts[3], neutral=counts[4], positive=counts[5]),
    )


def _marks(marks: ThemeMarks) -> tuple[int, int, int, str]:
    return int(marks.pinned), int(marks.hidden), int(marks.locked), json.dumps(marks.edits)
