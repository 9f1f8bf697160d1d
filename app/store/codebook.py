"""The codebook of a project: themes defined beforehand, in the order in which people wrote them down."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from app.store.projects import now
from pipelines.records import Codebook, CodebookEntry

COLUMNS = "guid, name_zh, name_en, description, parent, examples, color, codable, theme_id"


def all_entries(db: Database) -> Codebook:
    """Return the codebook, in order; parents come before what is below them."""
    rows = db.conn.execute(f"SELECT {COLUMNS} FROM codebook_themes ORDER BY n")
    return tuple(
        CodebookEntry(
            guid=row[0],
            name_zh=row[1],
            name_en=row[2],
            description=row[3],
            parent=row[4],
            examples=tuple(json.loads(row[5])),
            color=row[6],
            codable=bool(row[7]),
            theme_id=row[8],
        )
        for row in rows
    )


def replace(db: Database, codebook: Sequence[CodebookEntry]) -> None:
    """Store a codebook in place of the one there is, keeping when each entry was made; inside a write transaction."""
    before = dict(db.conn.execute("SELECT guid, created_at FROM codebook_themes").fetchall())
    at = now()
    db.conn.execute("DELETE FROM codebook_themes")
    db.conn.executemany(
        f"INSERT INTO codebook_themes ({COLUMNS}, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                entry.guid,
                entry.name_zh,
                entry.name_en,
                entry.description,
                entry.parent,
                json.dumps(entry.examples, ensure_ascii=False),
                entry.color,
                int(entry.codable),
                entry.theme_id,
                before.get(entry.guid, at),
            )
            for entry in codebook
        ),
    )


def mark_defined(db: Database, theme_id: str) -> None:
    """Show a theme as a defined one before the next run says so; inside a write transaction."""
    for table in ("themes", "found_themes"):
        db.conn.execute(f"UPDATE {table} SET status = 'defined' WHERE id = ?", (theme_id,))


def unit_counts(db: Database) -> dict[str, int]:
    """Return how many opinion units each theme has that has some; a parent has those of the themes below it."""
    counted = dict(db.conn.execute("SELECT theme_id, count(*) FROM units WHERE theme_id IS NOT NULL GROUP BY theme_id"))
    above = db.conn.execute("SELECT id, parent_id FROM themes WHERE parent_id IS NOT NULL").fetchall()
    for theme_id, parent_id in above:
        counted[parent_id] = counted.get(parent_id, 0) + counted.get(theme_id, 0)
    return counted


def theme_names(db: Database) -> dict[str, tuple[str, str]]:
    """Return the names that defined themes have in the present themes, in Chinese and English, by theme id."""
    rows = db.conn.execute("SELECT id, name_zh, name_en FROM themes WHERE status = 'defined'")
    return {row[0]: (row[1], row[2]) for row in rows}
