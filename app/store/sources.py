"""Sources and the uploads that fed them; what was rejected and set aside, row by row."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.errors import NotFound
from app.store.filters import next_after, offset_of
from app.store.projects import now
from app.store.views import Page, SourceView
from pipelines.records import Rejected, SetAside, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file as it came: its hash, what it was read as, with which mapping, and what came of it."""

    sha256: str
    kind: str
    filename: str
    format: str
    encoding: str | None
    mapping: Mapping[str, Any]
    notes: tuple[str, ...]
    counts: Mapping[str, Any]


def save(db: Database, source: Source) -> None:
    """Store a source unless it is there; inside a write transaction."""
    db.conn.execute(
        "INSERT INTO sources (id, name, kind, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (source.id, source.name, source.kind, now()),
    )


def save_upload(db: Database, upload: Upload, *, source_id: str | None) -> None:
    """Store what one file was and gave; inside a write transaction."""
    db.conn.execute(
        """INSERT OR REPLACE INTO uploads
           (sha256, kind, source_id, filename, format, encoding, mapping, notes, counts, uploaded_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            upload.sha256,
            upload.kind,
            source_id,
            upload.filename,
            upload.format,
            upload.encoding,
            json.dumps(upload.mapping, ensure_ascii=False),
            json.dumps(upload.notes, ensure_ascii=False),
            json.dumps(upload.counts, ensure_ascii=False),
            now(),
        ),
    )


def find_upload(db: Database, sha256: str, kind: str) -> Mapping[str, Any] | None:
    """Return the upload of a file with these bytes, or None where it is new."""
    row = db.conn.execute(
        """SELECT sha256, kind, source_id, filename, format, encoding, mapping, notes, counts, uploaded_at
           FROM uploads WHERE sha256 = ? AND kind = ?""",
        (sha256, kind),
    ).fetchone()
    return None if row is None else _upload(row)


def uploads(db: Database, source_id: str | None = None) -> tuple[Mapping[str, Any], ...]:
    """Return uploads in the order they came: one source's, or all (customer files too)."""
    rows = db.conn.execute(
        """SELECT sha256, kind, source_id, filename, format, encoding, mapping, notes, counts, uploaded_at
           FROM uploads WHERE :source IS NULL OR source_id = :source ORDER BY uploaded_at, rowid""",
        {"source": source_id},
    )
    return tuple(_upload(row) for row in rows)


def save_left_out(
    db: Database,
    source_id: str | None,
    *,
    upload_sha256: str | None,
    rejected: Iterable[Rejected],
    set_aside: Iterable[SetAside],
) -> None:
    """Store the rows that were rejected and the answers set aside; inside a write transaction."""
    db.conn.executemany(
        "INSERT INTO rejected (source_id, upload_sha256, row, reason, detail, raw) VALUES (?, ?, ?, ?, ?, ?)",
        ((source_id, upload_sha256, item.row, item.reason, item.detail, item.raw) for item in rejected),
    )
    db.conn.executemany(
        "INSERT INTO set_aside (source_id, upload_sha256, row, question, reason, text) VALUES (?, ?, ?, ?, ?, ?)",
        ((source_id, upload_sha256, item.row, item.question, item.reason, item.text) for item in set_aside),
    )


def views(db: Database) -> tuple[SourceView, ...]:
    """Return every source with what came of it, in the order they came."""
    rows = db.conn.execute(
        """SELECT s.id, s.name, s.kind, s.created_at,
                  (SELECT count(*) FROM verbatims v WHERE v.source_id = s.id),
                  (SELECT count(*) FROM rejected r WHERE r.source_id = s.id),
                  (SELECT count(*) FROM set_aside a WHERE a.source_id = s.id)
           FROM sources s ORDER BY s.created_at, s.rowid"""
    ).fetchall()
    return tuple(
        SourceView(
            id=row[0],
            name=row[1],
            kind=row[2],
            created_at=row[3],
            verbatims=row[4],
            rejected=row[5],
            set_aside=row[6],
            uploads=uploads(db, row[0]),
        )
        for row in rows
    )


def view(db: Database, source_id: str) -> SourceView:
    """Return one source. Raises NotFound where there is none."""
    for source in views(db):
        if source.id == source_id:
            return source
    raise NotFound(code="no_source", values={"source": source_id})


def delete(db: Database, source_id: str) -> None:
    """Remove a source with its verbatims, units and uploads; inside a write transaction. Raises NotFound."""
    view(db, source_id)
    db.conn.execute(
        "DELETE FROM verbatim_words WHERE rowid IN (SELECT n FROM verbatims WHERE source_id = ?)", (source_id,)
    )
    db.conn.execute("DELETE FROM sources WHERE id = ?", (source_id,))


def forget_reading(db: Database, source_id: str, *, kept: Iterable[str]) -> None:
    """Remove what a source's file was read as, but for the verbatims `kept` by id; inside a write transaction."""
    for table in ("rejected", "set_aside"):
        db.conn.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))
    gone = "source_id = ? AND id NOT IN (SELECT value FROM json_each(?))"
    asked = (source_id, json.dumps(list(kept)))
    db.conn.execute(f"DELETE FROM verbatim_words WHERE rowid IN (SELECT n FROM verbatims WHERE {gone})", asked)
    db.conn.execute(f"DELETE FROM verbatims WHERE {gone}", asked)


