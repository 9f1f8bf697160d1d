"""What changed between two periods and why, counted from stored rows: one answer for the page and the API.

The later period is the filters' own `from` and `to`; the earlier one is asked for beside them. Periods nobody asked for
are chosen from the data's own days, never from the clock.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from sqlite_utils import Database

from app.errors import BadRequest
from app.store import changes, counts, themes
from app.store.filters import NONE, Filters
from app.store.views import ThemeView
from pipelines.change import Decomposition, Part, Said, decompose
from pipelines.impact import points
from pipelines.periods import Days, Pair, PairName, chosen, pairs, preceded
from pipelines.records import ScaleName

Movement = Literal["new", "gone", "rises", "falls", "steady", "few"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One theme in both periods: its counts, and what it did to the negative share and to the score (if anything)."""

    before: ThemeView
    after: ThemeView
    movement: Movement
    negative: Part
    score: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChange:
    """What moved the score on the scale most responses answered on."""

    scale: ScaleName
    responses_before: int
    responses_after: int
    found: Decomposition


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Two periods compared; `negative` is None where one of them says nothing. Rows are sorted by their effect."""

    pair: Pair
    before: Filters
    after: Filters
    units_before: int
    units_after: int
    negative_before: int
    negative_after: int
    negative: Decomposition | None
    score: ScoreChange | None
    rows: tuple[Row, ...]


def offered(db: Database, filters: Filters) -> tuple[dict[PairName, Pair], PairName | None]:
    """Return the pairs of periods that the data covers, and the one to look at unasked; ({}, None) without dates.

    The days in the filters are no filter here: they are what is being chosen.
    """
    days = counts.by_day(db, replace(filters, since=None, until=None))
    if not days:
        return {}, None
    units = [(date.fromisoformat(day), found.total) for day, found in days]
    known = pairs(units[0][0], units[-1][0])
    return known, chosen(known, units)


def asked_pair(
    filters: Filters, *, since: str | None, until: str | None, known: Mapping[PairName, Pair], default: PairName | None
) -> Pair | None:
    """Return the two periods asked for; what was left open is filled in, None where there are no days to choose from.

    Without the earlier period it is the one of the same length just before. Raises BadRequest (`bad_period`,
    `periods_overlap`, `beyond_the_calendar`).
    """
    try:
        return _filled_in(filters, since=since, until=until, known=known, default=default)
    except OverflowError as error:
        asked = " – ".join(day for day in (since, until, filters.since, filters.until) if day is not None)
        raise BadRequest(code="beyond_the_calendar", values={"days": asked}) from error


def _filled_in(
    filters: Filters, *, since: str | None, until: str | None, known: Mapping[PairName, Pair], default: PairName | None
) -> Pair | None:
    if filters.since is None and filters.until is None and since is None and until is None:
        return known[default] if default is not None else None
    fallback = known[default].after if default is not None else None
    last = _day(filters.until) or (fallback.last if fallback else None)
    first = _day(filters.since)
    if first is None and last is not None:
        first = last - timedelta(days=(fallback.length if fallback else 30) - 1)
    if first is None or last is None:
        return None
    after = _period(first, last)
    pair = preceded(after)
    before_last = _day(until) or pair.before.last
    before_first = _day(since) or before_last - timedelta(days=after.length - 1)
    before = _period(before_first, before_last)
    if before.last >= after.first and before.first <= after.last:
        raise BadRequest(
            code="periods_overlap",
            values={"before": f"{before.first} – {before.last}", "after": f"{after.first} – {after.last}"},
        )
    return Pair(before=before, after=after)


def compared(db: Database, filters: Filters, pair: Pair) -> Changes:
    """Return what changed between the two periods under the filters, the largest effect on the negative share first."""
    before, after = within(filters, pair.before), within(filters, pair.after)
    told = (changes.said(db, before), changes.said(db, after))
    views = [
        {view.id: view for view in (*listed, unthemed) if not view.is_parent}
        for listed, unthemed in (themes.with_unthemed(db, before), themes.with_unthemed(db, after))
    ]
    place = {theme: at for at, theme in enumerate(sorted(views[0].keys() | views[1].keys()))}
    negative = decompose(_units(told[0], place), _units(told[1], place), themes=len(place))
    score = _score(db, before, after, place=place)
    names = list(place)
    by_score = {} if score is None else {part.theme: part for part in score.found.parts}
    parts = () if negative is None else negative.parts
    return Changes(
        pair=pair,
        before=before,
        after=after,
        units_before=sum(row[2] for row in told[0]),
        units_after=sum(row[2] for row in told[1]),
        negative_before=sum(row[3] for row in told[0]),
        negative_after=sum(row[3] for row in told[1]),
        negative=negative,
        score=score,
        rows=tuple(
            Row(
                before=views[0][names[part.theme]],
                after=views[1][names[part.theme]],
                movement=movement(part),
                negative=part,
                score=by_score.get(part.theme),
            )
            for part in parts
        ),
    )


def within(filters: Filters, days: Days) -> Filters:
    """Return the filters cut to a period."""
    return replace(filters, since=days.first.isoformat(), until=days.last.isoformat())


def movement(part: Part) -> Movement:
    """Return in a word how much more or less is said of a theme."""
    if part.speakers_before == 0:
        return "new"
    if part.speakers_after == 0:
        return "gone"
    if part.moved is None:
        return "few"
    if not part.moved:
        return "steady"
    return "rises" if part.share_after > part.share_before else "falls"


def _units(said: Sequence[changes.Said], place: Mapping[str, int]) -> Said:
    return Said(
        speaker=np.array([row[0] for row in said], dtype=np.int64),
        theme=np.array([place[row[1] or NONE] for row in said], dtype=np.int64),
        weight=np.array([row[2] for row in said], dtype=np.float64),
        value=np.array([row[3] for row in said], dtype=np.float64),
    )


def _score(db: Database, before: Filters, after: Filters, *, place: Mapping[str, int]) -> ScoreChange | None:
    told = (changes.scored(db, before), changes.scored(db, after))
    asked = Counter(row[1:] for rows in told for row in {(row[0], row[3], row[5], row[6]) for row in rows})
    if not asked:
        return None
    (scale, low, high), _ = max(asked.items(), key=lambda item: (item[1], item[0]))
    periods = [
        _responses([row for row in rows if (row[3], row[5], row[6]) == (scale, low, high)], place) for rows in told
    ]
    found = decompose(periods[0], periods[1], themes=len(place))
    if found is None:
        return None
    heard = [len(np.unique(period.speaker)) for period in periods]
    return ScoreChange(scale=scale, responses_before=heard[0], responses_after=heard[1], found=found)


def _responses(rows: Sequence[changes.Scored], place: Mapping[str, int]) -> Said:
    """Return scored responses as speakers of weight 1 each, shared out over the themes they speak of by their units."""
    numbers: dict[str, int] = {}
    speaker = np.array([numbers.setdefault(row[0], len(numbers)) for row in rows], dtype=np.int64)
    units = np.array([row[2] for row in rows], dtype=np.float64)
    weight = units / np.bincount(speaker, units, minlength=len(numbers))[speaker] if rows else units
    scores = np.array([row[4] for row in rows], dtype=np.float64)
    ends = (rows[0][5], rows[0][6]) if rows else (0.0, 1.0)
    outcome = points(scores, scale=rows[0][3], low=ends[0], high=ends[1]) if rows else scores
    return Said(
        speaker=speaker,
        theme=np.array([place[row[1] or NONE] for row in rows], dtype=np.int64),
        weight=weight,
        value=weight * outcome,
    )


def _period(first: date, last: date) -> Days:
    if first > last:
        raise BadRequest(code="bad_period", values={"since": first.isoformat(), "until": last.isoformat()})
    return Days(first=first, last=last)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
