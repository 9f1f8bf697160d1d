"""Idempotency keys: what was answered to a call, so that the same call sent again gets the same answer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from app.errors import Conflict
from app.store.projects import now

KEPT_HOURS = 24
"""Longer than any sensible retry goes on, and the time that other APIs keep theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: the key its sender chose, and a hash of what it asked."""

    key: str
    body_hash: str


def answered(db: Database, call: Call) -> str | None:
    """Return what this call was answered before, None where it is new. Raises Conflict for a key with another body."""
    row = db.conn.execute("SELECT body_hash, response FROM idempotency_keys WHERE key = ?", (call.key,)).fetchone()
    if row is None:
        return None
    if row[0] != call.body_hash:
        raise Conflict(code="key_reused", values={"key": call.key})
    return str(row[1])


def remember(db: Database, call: Call, response: str) -> None:
    """Store the answer and forget old ones; inside a write transaction. The first answer to a key stands."""
    oldest = (datetime.now(UTC) - timedelta(hours=KEPT_HOURS)).isoformat(timespec="seconds")
    db.conn.execute("DELETE FROM idempotency_keys WHERE created_at < ?", (oldest,))
    db.conn.execute(
        "INSERT OR IGNORE INTO idempotency_keys (key, body_hash, response, created_at) VALUES (?, ?, ?, ?)",
        (call.key, call.body_hash, response, now()),
    )
