"""Units per period; for a theme with its control limits, and the periods that lie outside them marked."""

from typing import Any

from sqlite_utils import Database

from app import measures
from app.charts import Chart
from app.charts.look import COLOURS, finished, opens, period_asked
from app.locale import UiLanguage, say
from app.store.filters import Filters


def spec(db: Database, theme_id: str | None, filters: Filters, language: UiLanguage) -> dict[str, Any]:
    """Return the line of units per period, with limits where `theme_id` names a theme; bars where there are too few.

    A line through a few points would show a course that is not there; bars are counts and claim no more. `usermeta`
    has a note on what is drawn.
    """
    import altair as alt

    series, limits = _counted(db, theme_id, filters)
    drawn = measures.has_course(series)
    limits = limits if drawn else ()
    rows = [
        {
            "start": point.start,
            "told": _told(point.start, limits[number] if limits else None, language),
            "open": opens(period_asked(point, filters)),
            "units": point.sentiment.total,
            "low": limits[number].low if limits else None,
            "centre": limits[number].centre if limits else None,
            "high": limits[number].high if limits else None,
            "outside": limits[number].outside if limits else None,
            "run": limits[number].run if limits else None,
        }
        for number, point in enumerate(series.points)
    ]
    x = alt.X("start:T", title=None, axis=alt.Axis(format=_day_format(series.period), labelOverlap=True))
    y = alt.Y("units:Q", title=None, scale=alt.Scale(nice=True, zero=True))
    tooltip = [
        alt.Tooltip("start:T", title=say(language, f"period.{series.period}"), format="%Y-%m-%d"),
        alt.Tooltip("units:Q", title=say(language, "word.units")),
        *(
            alt.Tooltip(f"{name}:Q", title=say(language, f"chart.{name}"), format=".1f")
            for name in ("low", "centre", "high")
            if limits
        ),
    ]
    base = alt.Chart({"values": rows})
    if not drawn:
        bars = base.mark_bar(color=COLOURS["accent"], width=6, opacity=0.75).encode(x=x, y=y, tooltip=tooltip)
        return {**finished(alt.layer(bars), height=200), **_note(language, series, limits)}
    dashed = base.mark_line(color=COLOURS["quiet"], strokeDash=[3, 3], strokeWidth=1)
    layers = [
        *([dashed.encode(x=x, y=alt.Y(f"{name}:Q")) for name in ("low", "high")] if limits else []),
        *([base.mark_line(color=COLOURS["line"], strokeWidth=1).encode(x=x, y=alt.Y("centre:Q"))] if limits else []),
        base.mark_area(color=COLOURS["accent"], opacity=0.1).encode(x=x, y=y),
        base.mark_line(color=COLOURS["accent"], strokeWidth=2).encode(x=x, y=y),
    ]
    if limits:
        in_run = base.transform_filter("datum.run && !datum.outside")
        layers.append(in_run.mark_point(color=COLOURS["accent"], filled=False, size=36, opacity=1).encode(x=x, y=y))
        beyond = base.transform_filter("datum.outside")
        layers.append(beyond.mark_point(color=COLOURS["text"], filled=True, size=80, opacity=1).encode(x=x, y=y))
    touch = base.mark_point(color=COLOURS["accent"], filled=True, size=260, opacity=0)
    layers.append(touch.encode(x=x, y=y, tooltip=tooltip))
    return {**finished(alt.layer(*layers), height=200), **_note(language, series, limits)}


def _counted(db: Database, theme_id: str | None, filters: Filters) -> tuple[measures.Series, tuple[Any, ...]]:
    if theme_id is None:
        return measures.series(db, filters), ()
    series, _, limits = measures.theme_series(db, theme_id, filters)
    return series, limits


def _told(start: str, limit: Any, language: UiLanguage) -> str:
    """Return what a point stands for, and in words where it lies, for those who do not see its mark."""
    if limit is None or not (limit.outside or limit.run):
        return start
    place = f"chart.outside_{limit.outside}" if limit.outside else f"chart.run_{limit.run}"
    return say(language, "chart.told", {"start": start, "place": say(language, place)})


def _note(language: UiLanguage, series: measures.Series, limits: tuple[Any, ...]) -> dict[str, Any]:
    if not series.points:
        return {}
    if not measures.has_course(series):
        values = {"periods": len(series.points), "count": sum(series.totals)}
        return {"usermeta": {"note": say(language, "chart.few_periods", values)}}
    if not limits:
        return {"usermeta": {"note": say(language, f"chart.per_{series.period}")}}
    parts = [say(language, "chart.limits")]
    if limits[0].wider > 1:
        parts.append(say(language, "chart.wider", {"times": f"{limits[0].wider:.1f}"}))
    if limits[0].provisional:
        parts.append(say(language, "chart.provisional", {"periods": len(limits)}))
    return {"usermeta": {"note": say(language, "list.comma").join(parts)}}


def _day_format(period: str) -> str:
    return "%Y-%m" if period == "month" else "%m-%d"


CHART = Chart(
    name="trend",
    title={"zh": "观点数的变化", "en": "Opinion units over time"},
    note={
        "zh": "虚线为控制限：超出的时段（实心点）不只是偶然",
        "en": "Dashed: control limits. Periods outside them (dots) are more than chance",
    },
    order=10,
    spec=spec,
    wide=True,
)
