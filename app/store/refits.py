"""Heads re-fitted to people's corrections: their weights, what each gained, and which one is in use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.store.projects import now

COLUMNS = "id, made_at, base, encoder, name, gain, sha256, active, chosen_by"
KEPT = 5
"""Heads kept beside the one in use: enough to go back to, a megabyte each at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """A stored head without its weights; `base` and `encoder` are the models it belongs to, by name."""

    id: int
    made_at: str
    base: str
    encoder: str
    name: str
    gain: Mapping[str, Any]
    sha256: str
    active: bool
    chosen_by: str | None


def save(
    db: Database, *, base: str, encoder: str, name: str, gain: Mapping[str, Any], sha256: str, weights: bytes
) -> int:
    """Store a head, not in use yet, and forget the oldest beyond KEPT; inside a write transaction. Returns its id."""
    row = db.conn.execute(
        """INSERT INTO refits (made_at, base, encoder, name, gain, sha256, weights)
           VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (now(), base, encoder, name, json.dumps(gain), sha256, weights),
    ).fetchone()
    db.conn.execute(
        "DELETE FROM refits WHERE active = 0 AND id NOT IN (SELECT id FROM refits ORDER BY id DESC LIMIT ?)", (KEPT,)
    )
    return int(row[0])


def use(db: Database, refit_id: int | None, *, chosen_by: str | None) -> None:
    """Put one head in use and every other out of it (None: all); inside a write transaction.

    `chosen_by` is "gain" where the figures decided, "person" where somebody did.
    """
    db.conn.execute("UPDATE refits SET active = 0")
    if refit_id is not None:
        db.conn.execute("UPDATE refits SET active = 1, chosen_by = ? WHERE id = ?", (chosen_by, refit_id))


def latest(db: Database) -> Refit | None:
    """Return the newest head, None where there is none."""
    return _one(db, "ORDER BY id DESC LIMIT 1")


def active(db: Database) -> Refit | None:
    """Return the head in use, None where the model itself is."""
    return _one(db, "WHERE active = 1")


def weights(db: Database, refit_id: int) -> bytes:
    """Return the stored weights of a head."""
    return bytes(db.conn.execute("SELECT weights FROM refits WHERE id = ?", (refit_id,)).fetchone()[0])


def _one(db: Database, which: str) -> Refit | None:
    row = db.conn.execute(f"SELECT {COLUMNS} FROM refits {which}").fetchone()
    if row is None:
        return None
    values = dict(zip(COLUMNS.split(", "), row, strict=True))
    return Refit(**{**values, "gain": json.loads(values["gain"]), "active": bool(values["active"])})
