"""Edits: what people changed about themes, as events that are appended, undone and redone, never deleted."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from app.errors import NotFound
from app.store.filters import next_after, offset_of
from app.store.found import THEME, theme_record, theme_row
from app.store.projects import now
from app.store.views import EditView, Page
from pipelines.records import KeptTheme, ThemeEdit, ThemePart

SELECT_VIEW = """SELECT e.id, e.at, e.who, e.kind, e.payload, e.undone_at, e.undone_by, e.idle,
    (SELECT count(*) FROM units u WHERE u.placed_by = e.id AND NOT u.follows),
    (SELECT count(*) FROM units u WHERE u.placed_by = e.id AND u.follows) FROM theme_events e"""


def next_id(db: Database) -> int:
    """Return the number the next event will have."""
    return int(db.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM theme_events").fetchone()[0])


def add(db: Database, edit: ThemeEdit, *, names: Mapping[str, tuple[str, str]], count: int = 0) -> None:
    """Append an event; inside a write transaction.

    `names` are those of the themes it is about, at this time; `count` is how many units a person meant.
    """
    payload = {
        "themes": list(edit.theme_ids),
        "into": edit.into,
        "name": {"zh": edit.name_zh, "en": edit.name_en},
        "on": edit.on,
        "run": edit.run,
        "count": count,
        "parts": [
            {
                "id": part.id,
                "name": {"zh": part.name_zh, "en": part.name_en},
                "keywords": list(part.keywords),
                "chosen": part.chosen,
            }
            for part in edit.parts
        ],
        "names": {theme_id: {"zh": zh, "en": en} for theme_id, (zh, en) in names.items()},
    }
    db.conn.execute(
        "INSERT INTO theme_events (id, at, who, kind, payload) VALUES (?, ?, ?, ?, ?)",
        (edit.id, edit.at, edit.who, edit.kind, json.dumps(payload, ensure_ascii=False)),
    )
    texts = [(edit.id, -1, key) for key in edit.texts]
    texts += [(edit.id, number, key) for number, part in enumerate(edit.parts) for key in part.texts]
    db.conn.executemany("INSERT INTO theme_event_texts (event, part, text_hash) VALUES (?, ?, ?)", sorted(texts))


def records(db: Database) -> tuple[ThemeEdit, ...]:
    """Return every event as a record, the oldest first, undone ones too."""
    texts: dict[tuple[int, int], set[bytes]] = {}
    for event, part, key in db.conn.execute("SELECT event, part, text_hash FROM theme_event_texts"):
        texts.setdefault((event, part), set()).add(key)
    rows = db.conn.execute("SELECT id, at, who, kind, payload, undone_at FROM theme_events ORDER BY id").fetchall()
    return tuple(_record(row, texts) for row in rows)


def exist(db: Database) -> bool:
    """Say whether anybody ever edited a theme of this project."""
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM theme_events)").fetchone()[0])


def list_views(db: Database, *, theme: str | None = None, limit: int = 50, after: str | None = None) -> Page[EditView]:
    """Return the events, the newest first; with `theme` only those that name this theme."""
    offset = offset_of(after)
    where, parameters = "1", {}
    if theme is not None:
        where = """(EXISTS (SELECT 1 FROM json_each(e.payload, '$.themes') j WHERE j.value = :theme)
            OR json_extract(e.payload, '$.into') = :theme
            OR EXISTS (SELECT 1 FROM json_each(e.payload, '$.parts') j WHERE json_extract(j.value, '$.id') = :theme))"""
        parameters = {"theme": theme}
    total = db.conn.execute(f"SELECT count(*) FROM theme_events e WHERE {where}", parameters).fetchone()[0]
    rows = db.conn.execute(
        f"{SELECT_VIEW} WHERE {where} ORDER BY e.id DESC LIMIT :limit OFFSET :offset",
        {**parameters, "limit": limit, "offset": offset},
    )
    return Page(items=tuple(_view(row) for row in rows), total=total, next=next_after(offset, limit, total))


def view(db: Database, edit_id: int) -> EditView:
    """Return one event. Raises NotFound where there is none."""
    row = db.conn.execute(f"{SELECT_VIEW} WHERE e.id = ?", (edit_id,)).fetchone()
    if row is None:
        raise NotFound(code="no_edit", values={"edit": edit_id})
    return _view(row)


def live(db: Database) -> int:
    """Return how many events are in force."""
    return int(db.conn.execute("SELECT count(*) FROM theme_events WHERE undone_at IS NULL").fetchone()[0])


def set_undone(db: Database, edit_id: int, *, who: str) -> None:
    """Mark an event as undone; inside a write transaction."""
    db.conn.execute("UPDATE theme_events SET undone_at = ?, undone_by = ? WHERE id = ?", (now(), who, edit_id))


def set_redone(db: Database, edit_id: int) -> None:
    """Put an undone event in force again; inside a write transaction."""
    db.conn.execute("UPDATE theme_events SET undone_at = NULL, undone_by = NULL WHERE id = ?", (edit_id,))


def set_idle(db: Database, ids: Iterable[int]) -> None:
    """Note which events have nothing to do at present; inside a write transaction."""
    db.conn.execute("UPDATE theme_events SET idle = id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(ids)),))


def set_gone(db: Database, gone: Mapping[str, tuple[str, ...]]) -> None:
    """Store where the units of themes that are no more went; inside a write transaction."""
    db.conn.execute("DELETE FROM gone_themes")
    db.conn.executemany(
        "INSERT INTO gone_themes (id, went_to) VALUES (?, ?)",
        ((theme_id, json.dumps(went_to)) for theme_id, went_to in sorted(gone.items())),
    )


def gone(db: Database, theme_id: str) -> tuple[str, ...] | None:
    """Return the themes that a theme people merged or split became, None where that never was."""
    row = db.conn.execute("SELECT went_to FROM gone_themes WHERE id = ?", (theme_id,)).fetchone()
    return None if row is None else tuple(json.loads(row[0]))


def kept(db: Database) -> tuple[KeptTheme, ...]:
    """Return the themes that events name and that the latest run did not find, as they were last found."""
    texts: dict[str, set[bytes]] = {}
    for theme_id, key in db.conn.execute("SELECT theme_id, text_hash FROM kept_texts"):
        texts.setdefault(theme_id, set()).add(key)
    rows = db.conn.execute(f"SELECT {THEME}, run, is_parent FROM kept_themes ORDER BY id")
    return tuple(
        KeptTheme(
            theme=theme_record(row),
            texts=frozenset(texts.get(row[0], ())),
            run=row[-2],
            is_parent=bool(row[-1]),
        )
        for row in rows
    )


def replace_kept(db: Database, found: Iterable[KeptTheme], *, first: Mapping[str, int]) -> None:
    """Store the kept themes in place of the earlier ones; inside a write transaction."""
    db.conn.execute("DELETE FROM kept_texts")
    db.conn.execute("DELETE FROM kept_themes")
    for one in found:
        db.conn.execute(
            f"INSERT INTO kept_themes ({THEME}, first_run, run, is_parent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*theme_row(one.theme), first.get(one.theme.id, one.run), one.run, int(one.is_parent)),
        )
        db.conn.executemany(
            "INSERT INTO kept_texts (theme_id, text_hash) VALUES (?, ?)", ((one.theme.id, key) for key in one.texts)
        )


def _record(row: tuple[Any, ...], texts: Mapping[tuple[int, int], set[bytes]]) -> ThemeEdit:
    payload = json.loads(row[4])
    return ThemeEdit(
        id=row[0],
        at=row[1],
        who=row[2],
        kind=row[3],
        theme_ids=tuple(payload["themes"]),
        into=payload["into"],
        name_zh=payload["name"]["zh"],
        name_en=payload["name"]["en"],
        on=payload["on"],
        run=payload["run"],
        texts=frozenset(texts.get((row[0], -1), ())),
        parts=tuple(
            ThemePart(
                id=part["id"],
                name_zh=part["name"]["zh"],
                name_en=part["name"]["en"],
                keywords=tuple(part["keywords"]),
                texts=frozenset(texts.get((row[0], number), ())),
                chosen=part["chosen"],
            )
            for number, part in enumerate(payload["parts"])
        ),
        undone=row[5] is not None,
    )


def _view(row: tuple[Any, ...]) -> EditView:
    payload = json.loads(row[4])
    return EditView(
        id=row[0],
        at=row[1],
        who=row[2],
        kind=row[3],
        theme_ids=tuple(payload["themes"]),
        into=payload["into"],
        name=payload["name"],
        on=payload["on"],
        count=payload["count"],
        parts=tuple(payload["parts"]),
        names=payload["names"],
        undone_at=row[5],
        undone_by=row[6],
        idle=bool(row[7]),
        units=row[8],
        followers=row[9],
    )
