"""Insight: what a theme does to the score, how it moves, and what kind of customer is speaking, from stored rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, cast

import numpy as np
from sqlite_utils import Database

from app.store import counts, customers, theme_places, themes, verbatims
from app.store.filters import NO_FILTERS
from pipelines.centres import aligned
from pipelines.control_limits import control_limits
from pipelines.customer_types import Heard, customer_type
from pipelines.impact import score_impact
from pipelines.theme_map import lay_out
from pipelines.trend import Buckets, bucket, period_start, rising


def save_insight(db: Database, *, seed: int) -> None:
    """Derive and store impact and trend of every theme and the type of every customer; inside a write transaction."""
    save_theme_insight(db, seed=seed)
    customers.set_types(db, _customer_types(db))


def save_theme_insight(db: Database, *, seed: int, only: frozenset[str] | None = None) -> None:
    """Derive and store impact and trend of every theme, or of `only` those whose units changed; inside a write."""
    impact = _impacts(db, seed=seed, only=only)
    trend = _trends(db, only=only)
    for theme in themes.all_records(db):
        if only is None or theme.id in only:
            themes.set_insight(db, theme.id, impact=impact.get(theme.id), trend=trend.get(theme.id, {}))
    _place_themes(db, seed=seed)


def _place_themes(db: Database, *, seed: int) -> None:
    """Store where every leaf theme lies on the map; what lay well already stays where it is."""
    records = themes.all_records(db)
    parents = {theme.parent_id for theme in records}
    leaves = [theme for theme in records if theme.id not in parents]
    if not leaves:
        return
    units = {view.id: view.units for view in themes.list_views(db, NO_FILTERS)}
    known = theme_places.known(db)
    largest = max(leaves, key=lambda theme: (units[theme.id], theme.id))
    places = lay_out(
        aligned([theme.centroid for theme in leaves], width=len(largest.centroid)),
        np.array([units[theme.id] for theme in leaves], dtype=np.int64),
        previous=np.array([known.get(theme.id, (np.nan, np.nan)) for theme in leaves], dtype=np.float64),
        seed=seed,
    )
    theme_places.save(
        db, {theme.id: (round(x, 4), round(y, 4)) for theme, (x, y) in zip(leaves, places.tolist(), strict=True)}
    )


def _impacts(db: Database, *, seed: int, only: frozenset[str] | None) -> dict[str, dict[str, Any]]:
    scored = counts.scored_responses(db)
    if not scored:
        return {}
    (scale, low, high), _ = Counter((row[1], row[3], row[4]) for row in scored).most_common(1)[0]
    asked = [row for row in scored if (row[1], row[3], row[4]) == (scale, low, high)]
    values = np.array([row[2] for row in asked], dtype=np.float64)
    impacts = {}
    for theme_id, speaking in counts.scored_themes(db).items():
        if only is not None and theme_id not in only:
            continue
        has_theme = np.array([row[0] in speaking for row in asked], dtype=np.bool_)
        found = score_impact(values, has_theme, scale=scale, seed=seed, scale_low=low, scale_high=high)
        if found is not None:
            impacts[theme_id] = {**asdict(found), "scale": scale, "scale_low": low, "scale_high": high}
    return impacts


def _trends(db: Database, *, only: frozenset[str] | None) -> dict[str, dict[str, Any]]:
    days = [day for day, counted in counts.by_day(db, NO_FILTERS) for _ in range(counted.total)]
    if not days:
        return {}
    overall = bucket(days)
    totals = [item.count for item in overall.items]
    return {
        theme_id: _trend(overall, totals=totals, found=found)
        for theme_id, found in counts.theme_days(db).items()
        if only is None or theme_id in only
    }


def _trend(overall: Buckets, *, totals: list[int], found: list[tuple[str, int]]) -> dict[str, Any]:
    by_start: Counter[str] = Counter()
    for day, units in found:
        by_start[period_start(date.fromisoformat(day), overall.period).isoformat()] += units
    starts = [item.start for item in overall.items]
    series = [by_start[start] for start in starts]
    whole = [number for number, item in enumerate(overall.items) if item.complete]
    limits = control_limits(series, totals)
    rise = rising([series[number] for number in whole], [totals[number] for number in whole])
    return {
        "period": overall.period,
        "starts": starts,
        "counts": series,
        "totals": totals,
        "limits": [asdict(limit) for limit in limits],
        "rise": None if rise is None else asdict(rise),
    }


def save_customer_types(db: Database, only: Sequence[str] | None) -> None:
    """Derive and store customer types anew (of `only` those named), after sentiments changed; inside a write."""
    customers.set_types(db, _customer_types(db, only))


def _customer_types(db: Database, only: Sequence[str] | None = None) -> list[tuple[str, str | None, str | None]]:
    last_day = counts.days(db, NO_FILTERS)[1]
    if last_day is None:
        return []
    heard = verbatims.heard_by_customer(db, only)
    types: list[tuple[str, str | None, str | None]] = []
    for customer in customers.all_records(db, only):
        said = [
            Heard(text=text, created_at=created_at, sentiment=cast(Any, sentiment), score=score)
            for text, created_at, sentiment, score in heard.get(customer.id, ())
        ]
        found = customer_type(attributes=customer.attributes, heard=said, as_of=last_day)
        types.append((customer.id, None, None) if found is None else (customer.id, found.type, found.rule))
    return types
