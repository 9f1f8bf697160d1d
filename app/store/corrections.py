"""What people decided about the sentiment of opinion units: rows that are only added, the newest of a text counts.

A decision belongs to the words, not to one place: every unit of the project that says the same follows, today's and
those that later files bring, and no run undoes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlite_utils import Database

from app.errors import NotFound
from app.store.filters import next_after, offset_of
from app.store.projects import now
from app.store.views import Page
from pipelines.records import Label, Sentiment

CURRENT = """SELECT text_hash, after, kind, sampled FROM corrections
    WHERE id IN (SELECT max(id) FROM corrections GROUP BY text_hash) AND after IS NOT NULL"""
"""The decision that holds for each text."""
DECIDED_CONFIDENCE = 1.0
"""Of a sentiment that a person decided: the model's doubt is no longer the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedUnit:
    """A unit as it stands before a decision; `model` is what the model says of it, `held` what a person last said."""

    id: str
    verbatim_id: str
    text_hash: bytes
    sentiment: Label
    held: Label | None
    probabilities: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """A text with the sentiment that a person gave it; `sampled`: it was drawn at random, not come across."""

    shadow: str
    sentiment: Label
    sampled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row of the record: who said what of which words, and whether it still holds."""

    id: int
    unit_id: str
    verbatim_id: str
    text: str
    language: str
    before: str
    after: str | None
    kind: str
    sampled: bool
    who: str | None
    at: str
    holds: bool
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCounts:
    """How many texts of the project a person has decided, and how; `sampled` of them were drawn at random."""

    corrected: int
    confirmed: int
    sampled: int

    @property
    def total(self) -> int:
        """Corrected and confirmed together."""
        return self.corrected + self.confirmed


def judged_unit(db: Database, unit_id: str) -> JudgedUnit:
    """Return a unit as it stands. Raises NotFound where there is none."""
    row = db.conn.execute(
        """SELECT id, verbatim_id, vector_hash, sentiment, decided, negative, neutral, positive
           FROM units WHERE id = ?""",
        (unit_id,),
    ).fetchone()
    if row is None:
        raise NotFound(code="no_unit", values={"unit": unit_id[:80]})
    return JudgedUnit(
        id=row[0],
        verbatim_id=row[1],
        text_hash=row[2],
        sentiment=row[3],
        held=None if row[4] is None else row[3],
        probabilities=(row[5], row[6], row[7]),
    )


def decide(
    db: Database, unit: JudgedUnit, *, after: Label | None, model: Sentiment, sampled: bool, who: str | None
) -> tuple[str, int]:
    """Store a decision and let every unit of the same words follow; inside a write. Returns its kind and how many.

    `model` is what the model says of these words: `after` None gives them back to it.
    """
    kind = "taken_back" if after is None else "confirmed" if after == model.label else "corrected"
    db.conn.execute(
        """INSERT INTO corrections (text_hash, unit_id, before, after, kind, sampled, who, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (unit.text_hash, unit.id, unit.sentiment, after, kind, int(sampled), who, now()),
    )
    changed = db.conn.execute(
        "UPDATE units SET sentiment = ?, confidence = ?, decided = ? WHERE vector_hash = ?",
        (
            after or model.label,
            model.confidence if after is None else DECIDED_CONFIDENCE,
            None if after is None else kind,
            unit.text_hash,
        ),
    )
    return kind, changed.rowcount


def apply(db: Database) -> None:
    """Give every unit the sentiment that a person decided for its words; inside a write transaction, after a run."""
    db.conn.execute(
        f"""UPDATE units SET sentiment = held.after, confidence = {DECIDED_CONFIDENCE}, decided = held.kind
            FROM ({CURRENT}) AS held WHERE units.vector_hash = held.text_hash"""
    )


