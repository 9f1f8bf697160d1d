"""Verbatims: saving them so that a repeated one changes nothing, and reading them back with their units."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.errors import NotFound
from app.store import units
from app.store.filters import Filters, next_after, offset_of, unit_where, verbatim_where, with_limit
from app.store.projects import get_setting
from app.store.views import Page, UnitView, VerbatimView
from app.store.words import phrase_query, spaced
from pipelines.identity import identify
from pipelines.records import CustomerLink, Score, Verbatim

COLUMNS = (
    "id, source_id, row, external_id, question, language, text, created_at, score, scale, score_low, score_high,"
    " touchpoint, attributes, speaker, role, start_s, end_s, redactions"
)
SELECT_VIEW = """SELECT v.id, v.source_id, s.name, v.row, v.external_id, v.question, v.language, v.text, v.created_at,
    v.score, v.scale, v.score_low, v.score_high, v.customer_id, coalesce(c.name, c.external_id, c.id), c.type,
    v.matched_on, v.touchpoint, v.attributes, v.speaker, v.start_s, v.sentiment, v.redactions"""
FROM = "verbatims v JOIN sources s ON s.id = v.source_id LEFT JOIN customers c ON c.id = v.customer_id"
ORDERS = {
    "newest": "v.day IS NULL, v.created_at DESC, v.n",
    "oldest": "v.day IS NULL, v.created_at, v.n",
    "input": "v.n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What saving did to each verbatim, as ids."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]


def save(
    db: Database,
    verbatims: Sequence[Verbatim],
    *,
    links: Mapping[str, CustomerLink],
    words: Mapping[str, str],
) -> Saved:
    """Store verbatims with their customer links; inside a write transaction.

    `words` gives the text to be searched for each id. A verbatim whose id and content are stored already stays as it
    is; one whose text changed loses its units, which the next analysis makes anew.
    """
    stored = content_hashes(db)
    salt = str(get_setting(db, "salt"))
    created: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    for verbatim in verbatims:
        digest = content_hash(verbatim, salt=salt)
        if stored.get(verbatim.id) == digest:
            unchanged.append(verbatim.id)
            continue
        (updated if verbatim.id in stored else created).append(verbatim.id)
        stored[verbatim.id] = digest
        _write(db, verbatim, link=links.get(verbatim.id), words=words[verbatim.id], digest=digest)
    return Saved(created=tuple(created), updated=tuple(updated), unchanged=tuple(unchanged))


def content_hash(verbatim: Verbatim, *, salt: str) -> str:
    """Return a hash of all whose change would matter: text, score, date, customer, touchpoint, attributes.

    Salted, because it covers contacts that are stored in no other form.
    """
    return identify(
        "c",
        salt,
        verbatim.text,
        verbatim.score,
        verbatim.created_at,
        verbatim.customer,
        verbatim.touchpoint,
        sorted(verbatim.attributes.items()),
        verbatim.speaker,
        verbatim.start,
        verbatim.end,
    )


def content_hashes(db: Database) -> dict[str, str]:
    """Return the content hash of every stored verbatim by id."""
    return dict(db.conn.execute("SELECT id, content_hash FROM verbatims").fetchall())


def all_records(db: Database, *, only_new: bool = False) -> tuple[Verbatim, ...]:
    """Return the verbatims as records in input order; with `only_new` those that no run has split yet.

    Customer references are gone by now: links were made when the verbatims came in.
    """
    rows = db.conn.execute(f"SELECT {COLUMNS} FROM verbatims WHERE {NEW if only_new else '1'} ORDER BY n")
    return tuple(_record(row) for row in rows)


NEW = "id NOT IN (SELECT verbatim_id FROM units)"


def letters(db: Database, *, only_new: bool) -> int:
    """Return how many letters the verbatims hold, or those that no run has split yet."""
    found = db.conn.execute(f"SELECT coalesce(sum(length(text)), 0) FROM verbatims WHERE {NEW if only_new else '1'}")
    return int(found.fetchone()[0])


def list_views(
    db: Database,
    filters: Filters,
    *,
    q: str | None = None,
    order: str = "newest",
    limit: int = 50,
    after: str | None = None,
) -> Page[VerbatimView]:
    """Return verbatims under the filters, with `q` only those that hold every word of it; marked: the units meant."""
    offset = offset_of(after)
    where, parameters = verbatim_where(filters)
    query = phrase_query(q) if q else None
    if q and query is None:
        return Page(items=(), total=0, next=None)
    if query is not None:
        where += " AND v.n IN (SELECT rowid FROM verbatim_words WHERE verbatim_words MATCH :words)"
        parameters["words"] = query
    total = db.conn.execute(f"SELECT count(*) FROM {FROM} WHERE {where}", parameters).fetchone()[0]
    rows = db.conn.execute(
        f"{SELECT_VIEW} FROM {FROM} WHERE {where} ORDER BY {ORDERS[order]} LIMIT :limit OFFSET :offset",
        with_limit(parameters, limit=limit, offset=offset),
    ).fetchall()
    return Page(items=_views(db, rows, filters), total=total, next=next_after(offset, limit, total))


def ids(db: Database, filters: Filters) -> frozenset[str]:
    """Return the ids of the verbatims under the filters."""
    where, parameters = verbatim_where(filters)
    return frozenset(row[0] for row in db.conn.execute(f"SELECT v.id FROM {FROM} WHERE {where}", parameters))


def views_by_id(
    db: Database, wanted: Sequence[str], filters: Filters, *, similarity: Mapping[str, float] | None = None
) -> tuple[VerbatimView, ...]:
    """Return these verbatims in the order of `wanted`, leaving out those that the filters exclude."""
    where, parameters = verbatim_where(filters)
    rows = db.conn.execute(
        f"{SELECT_VIEW} FROM {FROM} WHERE {where} AND v.id IN (SELECT value FROM json_each(:ids))",
        {**parameters, "ids": json.dumps(list(wanted))},
    ).fetchall()
    found = {view.id: view for view in _views(db, rows, filters, similarity=similarity)}
    return tuple(found[one] for one in wanted if one in found)


def view(db: Database, verbatim_id: str) -> VerbatimView:
    """Return one verbatim. Raises NotFound where there is none."""
    found = views_by_id(db, [verbatim_id], Filters())
    if not found:
        raise NotFound(code="no_verbatim", values={"verbatim": verbatim_id})
    return found[0]


def heard_by_customer(
    db: Database, only: Sequence[str] | None = None
) -> dict[str, list[tuple[str, str | None, str | None, Score | None]]]:
    """Return (text, created_at, sentiment, score) of all that each customer said, by customer id, oldest first.

    `only` names the customers that are asked for; None asks for all.
    """
    grouped: dict[str, list[tuple[str, str | None, str | None, Score | None]]] = {}
    asked = "customer_id IS NOT NULL" if only is None else "customer_id IN (SELECT value FROM json_each(?))"
    rows = db.conn.execute(
        f"""SELECT customer_id, text, created_at, sentiment, score, scale, score_low, score_high FROM verbatims
            WHERE {asked} ORDER BY customer_id, created_at, id""",
        () if only is None else (json.dumps(list(only)),),
    )
    for customer_id, text, created_at, sentiment, value, scale, low, high in rows:
        score = None if value is None else Score(value=value, scale=scale, low=low, high=high)
        grouped.setdefault(customer_id, []).append((text, created_at, sentiment, score))
    return grouped


def attribute_names(db: Database) -> tuple[str, ...]:
    """Return the name of every attribute that some verbatim has, in alphabetical order."""
    rows = db.conn.execute("SELECT DISTINCT j.key FROM verbatims v, json_each(v.attributes) j ORDER BY j.key")
    return tuple(row[0] for row in rows)


def set_sentiments(db: Database, only: Sequence[str] | None = None) -> None:
    """Derive each verbatim's sentiment (of `only` those named) from its units; inside a write transaction.

    Both ends present is *mixed*; otherwise the end that is present; otherwise neutral. No units: none.
    """
    asked = "1" if only is None else "id IN (SELECT value FROM json_each(?))"
    db.conn.execute(
        f"""UPDATE verbatims SET sentiment = (
               SELECT CASE WHEN sum(u.sentiment = 'negative') > 0 AND sum(u.sentiment = 'positive') > 0 THEN 'mixed'
                           WHEN sum(u.sentiment = 'negative') > 0 THEN 'negative'
                           WHEN sum(u.sentiment = 'positive') > 0 THEN 'positive'
                           WHEN count(*) > 0 THEN 'neutral' END
               FROM units u WHERE u.verbatim_id = verbatims.id) WHERE {asked}""",
        () if only is None else (json.dumps(list(only)),),
    )


def _write(db: Database, verbatim: Verbatim, *, link: CustomerLink | None, words: str, digest: str) -> None:
    score = verbatim.score
    values = (
        verbatim.source_id,
        verbatim.row,
        verbatim.external_id,
        verbatim.question,
        verbatim.language,
        verbatim.text,
        verbatim.created_at,
        None if verbatim.created_at is None else verbatim.created_at[:10],
        None if score is None else score.value,
        None if score is None else score.scale,
        None if score is None else score.low,
        None if score is None else score.high,
        None if link is None else link.customer_id,
        None if link is None else link.matched_on,
        verbatim.touchpoint,
        json.dumps(dict(verbatim.attributes), ensure_ascii=False),
        verbatim.speaker,
        verbatim.role,
        verbatim.start,
        verbatim.end,
        json.dumps(dict(verbatim.redactions)),
        digest,
        verbatim.id,
    )
    row = db.conn.execute(
        """UPDATE verbatims SET source_id = ?, row = ?, external_id = ?, question = ?, language = ?, text = ?,
               created_at = ?, day = ?, score = ?, scale = ?, score_low = ?, score_high = ?, customer_id = ?,
               matched_on = ?, touchpoint = ?, attributes = ?, speaker = ?, role = ?, start_s = ?, end_s = ?,
               redactions = ?, content_hash = ?, sentiment = NULL WHERE id = ? RETURNING n""",
        values,
    ).fetchone()
    if row is None:
        row = db.conn.execute(
            """INSERT INTO verbatims (source_id, row, external_id, question, language, text, created_at, day, score,
                   scale, score_low, score_high, customer_id, matched_on, touchpoint, attributes, speaker, role,
                   start_s, end_s, redactions, content_hash, id)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n""",
            values,
        ).fetchone()
    else:
        db.conn.execute("DELETE FROM units WHERE verbatim_id = ?", (verbatim.id,))
        db.conn.execute("DELETE FROM verbatim_words WHERE rowid = ?", row)
    db.conn.execute("INSERT INTO verbatim_words (rowid, words) VALUES (?, ?)", (row[0], spaced(words)))


def _views(
    db: Database,
    rows: Sequence[tuple[Any, ...]],
    filters: Filters,
    *,
    similarity: Mapping[str, float] | None = None,
) -> tuple[VerbatimView, ...]:
    of = units.of_verbatims(db, [row[0] for row in rows])
    marked = _marked(db, [row[0] for row in rows], filters)
    return tuple(
        VerbatimView(
            id=row[0],
            source_id=row[1],
            source=row[2],
            row=row[3],
            external_id=row[4],
            question=row[5],
            language=row[6],
            text=row[7],
            created_at=row[8],
            score=row[9],
            scale=row[10],
            score_low=row[11],
            score_high=row[12],
            customer_id=row[13],
            customer=row[14],
            customer_type=row[15],
            matched_on=row[16],
            touchpoint=row[17],
            attributes=json.loads(row[18]),
            speaker=row[19],
            start_s=row[20],
            sentiment=row[21],
            redactions=json.loads(row[22]),
            units=_in_order(of.get(row[0], ())),
            marked=marked.get(row[0], frozenset()),
            similarity=None if similarity is None else similarity.get(row[0]),
        )
        for row in rows
    )


def _in_order(found: Sequence[UnitView]) -> tuple[UnitView, ...]:
    return tuple(sorted(found, key=lambda unit: unit.start))


def _marked(db: Database, ids: Sequence[str], filters: Filters) -> dict[str, frozenset[str]]:
    if filters.theme is None and filters.sentiment is None:
        return {}
    where, parameters = unit_where(Filters(theme=filters.theme, sentiment=filters.sentiment))
    rows = db.conn.execute(
        f"""SELECT u.verbatim_id, u.id FROM units u JOIN verbatims v ON v.id = u.verbatim_id
            LEFT JOIN themes t ON t.id = u.theme_id
            WHERE u.verbatim_id IN (SELECT value FROM json_each(:ids)) AND {where}""",
        {**parameters, "ids": json.dumps(list(ids))},
    )
    grouped: dict[str, set[str]] = {}
    for verbatim_id, unit_id in rows:
        grouped.setdefault(verbatim_id, set()).add(unit_id)
    return {verbatim_id: frozenset(members) for verbatim_id, members in grouped.items()}


def _record(row: tuple[Any, ...]) -> Verbatim:
    score = None if row[8] is None else Score(value=row[8], scale=row[9], low=row[10], high=row[11])
    return Verbatim(
        id=row[0],
        source_id=row[1],
        row=row[2],
        external_id=row[3],
        question=row[4],
        language=row[5],
        text=row[6],
        created_at=row[7],
        score=score,
        touchpoint=row[12],
        attributes=json.loads(row[13]),
        speaker=row[14],
        role=row[15],
        start=row[16],
        end=row[17],
        redactions=json.loads(row[18]),
    )
