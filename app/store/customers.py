"""Customers, who they are and what they said."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from app.errors import NotFound
from app.store.filters import Filters, next_after, offset_of, unit_where, with_limit
from app.store.views import CustomerView, Page, SentimentCounts
from pipelines.records import Customer

ORDERS = {
    "volume": "units DESC, c.id",
    "negative": "negative DESC, units DESC, c.id",
    "recent": "last_at DESC, c.id",
    "name": "coalesce(c.name, c.external_id, c.id), c.id",
}


def save(db: Database, customers: Iterable[Customer], *, origin: str) -> None:
    """Store customers; inside a write transaction. What a customers file says replaces what feedback alone knew."""
    db.conn.executemany(
        """INSERT INTO customers (id, external_id, email_hash, phone_hash, name, attributes, origin)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET
               external_id = coalesce(excluded.external_id, external_id),
               email_hash = coalesce(excluded.email_hash, email_hash),
               phone_hash = coalesce(excluded.phone_hash, phone_hash),
               name = coalesce(excluded.name, name),
               attributes = json_patch(attributes, excluded.attributes),
               origin = CASE WHEN origin = 'file' THEN 'file' ELSE excluded.origin END""",
        (
            (
                customer.id,
                customer.external_id,
                customer.email_hash,
                customer.phone_hash,
                customer.name,
                json.dumps(dict(customer.attributes), ensure_ascii=False),
                origin,
            )
            for customer in customers
        ),
    )


def all_records(db: Database, only: Sequence[str] | None = None) -> tuple[Customer, ...]:
    """Return every customer (of `only` those named) as a record, by id."""
    asked = "1" if only is None else "id IN (SELECT value FROM json_each(?))"
    rows = db.conn.execute(
        f"SELECT id, external_id, email_hash, phone_hash, name, attributes FROM customers WHERE {asked} ORDER BY id",
        () if only is None else (json.dumps(list(only)),),
    )
    return tuple(
        Customer(
            id=row[0],
            external_id=row[1],
            email_hash=row[2],
            phone_hash=row[3],
            name=row[4],
            attributes=json.loads(row[5]),
        )
        for row in rows
    )


def replace_id(db: Database, old: str, new: str) -> None:
    """Give what `old` said to `new` and remove `old`; inside a write transaction."""
    db.conn.execute("UPDATE verbatims SET customer_id = ? WHERE customer_id = ?", (new, old))
    db.conn.execute("DELETE FROM customers WHERE id = ?", (old,))


def set_types(db: Database, types: Iterable[tuple[str, str | None, str | None]]) -> None:
    """Store (customer id, type, rule) as derived; inside a write transaction."""
    db.conn.executemany(
        "UPDATE customers SET type = ?, type_rule = ? WHERE id = ?", ((kind, rule, one) for one, kind, rule in types)
    )


def list_views(
    db: Database,
    filters: Filters,
    *,
    q: str | None = None,
    order: str = "volume",
    limit: int = 50,
    after: str | None = None,
) -> Page[CustomerView]:
    """Return customers, counted under the filters; without filters those who said nothing are listed too.

    `q` finds part of a name, id or attribute value.
    """
    offset = offset_of(after)
    counted, parameters = _counted(filters)
    join = "LEFT JOIN" if not filters.as_query() else "JOIN"
    where = "1"
    if q:
        where = (
            "(coalesce(c.name, '') || ' ' || coalesce(c.external_id, '') || ' ' || c.attributes) LIKE :q ESCAPE '\\'"
        )
        parameters["q"] = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    total = db.conn.execute(
        f"SELECT count(*) FROM customers c {join} ({counted}) k ON k.customer_id = c.id WHERE {where}", parameters
    ).fetchone()[0]
    rows = db.conn.execute(
        f"""{_select()} FROM customers c {join} ({counted}) k ON k.customer_id = c.id
            WHERE {where} ORDER BY {ORDERS[order]} LIMIT :limit OFFSET :offset""",
        with_limit(parameters, limit=limit, offset=offset),
    ).fetchall()
    return Page(items=_views(db, rows), total=total, next=next_after(offset, limit, total))


def view(db: Database, customer_id: str) -> CustomerView:
    """Return one customer. Raises NotFound where there is none."""
    counted, parameters = _counted(Filters())
    rows = db.conn.execute(
        f"""{_select()} FROM customers c LEFT JOIN ({counted}) k ON k.customer_id = c.id WHERE c.id = :id""",
        {**parameters, "id": customer_id},
    ).fetchall()
    if not rows:
        raise NotFound(code="no_customer", values={"customer": customer_id})
    return _views(db, rows)[0]


def segments(db: Database, *, most_values: int = 12) -> dict[str, tuple[str, ...]]:
    """Return the attributes that cut customers or verbatims into few parts, each with its values, commonest first.

    More than `most_values` values is an identity or a free text rather than a segment.
    """
    grouped: dict[str, list[str]] = {}
    rows = db.conn.execute(
        """SELECT key, value, sum(n) AS n FROM (
               SELECT j.key AS key, CASE WHEN j.type IN ('true', 'false') THEN j.type ELSE CAST(j.value AS TEXT) END
                       AS value, count(*) AS n
                   FROM customers c, json_each(c.attributes) j WHERE j.value IS NOT NULL GROUP BY 1, 2
               UNION ALL
               SELECT j.key, CAST(j.value AS TEXT), count(*)
                   FROM verbatims v, json_each(v.attributes) j WHERE j.value IS NOT NULL AND j.value <> '' GROUP BY 1, 2
           ) GROUP BY key, value ORDER BY key, n DESC, value"""
    )
    for key, value, _ in rows:
        grouped.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in grouped.items() if 2 <= len(values) <= most_values}


def attribute_names(db: Database) -> tuple[str, ...]:
    """Return the name of every attribute that some customer has, in alphabetical order."""
    rows = db.conn.execute("SELECT DISTINCT j.key FROM customers c, json_each(c.attributes) j ORDER BY j.key")
    return tuple(row[0] for row in rows)


def _select() -> str:
    return """SELECT c.id, c.external_id, c.name, c.attributes, c.origin, c.type, c.type_rule,
        coalesce(k.verbatims, 0), coalesce(k.units, 0) AS units, coalesce(k.negative, 0) AS negative,
        coalesce(k.neutral, 0), coalesce(k.positive, 0), k.first_at, k.last_at AS last_at"""


def _counted(filters: Filters) -> tuple[str, dict[str, str]]:
    where, parameters = unit_where(filters)
    return (
        f"""SELECT v.customer_id, count(DISTINCT v.id) AS verbatims, count(u.id) AS units,
                sum(u.sentiment = 'negative') AS negative, sum(u.sentiment = 'neutral') AS neutral,
                sum(u.sentiment = 'positive') AS positive, min(v.created_at) AS first_at, max(v.created_at) AS last_at
            FROM verbatims v LEFT JOIN units u ON u.verbatim_id = v.id LEFT JOIN themes t ON t.id = u.theme_id
            LEFT JOIN customers c ON c.id = v.customer_id
            WHERE v.customer_id IS NOT NULL AND {where} GROUP BY v.customer_id""",
        parameters,
    )


def _views(db: Database, rows: Sequence[tuple[Any, ...]]) -> tuple[CustomerView, ...]:
    ids = json.dumps([row[0] for row in rows])
    matched: dict[str, set[str]] = {}
    for customer_id, matched_on in db.conn.execute(
        """SELECT DISTINCT customer_id, matched_on FROM verbatims
           WHERE customer_id IN (SELECT value FROM json_each(?)) AND matched_on IS NOT NULL""",
        (ids,),
    ):
        matched.setdefault(customer_id, set()).add(matched_on)
    themes: dict[str, list[str]] = {}
    for customer_id, theme_id in db.conn.execute(
        """SELECT v.customer_id, u.theme_id FROM units u JOIN verbatims v ON v.id = u.verbatim_id
           WHERE v.customer_id IN (SELECT value FROM json_each(?)) AND u.theme_id IS NOT NULL
           GROUP BY 1, 2 ORDER BY count(*) DESC, u.theme_id""",
        (ids,),
    ):
        themes.setdefault(customer_id, []).append(theme_id)
    return tuple(
        CustomerView(
            id=row[0],
            external_id=row[1],
            name=row[2],
            attributes=json.loads(row[3]),
            origin=row[4],
            type=row[5],
            type_rule=row[6],
            matched_on=tuple(sorted(matched.get(row[0], ()))),
            verbatims=row[7],
            units=row[8],
            sentiment=SentimentCounts(negative=row[9], neutral=row[10], positive=row[11]),
            first_at=row[12],
            last_at=row[13],
            themes=tuple(themes.get(row[0], ())),
        )
        for row in rows
    )
