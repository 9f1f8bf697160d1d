"""The overview: how much was said, how it moves, what it is about, what rises, and recent strong words."""

from dataclasses import replace
from itertools import islice

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlite_utils import Database

from app import measures
from app.access import ProjectDep
from app.charts import chart_named
from app.pages.chart_places import Placed, placed
from app.pages.filter_bar import filter_bar
from app.pages.frame import Frame, ProjectFrame, render
from app.store import counts, emerging, sources, themes, units, verbatims
from app.store.filters import Filters
from app.store.views import ThemeView, VerbatimView

router = APIRouter(include_in_schema=False)

THEMES_SHOWN = 12
"""Themes on the overview: about one screen; the list has them all."""
RISING_SHOWN = 5
CHARTS = ("sentiment", "score_distribution", "segments", "sources")
CHARTS_SHOWN = 2
STRONG = 0.85
"""Confidence from which a sentiment is called strong: the calibrated model errs on about one in seven below it."""
STRONG_SHOWN = 3
LOOKED_AT = 60
"""Newest units looked through for strong ones: recent still means recent."""


@router.get("/p/{project}")
def overview(frame: ProjectFrame, db: ProjectDep) -> HTMLResponse:
    """Show the overview of a project under the filters of its address."""
    totals = counts.totals(db, frame.filters)
    everything, unthemed = themes.with_unthemed(db, frame.filters)
    found = [theme for theme in everything if theme.units]
    leaves = sorted(
        (theme for theme in found if not theme.is_parent and not theme.hidden), key=lambda theme: not theme.pinned
    )
    series = measures.series(db, frame.filters)
    return render(
        frame,
        "overview.html",
        {
            "page_name": "",
            "totals": totals,
            "few": measures.few_units(db),
            "series": series,
            "change": measures.change(series),
            "scores": measures.score_summary(db, frame.filters).parts,
            "left_out": sources.left_out_counts(db),
            "rejected_customers": sources.rejected_customers(db, limit=1).total,
            "redactions": counts.redactions(db),
            "themes": leaves[:THEMES_SHOWN],
            "themes_in_all": len(leaves),
            "largest": max((theme.units for theme in (*leaves, unthemed)), default=1),
            "hidden": [theme for theme in found if theme.hidden and not theme.is_parent],
            "unthemed": unthemed,
            "rising": rising(leaves)[:RISING_SHOWN],
            "emerging": len(emerging.list_views(db)),
            "strong": {mood: strong(db, frame.filters, mood) for mood in _moods(frame.filters)},
            "charts": _charts(db, frame),
            "offered": filter_bar(db, frame.filters, language=frame.language),
        },
    )


def _charts(db: Database, frame: Frame) -> list[Placed]:
    """Return the first charts that have something to draw: without dates and scores there is still who and where."""
    drawn = (placed(db, chart_named(name), None, frame) for name in CHARTS)
    return list(islice((chart for chart in drawn if chart.spec is not None), CHARTS_SHOWN))


def _moods(filters: Filters) -> tuple[str, ...]:
    """Return the ends of sentiment that the filters leave open."""
    return tuple(mood for mood in ("negative", "positive") if filters.sentiment in (None, "mixed", mood))


def rising(found: list[ThemeView]) -> list[ThemeView]:
    """Return the themes that rise beyond chance over all feedback, the least likely chance first."""
    rises = [(theme.trend["rise"], theme) for theme in found if theme.trend and theme.trend.get("rise")]
    return [theme for _, theme in sorted(rises, key=lambda pair: (pair[0]["p_value"], pair[1].id))]


def strong(db: Database, filters: Filters, mood: str) -> tuple[VerbatimView, ...]:
    """Return the newest verbatims with a unit of this sentiment that the model is sure of, those units marked."""
    wanted = replace(filters, sentiment=mood)
    found = units.list_views(db, wanted, limit=LOOKED_AT).items
    owners = list(dict.fromkeys(unit.verbatim_id for unit in found if unit.confidence >= STRONG))
    return verbatims.views_by_id(db, owners[:STRONG_SHOWN], wanted)
