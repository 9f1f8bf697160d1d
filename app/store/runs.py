"""Runs: what each analysis was made with and what it counted, so that it can be repeated."""

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from app.store.filters import next_after, offset_of
from app.store.projects import now
from app.store.views import Page
from pipelines.records import Run

COLUMNS = "id, finished_at, kind, counts, models, settings, seed, seconds, versions, peak_mb"


def start(db: Database) -> int:
    """Return the number the next run will have."""
    return int(db.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM runs").fetchone()[0])


def save(db: Database, number: int, run: Run, *, kind: str, peak_mb: float | None) -> None:
    """Store a run; inside a write transaction. `kind` is "full" or "extend"."""
    db.conn.execute(
        f"INSERT INTO runs ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            now(),
            kind,
            json.dumps(run.counts, ensure_ascii=False),
            json.dumps(run.models, ensure_ascii=False),
            json.dumps(run.settings, ensure_ascii=False),
            run.seed,
            json.dumps(run.seconds),
            json.dumps(run.versions),
            peak_mb,
        ),
    )


def latest(db: Database) -> Mapping[str, Any] | None:
    """Return the newest run as a mapping of its columns, or None where nothing was analysed yet."""
    row = db.conn.execute(f"SELECT {COLUMNS} FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else _columns(row)


def newest(db: Database, *, limit: int = 50, after: str | None = None) -> Page[Mapping[str, Any]]:
    """Return runs as mappings of their columns, newest first."""
    offset = offset_of(after)
    total = db.conn.execute("SELECT count(*) FROM runs").fetchone()[0]
    rows = db.conn.execute(f"SELECT {COLUMNS} FROM runs ORDER BY id DESC LIMIT ? OFFSET ?", (limit, offset))
    return Page(items=tuple(_columns(row) for row in rows), total=total, next=next_after(offset, limit, total))


def _columns(row: tuple[Any, ...]) -> Mapping[str, Any]:
    values = dict(zip(COLUMNS.split(", "), row, strict=True))
    for key in ("counts", "models", "settings", "seconds", "versions"):
        values[key] = json.loads(values[key])
    return values
