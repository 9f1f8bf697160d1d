"""Counts over the stored rows: totals, the same totals by day, by any column, and the scores behind them."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from app.store.filters import (
    UNIT_FROM,
    Filters,
    attribute_of_speaker,
    attribute_path,
    unit_where,
    verbatim_where,
)
from app.store.views import SentimentCounts
from pipelines.records import ScaleName

Cut = Literal["language", "source", "customer_type", "touchpoint", "question", "matched_on", "score"]
CUTS: dict[str, str] = {
    "language": "v.language",
    "source": "v.source_id",
    "customer_type": "c.type",
    "touchpoint": "v.touchpoint",
    "question": "v.question",
    "matched_on": "v.matched_on",
    "score": "v.score",
}


RESPONSE = """v.source_id || '/' || v.row || '/' || coalesce(v.external_id, '') || '/' || coalesce(v.created_at, '')
    || '/' || coalesce(v.customer_id, '')"""
"""What tells one response from another: several verbatims of one row are one response with one score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How much there is under some filters, and over which days."""

    verbatims: int
    units: int
    unthemed: int
    customers: int
    unlinked: int
    sentiment: SentimentCounts
    mixed: int
    first_day: str | None
    last_day: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One value of a cut with its counts; `value` is None where a verbatim has none."""

    value: str | None
    verbatims: int
    units: int
    customers: int
    sentiment: SentimentCounts


def totals(db: Database, filters: Filters) -> Totals:
    """Return the totals under the filters."""
    where, parameters = verbatim_where(filters)
    verbatims = db.conn.execute(
        f"""SELECT count(*), count(DISTINCT v.customer_id), sum(v.customer_id IS NULL), sum(v.sentiment = 'mixed'),
                min(v.day), max(v.day)
            FROM verbatims v LEFT JOIN customers c ON c.id = v.customer_id WHERE {where}""",
        parameters,
    ).fetchone()
    where, parameters = unit_where(filters)
    units = db.conn.execute(
        f"""SELECT count(*), sum(u.theme_id IS NULL), sum(u.sentiment = 'negative'), sum(u.sentiment = 'neutral'),
                sum(u.sentiment = 'positive') FROM {UNIT_FROM} WHERE {where}""",
        parameters,
    ).fetchone()
    return Totals(
        verbatims=verbatims[0],
        customers=verbatims[1],
        unlinked=verbatims[2] or 0,
        mixed=verbatims[3] or 0,
        first_day=verbatims[4],
        last_day=verbatims[5],
        units=units[0],
        unthemed=units[1] or 0,
        sentiment=SentimentCounts(negative=units[2] or 0, neutral=units[3] or 0, positive=units[4] or 0),
    )


def days(db: Database, filters: Filters) -> tuple[str | None, str | None]:
    """Return the first and the last day under the filters, None where nothing is dated."""
    where, parameters = verbatim_where(filters)
    first, last = db.conn.execute(
        f"""SELECT min(v.day), max(v.day) FROM verbatims v LEFT JOIN customers c ON c.id = v.customer_id
            WHERE {where}""",
        parameters,
    ).fetchone()
    return first, last


def has_units(db: Database) -> bool:
    """Say whether some run has split the verbatims into opinion units."""
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM units)").fetchone()[0])


def units_up_to(db: Database, most: int) -> int:
    """Return how many opinion units there are, at most `most`: whether they are few is known without counting all."""
    return int(db.conn.execute("SELECT count(*) FROM (SELECT 1 FROM units LIMIT ?)", (most,)).fetchone()[0])


def responses(db: Database, filters: Filters) -> int:
    """Return how many responses with a score there are under the filters."""
    return len(response_scores(db, filters))


def by_day(db: Database, filters: Filters) -> list[tuple[str, SentimentCounts]]:
    """Return the units of every day that has some, by sentiment, in order of days."""
    where, parameters = unit_where(filters)
    rows = db.conn.execute(
        f"""SELECT v.day, sum(u.sentiment = 'negative'), sum(u.sentiment = 'neutral'), sum(u.sentiment = 'positive')
            FROM {UNIT_FROM} WHERE v.day IS NOT NULL AND {where} GROUP BY v.day ORDER BY v.day""",
        parameters,
    )
    return [(row[0], SentimentCounts(negative=row[1], neutral=row[2], positive=row[3])) for row in rows]


def by_cut(db: Database, filters: Filters, cut: Cut) -> tuple[Slice, ...]:
    """Return the counts by each value of a cut, most units first."""
    return _slices(db, filters, column=CUTS[cut], parameters={})


def values(db: Database, cut: Cut) -> tuple[str, ...]:
    """Return every value of a cut, the one with most verbatims first: what a filter offers, without counting units."""
    rows = db.conn.execute(
        f"""SELECT {CUTS[cut]} FROM verbatims v LEFT JOIN customers c ON c.id = v.customer_id
            WHERE {CUTS[cut]} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1"""
    )
    return tuple(str(row[0]) for row in rows)