def rejected(
    db: Database, source_id: str | None = None, *, limit: int = 100, after: str | None = None
) -> Page[Mapping[str, Any]]:
    """Return rejected rows with source name, row number, reason, detail and the raw row, in row order."""
    return _left_out(
        db, source_id, columns="l.row, l.reason, l.detail, l.raw", table="rejected", limit=limit, after=after
    )


def set_aside(
    db: Database, source_id: str | None = None, *, limit: int = 100, after: str | None = None
) -> Page[Mapping[str, Any]]:
    """Return answers set aside with source name, row number, question, reason and text, in row order."""
    return _left_out(
        db, source_id, columns="l.row, l.question, l.reason, l.text", table="set_aside", limit=limit, after=after
    )


def rejected_customers(db: Database, *, limit: int = 100, after: str | None = None) -> Page[Mapping[str, Any]]:
    """Return the rejected rows of customers files with file name, row number, reason, detail and the raw row."""
    offset = offset_of(after)
    total = db.conn.execute("SELECT count(*) FROM rejected WHERE source_id IS NULL").fetchone()[0]
    rows = db.conn.execute(
        """SELECT u.filename, l.row, l.reason, l.detail, l.raw
           FROM rejected l LEFT JOIN uploads u ON u.sha256 = l.upload_sha256 AND u.kind = 'customers'
           WHERE l.source_id IS NULL ORDER BY u.filename, l.row, l.id LIMIT ? OFFSET ?""",
        (limit, offset),
    )
    items = tuple(dict(zip(("filename", "row", "reason", "detail", "raw"), row, strict=True)) for row in rows)
    return Page(items=items, total=total, next=next_after(offset, limit, total))


def left_out_counts(db: Database) -> dict[str, dict[str, int]]:
    """Return how many rows of feedback were rejected and answers set aside, by reason.

    Rows of a customers file hold no answers; they are counted with its upload, so that answers add up.
    """
    return {
        table: dict(
            db.conn.execute(
                f"SELECT reason, count(*) FROM {table} WHERE source_id IS NOT NULL GROUP BY reason ORDER BY reason"
            ).fetchall()
        )
        for table in ("rejected", "set_aside")
    }


def _left_out(
    db: Database, source_id: str | None, *, columns: str, table: str, limit: int, after: str | None
) -> Page[Mapping[str, Any]]:
    offset = offset_of(after)
    where = f"FROM {table} l LEFT JOIN sources s ON s.id = l.source_id WHERE :source IS NULL OR l.source_id = :source"
    total = db.conn.execute(f"SELECT count(*) {where}", {"source": source_id}).fetchone()[0]
    rows = db.conn.execute(
        f"SELECT s.name, {columns} {where} ORDER BY l.source_id, l.row, l.id LIMIT :limit OFFSET :offset",
        {"source": source_id, "limit": limit, "offset": offset},
    )
    keys = ["source", *(name.removeprefix("l.") for name in columns.split(", "))]
    items = tuple(dict(zip(keys, row, strict=True)) for row in rows)
    return Page(items=items, total=total, next=next_after(offset, limit, total))


def _upload(row: tuple[Any, ...]) -> Mapping[str, Any]:
    keys = (
        "sha256",
        "kind",
        "source_id",
        "filename",
        "format",
        "encoding",
        "mapping",
        "notes",
        "counts",
        "uploaded_at",
    )
    values = dict(zip(keys, row, strict=True))
    for key in ("mapping", "notes", "counts"):
        values[key] = json.loads(values[key])
    return values
