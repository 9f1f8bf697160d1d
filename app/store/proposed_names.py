"""Names that a language model proposed: its answers, so that nothing is asked twice, and the names in use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

from app.store.projects import now
from pipelines.records import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class NameInUse:
    """A theme's pair of names as proposed and taken, with the model and the version of the instructions."""

    zh: str
    en: str
    model: str
    prompt: str


def answers(db: Database, keys: Iterable[bytes]) -> dict[bytes, tuple[str, str] | None]:
    """Return the stored answers to these questions: a pair of names, None where the answer was not one."""
    found: dict[bytes, tuple[str, str] | None] = {}
    for key in keys:
        row = db.conn.execute("SELECT name_zh, name_en FROM name_answers WHERE key = ?", (key,)).fetchone()
        if row is not None:
            found[key] = None if row[0] is None else (row[0], row[1])
    return found


def save_answer(db: Database, key: bytes, names: tuple[str, str] | None, *, model: str) -> None:
    """Store the answer to a question; inside a write transaction."""
    zh, en = names or (None, None)
    db.conn.execute(
        "INSERT OR REPLACE INTO name_answers (key, model, name_zh, name_en, asked_at) VALUES (?, ?, ?, ?, ?)",
        (key, model, zh, en, now()),
    )


def all_answers(db: Database) -> list[tuple[bytes, str, tuple[str, str] | None]]:
    """Return every stored answer as (key, model, names), in order of keys."""
    rows = db.conn.execute("SELECT key, model, name_zh, name_en FROM name_answers ORDER BY key")
    return [(row[0], row[1], None if row[2] is None else (row[2], row[3])) for row in rows]


def forget_unasked(db: Database, keys: Iterable[bytes], *, model: str) -> None:
    """Remove answers of this model to other questions, so that nothing of feedback that is gone stays; in a write."""
    kept = set(keys)
    stored = [row[0] for row in db.conn.execute("SELECT key FROM name_answers WHERE model = ?", (model,))]
    db.conn.executemany("DELETE FROM name_answers WHERE key = ?", ((key,) for key in stored if key not in kept))


def under(db: Database, theme_id: str) -> tuple[NameInUse, tuple[str, str]] | None:
    """Return a theme's proposed name in use with the offline names under it; None where a run's own name is shown.

    None too where a person has given both names since.
    """
    row = db.conn.execute(
        """SELECT p.name_zh, p.name_en, p.model, p.prompt, f.name_zh, f.name_en FROM proposed_names p
           JOIN found_themes f ON f.id = p.theme_id JOIN themes t ON t.id = p.theme_id
           WHERE p.theme_id = ? AND (t.name_zh = p.name_zh OR t.name_en = p.name_en)""",
        (theme_id,),
    ).fetchone()
    if row is None:
        return None
    return NameInUse(zh=row[0], en=row[1], model=row[2], prompt=row[3]), (row[4], row[5])


def in_use(db: Database) -> dict[str, NameInUse]:
    """Return the proposed names in use, by theme id."""
    rows = db.conn.execute("SELECT theme_id, name_zh, name_en, model, prompt FROM proposed_names")
    return {row[0]: NameInUse(zh=row[1], en=row[2], model=row[3], prompt=row[4]) for row in rows}


def replace_in_use(db: Database, names: Mapping[str, NameInUse]) -> None:
    """Store the proposed names in use in place of those there were; inside a write transaction."""
    db.conn.execute("DELETE FROM proposed_names")
    db.conn.executemany(
        "INSERT INTO proposed_names (theme_id, name_zh, name_en, model, prompt) VALUES (?, ?, ?, ?, ?)",
        ((theme_id, one.zh, one.en, one.model, one.prompt) for theme_id, one in names.items()),
    )


def named(db: Database, found: Iterable[Theme]) -> tuple[Theme, ...]:
    """Return themes that a run found with the proposed names in use in place of the run's."""
    used = in_use(db)
    return tuple(
        replace(theme, name_zh=used[theme.id].zh, name_en=used[theme.id].en) if theme.id in used else theme
        for theme in found
    )