def by_segment(db: Database, filters: Filters, attribute: str) -> tuple[Slice, ...]:
    """Return the counts by each value of an attribute of the customer, or else of the verbatim."""
    return _slices(
        db, filters, column=attribute_of_speaker("cut_path"), parameters={"cut_path": attribute_path(attribute)}
    )


def themes_by_cut(db: Database, filters: Filters, cut: Cut) -> dict[str, tuple[Slice, ...]]:
    """Return the counts by each value of a cut for every theme that has units, all themes in one pass."""
    where, parameters = unit_where(filters)
    rows = db.conn.execute(
        f"""SELECT u.theme_id, {CUTS[cut]}, count(DISTINCT v.id), count(*), count(DISTINCT v.customer_id),
                sum(u.sentiment = 'negative'), sum(u.sentiment = 'neutral'), sum(u.sentiment = 'positive')
            FROM {UNIT_FROM} WHERE u.theme_id IS NOT NULL AND {where} GROUP BY 1, 2 ORDER BY 1, 4 DESC, 2""",
        parameters,
    )
    grouped: dict[str, list[Slice]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(_slice(row[1:]))
    return {theme_id: tuple(slices) for theme_id, slices in grouped.items()}


def response_scores(db: Database, filters: Filters) -> list[tuple[ScaleName, float, float, float]]:
    """Return (scale, value, low, high) once per response: two answers of one row share its score."""
    where, parameters = verbatim_where(filters)
    rows = db.conn.execute(
        f"""SELECT DISTINCT {RESPONSE}, v.scale, v.score, v.score_low, v.score_high
            FROM verbatims v LEFT JOIN customers c ON c.id = v.customer_id
            WHERE v.score IS NOT NULL AND {where} ORDER BY 1""",
        parameters,
    )
    return [(row[1], row[2], row[3], row[4]) for row in rows]


def scored_responses(db: Database) -> list[tuple[str, ScaleName, float, float, float]]:
    """Return (response, scale, value, low, high) of every response with a score, in a fixed order."""
    rows = db.conn.execute(
        f"""SELECT DISTINCT {RESPONSE}, v.scale, v.score, v.score_low, v.score_high FROM verbatims v
            WHERE v.score IS NOT NULL ORDER BY 1"""
    )
    return list(rows.fetchall())


def scored_themes(db: Database) -> dict[str, set[str]]:
    """Return for every leaf and parent theme the responses with a score that speak of it."""
    rows = db.conn.execute(
        f"""SELECT DISTINCT t.id, t.parent_id, {RESPONSE} FROM units u JOIN verbatims v ON v.id = u.verbatim_id
            JOIN themes t ON t.id = u.theme_id WHERE v.score IS NOT NULL"""
    )
    grouped: dict[str, set[str]] = {}
    for theme_id, parent_id, response in rows:
        for one in (theme_id, parent_id):
            if one is not None:
                grouped.setdefault(one, set()).add(response)
    return grouped


def theme_days(db: Database) -> dict[str, list[tuple[str, int]]]:
    """Return for every leaf and parent theme the units of every day that has some."""
    rows = db.conn.execute(
        """SELECT theme, day, sum(n) FROM (
               SELECT u.theme_id AS theme, v.day AS day, count(*) AS n FROM units u
                   JOIN verbatims v ON v.id = u.verbatim_id
                   WHERE u.theme_id IS NOT NULL AND v.day IS NOT NULL GROUP BY 1, 2
               UNION ALL
               SELECT t.parent_id, v.day, count(*) FROM units u JOIN verbatims v ON v.id = u.verbatim_id
                   JOIN themes t ON t.id = u.theme_id
                   WHERE t.parent_id IS NOT NULL AND v.day IS NOT NULL GROUP BY 1, 2
           ) GROUP BY theme, day ORDER BY theme, day"""
    )
    grouped: dict[str, list[tuple[str, int]]] = {}
    for theme_id, day, units in rows:
        grouped.setdefault(theme_id, []).append((day, units))
    return grouped


def redactions(db: Database) -> dict[str, int]:
    """Return how many pieces of personal data were masked, by kind."""
    rows = db.conn.execute(
        "SELECT j.key, sum(j.value) FROM verbatims v, json_each(v.redactions) j GROUP BY j.key ORDER BY j.key"
    )
    return dict(rows.fetchall())


def _slices(db: Database, filters: Filters, *, column: str, parameters: dict[str, str]) -> tuple[Slice, ...]:
    where, bound = unit_where(filters)
    rows = db.conn.execute(
        f"""SELECT {column}, count(DISTINCT v.id), count(*), count(DISTINCT v.customer_id),
                sum(u.sentiment = 'negative'), sum(u.sentiment = 'neutral'), sum(u.sentiment = 'positive')
            FROM {UNIT_FROM} WHERE {where} GROUP BY 1 ORDER BY 3 DESC, 1""",
        {**bound, **parameters},
    )
    return tuple(_slice(row) for row in rows)


def _slice(row: tuple[Any, ...]) -> Slice:
    return Slice(
        value=None if row[0] is None else str(row[0]),
        verbatims=row[1],
        units=row[2],
        customers=row[3],
        sentiment=SentimentCounts(negative=row[4], neutral=row[5], positive=row[6]),
    )
