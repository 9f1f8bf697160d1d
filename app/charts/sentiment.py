"""Sentiment over time: how many units of each period are negative, neutral and positive."""

from typing import Any

from sqlite_utils import Database

from app import measures
from app.charts import Chart
from app.charts.look import COLOURS, MOODS, finished, opens, period_asked
from app.locale import UiLanguage, say
from app.store.filters import Filters


def spec(db: Database, theme_id: str | None, filters: Filters, language: UiLanguage) -> dict[str, Any]:
    """Return bars of units per period, stacked by sentiment, negative at the foot where lengths compare best."""
    from dataclasses import replace

    import altair as alt

    wanted = filters if theme_id is None else replace(filters, theme=theme_id)
    series = measures.series(db, wanted)
    rows = [
        {
            "start": point.start,
            "told": f"{point.start} {say(language, f'sentiment.{mood}')}",
            "open": opens({**period_asked(point, filters), "sentiment": filters.sentiment or mood}),
            "mood": say(language, f"sentiment.{mood}"),
            "n": getattr(point.sentiment, mood),
            "at": at,
        }
        for point in series.points
        for at, mood in enumerate(MOODS)
    ]
    labels = [say(language, f"sentiment.{mood}") for mood in MOODS]
    unit = {"day": "yearmonthdate", "week": "yearmonthdate", "month": "yearmonth"}[series.period]
    chart = (
        alt.Chart({"values": rows})
        .mark_bar(width={"band": 0.7})
        .encode(
            x=alt.X(
                f"{unit}(start):O",
                title=None,
                axis=alt.Axis(
                    format="%Y-%m" if series.period == "month" else "%m-%d",
                    labelAngle=0,
                    labelOverlap="greedy",
                    labelSeparation=8,
                ),
            ),
            y=alt.Y("n:Q", title=None),
            color=alt.Color(
                "mood:N",
                scale=alt.Scale(domain=labels, range=[COLOURS[mood] for mood in MOODS]),
                legend=alt.Legend(symbolType="square"),
            ),
            order=alt.Order("at:Q"),
            tooltip=[
                alt.Tooltip(f"{unit}(start):T", title=say(language, f"period.{series.period}"), format="%Y-%m-%d"),
                alt.Tooltip("mood:N", title=say(language, "filter.sentiment")),
                alt.Tooltip("n:Q", title=say(language, "word.units")),
            ],
        )
    )
    return finished(chart, height=180)


CHART = Chart(
    name="sentiment",
    title={"zh": "情感的变化", "en": "Sentiment over time"},
    note={"zh": "每个时段的观点数", "en": "Opinion units per period"},
    order=20,
    spec=spec,
)
