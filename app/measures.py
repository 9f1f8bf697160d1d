"""Numbers that need arithmetic as well as SQL: counts by calendar period with control limits, scores with intervals.

Counted from stored rows under any filters, so that a page, a chart and the API say the same. No model is involved.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from sqlite_utils import Database

from app.locale import UiLanguage
from app.store import counts, verbatims
from app.store.filters import NO_FILTERS, Filters
from app.store.views import CustomerView, SentimentCounts, VerbatimView
from pipelines.control_limits import ControlLimit, control_limits, worth_drawing
from pipelines.customer_types import Heard, customer_type
from pipelines.records import LABELS, Label, ScaleName, Score
from pipelines.scores import ScoreSummary, summarise
from pipelines.settings import AnalysisSettings
from pipelines.trend import Period, choose_period, next_start, period_start

MIXED: Literal["mixed"] = "mixed"
SCALES: tuple[ScaleName, ...] = get_args(ScaleName)
MOST_HEARD = 5_000
"""Verbatims of one customer that are looked at; beyond it the customer is a shop, not a person."""
SMALL = AnalysisSettings().small_units
"""Up to here themes are found with looser rules, and one person may be a whole theme."""
LEAST_COMPARED = 20
"""Opinion units on either side before a share is compared: with fewer it moves by five points with each of them."""
COMPARED_PERIODS = 4
"""Latest periods set against as many before: long enough to be no accident of one week, short enough to be news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period: its first day, its units by sentiment, and whether the data covers it whole."""

    start: str
    end: str
    sentiment: SentimentCounts
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """All periods from the first day with feedback to the last, empty ones included; () where nothing is dated."""

    period: Period
    points: tuple[Point, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """Units per period."""
        return tuple(point.sentiment.total for point in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The latest complete periods against as many before them; `since` and `until` bound the latest ones."""

    periods: int
    period: Period
    now: SentimentCounts
    before: SentimentCounts
    since: str
    until: str

    @property
    def ratio(self) -> float | None:
        """Relative change of the number of units, None where there were none before."""
        return None if self.before.total == 0 else self.now.total / self.before.total - 1

    @property
    def negative_points(self) -> float | None:
        """Change of the negative share, in points from -100 to 100; None where either side has too few units."""
        if min(self.now.total, self.before.total) < LEAST_COMPARED:
            return None
        return 100 * (self.now.negative / self.now.total - self.before.negative / self.before.total)


def series(db: Database, filters: Filters, *, span: tuple[str, str] | None = None) -> Series:
    """Return the units by period under the filters; `span` (first day, last day) widens it, for shared axes."""
    days = counts.by_day(db, filters)
    known = [day for day, _ in days] + list(span or ())
    if not known:
        return Series(period="day", points=())
    first, last = date.fromisoformat(min(known)), date.fromisoformat(max(known))
    period = choose_period(first, last)
    gathered: dict[date, list[int]] = {}
    for day, found in days:
        cell = gathered.setdefault(period_start(date.fromisoformat(day), period), [0, 0, 0])
        cell[0] += found.negative
        cell[1] += found.neutral
        cell[2] += found.positive
    points = []
    start = period_start(first, period)
    while start <= last:
        following = next_start(start, period)
        end = following - timedelta(days=1)
        negative, neutral, positive = gathered.get(start, (0, 0, 0))
        points.append(
            Point(
                start=start.isoformat(),
                end=end.isoformat(),
                sentiment=SentimentCounts(negative=negative, neutral=neutral, positive=positive),
                complete=start >= first and end <= last,
            )
        )
        start = following
    return Series(period=period, points=tuple(points))


def has_course(found: Series) -> bool:
    """Say whether a series has enough periods, and enough in them, for a line to be drawn through it."""
    return worth_drawing(found.totals)


def few_units(db: Database) -> int | None:
    """Return how many opinion units a project has where they are so few that its themes are tentative, else None."""
    found = counts.units_up_to(db, SMALL + 1)
    return found if 0 < found <= SMALL else None


def theme_series(db: Database, theme_id: str, filters: Filters) -> tuple[Series, Series, tuple[ControlLimit, ...]]:
    """Return a theme's series, that of everything under the same filters, and its control limits (a p-chart).

    Limits are for complete periods only, aligned with the end of the complete run of points; () where too few.
    """
    all_of_it = series(db, replace(filters, theme=None))
    if not all_of_it.points:
        return all_of_it, all_of_it, ()
    first, last = counts.days(db, replace(filters, theme=None))
    span = (first or all_of_it.points[0].start, last or all_of_it.points[-1].end)
    of_theme = series(db, replace(filters, theme=theme_id), span=span)
    all_of_it = series(db, replace(filters, theme=None), span=span)
    limits = control_limits(of_theme.totals, all_of_it.totals)
    return of_theme, all_of_it, limits


def change(found: Series, *, periods: int = COMPARED_PERIODS) -> Change | None:
    """Return the latest complete periods against those before them, None where there are not twice as many."""
    complete = [point for point in found.points if point.complete]
    if len(complete) < 2 * periods:
        return None
    recent, earlier = complete[-periods:], complete[-2 * periods : -periods]
    return Change(
        periods=periods,
        period=found.period,
        now=_together(recent),
        before=_together(earlier),
        since=recent[0].start,
        until=recent[-1].end,
    )


def score_summary(db: Database, filters: Filters) -> ScoreSummary:
    """Return NPS, CSAT, CES and stars under the filters, one score per response, with 95 % intervals."""
    rows = counts.response_scores(db, filters)
    return summarise(Score(value=value, scale=scale, low=low, high=high) for scale, value, low, high in rows)


def _together(points: list[Point]) -> SentimentCounts:
    return SentimentCounts(
        negative=sum(point.sentiment.negative for point in points),
        neutral=sum(point.sentiment.neutral for point in points),
        positive=sum(point.sentiment.positive for point in points),
    )


def type_reason(db: Database, customer: CustomerView, *, language: UiLanguage) -> str | None:
    """Return in words why a customer has the type shown, None without a type or where it was derived from older words.

    The rule is tried again on what is stored now, because its numbers are not stored with it.
    """
    _, last_day = counts.days(db, NO_FILTERS)
    if customer.type is None or last_day is None:
        return None
    said = verbatims.list_views(db, Filters(customer=customer.id), limit=MOST_HEARD).items
    heard = [
        Heard(text=one.text, created_at=one.created_at, sentiment=_label(one.sentiment), score=_score(one))
        for one in said
    ]
    found = customer_type(attributes=customer.attributes, heard=heard, as_of=last_day)
    return found.text(language) if found is not None and found.type == customer.type else None


def _label(sentiment: str | None) -> Label | Literal["mixed"] | None:
    return next((label for label in (*LABELS, MIXED) if label == sentiment), None)


def _score(view: VerbatimView) -> Score | None:
    scale = next((known for known in SCALES if known == view.scale), None)
    if view.score is None or scale is None or view.score_low is None or view.score_high is None:
        return None
    return Score(value=view.score, scale=scale, low=view.score_low, high=view.score_high)
