"""Units per period; for a theme with the control limit above which a period is more than chance."""

from typing import Any

from sqlite_utils import Database

from app import measures
from app.charts import Chart
from app.charts.look import COLOURS, finished, opens, period_asked
from app.locale import UiLanguage, say
from app.store.filters import Filters


def spec(db: Database, theme_id: str | None, filters: Filters, language: UiLanguage) -> dict[str, Any]:
    """Return the line of units per period, with limits where `theme_id` names a theme."""
    import altair as alt

    series, limits = _counted(db, theme_id, filters)
    rows = [
        {
            "start": point.start,
            "told": point.start,
            "open": opens(period_asked(point, filters)),
            "units": point.sentiment.total,
            "limit": limits[number].high if limits else None,
            "above": bool(limits and limits[number].outside == "above"),
        }
        for number, point in enumerate(series.points)
    ]
    x = alt.X("start:T", title=None, axis=alt.Axis(format=_day_format(series.period), labelOverlap=True))
    y = alt.Y("units:Q", title=None, scale=alt.Scale(nice=True, zero=True))
    tooltip = [
        alt.Tooltip("start:T", title=say(language, f"period.{series.period}"), format="%Y-%m-%d"),
        alt.Tooltip("units:Q", title=say(language, "word.units")),
        *([alt.Tooltip("limit:Q", title=say(language, "chart.limit"), format=".0f")] if limits else []),
    ]
    base = alt.Chart({"values": rows})
    layers = [
        base.mark_area(color=COLOURS["accent"], opacity=0.1).encode(x=x, y=y),
        base.mark_line(color=COLOURS["accent"], strokeWidth=2).encode(x=x, y=y),
        base.mark_point(color=COLOURS["accent"], filled=True, size=260, opacity=0).encode(x=x, y=y, tooltip=tooltip),
    ]
    if limits:
        layers.append(
            base.mark_line(color=COLOURS["quiet"], strokeDash=[3, 3], strokeWidth=1).encode(x=x, y=alt.Y("limit:Q"))
        )
        layers.append(
            base.transform_filter("datum.above")
            .mark_point(color=COLOURS["negative"], filled=True, size=70, opacity=1)
            .encode(x=x, y=y, tooltip=tooltip)
        )
    return finished(alt.layer(*layers), height=200)


def _counted(db: Database, theme_id: str | None, filters: Filters) -> tuple[measures.Series, tuple[Any, ...]]:
    if theme_id is None:
        return measures.series(db, filters), ()
    series, _, limits = measures.theme_series(db, theme_id, filters)
    return series, limits


def _day_format(period: str) -> str:
    return "%Y-%m" if period == "month" else "%m-%d"


CHART = Chart(
    name="trend",
    title={"zh": "观点数的变化", "en": "Opinion units over time"},
    note={
        "zh": "虚线为控制上限：超出的时段（圆点）不只是偶然",
        "en": "Dashed: control limit. Periods above it (dots) are more than chance",
    },
    order=10,
    spec=spec,
    wide=True,
)
