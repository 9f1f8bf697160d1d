"""What was said by whom on which theme within some days: what a comparison of two periods is counted from."""

from sqlite_utils import Database

from app.store.counts import RESPONSE
from app.store.filters import UNIT_FROM, Filters, unit_where
from pipelines.records import ScaleName

Said = tuple[int, str | None, int, int]
"""(verbatim's number, theme id or None, opinion units, negative ones)."""
Scored = tuple[str, str | None, int, ScaleName, float, float, float]
"""(response, theme id or None, opinion units, scale, score, lowest, highest)."""


def said(db: Database, filters: Filters) -> list[Said]:
    """Return how much each verbatim says on each theme under the filters."""
    where, parameters = unit_where(filters)
    return list(
        db.conn.execute(
            f"""SELECT v.n, u.theme_id, count(*), sum(u.sentiment = 'negative') FROM {UNIT_FROM}
                WHERE {where} GROUP BY v.n, u.theme_id""",
            parameters,
        ).fetchall()
    )


def scored(db: Database, filters: Filters) -> list[Scored]:
    """Return how much each response with a score says on each theme under the filters."""
    where, parameters = unit_where(filters)
    return list(
        db.conn.execute(
            f"""SELECT {RESPONSE}, u.theme_id, count(*), v.scale, v.score, v.score_low, v.score_high FROM {UNIT_FROM}
                WHERE v.score IS NOT NULL AND {where} GROUP BY 1, 2, v.scale, v.score, v.score_low, v.score_high""",
            parameters,
        ).fetchall()
    )