def speakers(db: Database, text_hash: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (verbatims, customers) that say these words."""
    rows = db.conn.execute(
        """SELECT DISTINCT v.id, v.customer_id FROM units u JOIN verbatims v ON v.id = u.verbatim_id
           WHERE u.vector_hash = ?""",
        (text_hash,),
    ).fetchall()
    return tuple(row[0] for row in rows), tuple(sorted({row[1] for row in rows if row[1] is not None}))


def judged_texts(db: Database) -> tuple[JudgedText, ...]:
    """Return every decision that holds and whose words are still in the project, in the order of the words."""
    rows = db.conn.execute(
        f"""SELECT u.shadow, held.after, held.sampled FROM ({CURRENT}) AS held
            JOIN units u ON u.n = (SELECT min(n) FROM units WHERE vector_hash = held.text_hash) ORDER BY u.shadow"""
    )
    return tuple(JudgedText(shadow=row[0], sentiment=cast(Label, row[1]), sampled=bool(row[2])) for row in rows)


def other_texts(db: Database, *, limit: int) -> tuple[str, ...]:
    """Return a fair sample of the texts that nobody decided: in the order of their hashes, which know no meaning."""
    rows = db.conn.execute(
        "SELECT shadow FROM units WHERE decided IS NULL GROUP BY vector_hash ORDER BY vector_hash LIMIT ?", (limit,)
    )
    return tuple(row[0] for row in rows)


def sample(db: Database, *, limit: int) -> tuple[str, ...]:
    """Return one unit of each of the next texts to judge, a fair sample of those that nobody decided."""
    rows = db.conn.execute(
        """SELECT id, min(n) FROM units WHERE decided IS NULL GROUP BY vector_hash ORDER BY vector_hash LIMIT ?""",
        (limit,),
    )
    return tuple(row[0] for row in rows)


def distinct_texts(db: Database) -> list[tuple[bytes, str]]:
    """Return (key, text) of everything that is said in the project, each once."""
    return db.conn.execute("SELECT vector_hash, min(shadow) FROM units GROUP BY vector_hash").fetchall()


def replace_sentiments(db: Database, scored: Sequence[tuple[bytes, Sentiment]]) -> int:
    """Give the units of these texts what a model says; inside a write transaction. Returns how many it calls otherwise.

    What people decided is overwritten too: `apply` follows.
    """
    before = dict(db.conn.execute("SELECT id, sentiment FROM units WHERE decided IS NULL").fetchall())
    db.conn.executemany(
        """UPDATE units SET sentiment = ?, confidence = ?, negative = ?, neutral = ?, positive = ?
           WHERE vector_hash = ?""",
        ((found.label, found.confidence, found.negative, found.neutral, found.positive, key) for key, found in scored),
    )
    after = db.conn.execute("SELECT id, sentiment FROM units WHERE decided IS NULL")
    return sum(before[unit_id] != label for unit_id, label in after)


def counts(db: Database) -> DecisionCounts:
    """Return how many texts a person has decided, counting those whose words are still in the project."""
    row = db.conn.execute(
        f"""SELECT sum(kind = 'corrected'), sum(kind = 'confirmed'), sum(sampled) FROM ({CURRENT}) AS held
            WHERE EXISTS (SELECT 1 FROM units WHERE vector_hash = held.text_hash)"""
    ).fetchone()
    return DecisionCounts(corrected=row[0] or 0, confirmed=row[1] or 0, sampled=row[2] or 0)


def list_decisions(db: Database, *, limit: int = 50, after: str | None = None) -> Page[Decision]:
    """Return the record, newest first, leaving out words that are no longer in the project."""
    offset = offset_of(after)
    total = db.conn.execute(
        "SELECT count(*) FROM corrections c WHERE EXISTS (SELECT 1 FROM units WHERE vector_hash = c.text_hash)"
    ).fetchone()[0]
    rows = db.conn.execute(
        """SELECT c.id, u.id, u.verbatim_id, u.text, u.language, c.before, c.after, c.kind, c.sampled, c.who, c.at,
               c.after IS NOT NULL AND c.id = (SELECT max(id) FROM corrections WHERE text_hash = c.text_hash),
               (SELECT count(*) FROM units WHERE vector_hash = c.text_hash)
           FROM corrections c JOIN units u ON u.n = coalesce(
               (SELECT n FROM units WHERE id = c.unit_id AND vector_hash = c.text_hash),
               (SELECT min(n) FROM units WHERE vector_hash = c.text_hash))
           ORDER BY c.id DESC LIMIT ? OFFSET ?""",
        (limit, offset),
    )
    items = tuple(
        Decision(
            id=row[0],
            unit_id=row[1],
            verbatim_id=row[2],
            text=row[3],
            language=row[4],
            before=row[5],
            after=row[6],
            kind=row[7],
            sampled=bool(row[8]),
            who=row[9],
            at=row[10],
            holds=bool(row[11]),
            units=row[12],
        )
        for row in rows
    )
    return Page(items=items, total=total, next=next_after(offset, limit, total))
