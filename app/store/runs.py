"""Runs: what each analysis was made with and what it counted, so that it can be repeated."""

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from app.store.projects import now
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
    if row is None:
        return None
    values = dict(zip(COLUMNS.split(", "), row, strict=True))
    for key in ("counts", "models", "settings", "seconds", "versions"):
        values[key] = json.loads(values[key])
    return values
