"""Sentiment by customer type: whose units are negative."""

from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from app.charts import Chart
from app.charts.look import COLOURS, MOODS, finished, opens
from app.locale import UiLanguage, say
from app.store import counts
from app.store.filters import Filters


def spec(db: Database, theme_id: str | None, filters: Filters, language: UiLanguage) -> dict[str, Any]:
    """Return one bar per customer type, its units split by sentiment, the most negative first."""
    import altair as alt

    wanted = filters if theme_id is None else replace(filters, theme=theme_id)
    parts = [part for part in counts.by_cut(db, wanted, "customer_type") if part.value is not None]
    parts.sort(key=lambda part: (-part.sentiment.negative / max(part.units, 1), str(part.value)))
    rows = [
        {
            "who": say(language, f"customer_type.{part.value}"),
            "told": f"{say(language, f'customer_type.{part.value}')} {say(language, f'sentiment.{mood}')}",
            "open": opens({"customer_type": str(part.value), "sentiment": filters.sentiment or mood}),
            "mood": say(language, f"sentiment.{mood}"),
            "n": getattr(part.sentiment, mood),
            "share": getattr(part.sentiment, mood) / max(part.units, 1),
            "at": at,
            "place": place,
        }
        for place, part in enumerate(parts)
        for at, mood in enumerate(MOODS)
    ]
    labels = [say(language, f"sentiment.{mood}") for mood in MOODS]
    chart = (
        alt.Chart({"values": rows})
        .mark_bar(height={"band": 0.6})
        .encode(
            y=alt.Y(
                "who:N",
                title=None,
                sort=list(dict.fromkeys(row["who"] for row in rows)),
                axis=alt.Axis(grid=False, labelLimit=160),
            ),
            x=alt.X("share:Q", title=None, axis=alt.Axis(format=".0%", grid=True), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color(
                "mood:N",
                scale=alt.Scale(domain=labels, range=[COLOURS[mood] for mood in MOODS]),
                legend=alt.Legend(symbolType="square"),
            ),
            order=alt.Order("at:Q"),
            tooltip=[
                alt.Tooltip("who:N", title=say(language, "filter.customer_type")),
                alt.Tooltip("mood:N", title=say(language, "filter.sentiment")),
                alt.Tooltip("n:Q", title=say(language, "word.units")),
                alt.Tooltip("share:Q", title=say(language, "word.share"), format=".0%"),
            ],
        )
    )
    return finished(chart, height=max(90, 40 + 30 * len(parts)))


CHART = Chart(
    name="segments",
    title={"zh": "各类客户的情感", "en": "Sentiment by customer type"},
    note={"zh": "占该类客户观点的比例", "en": "Share of that type's opinion units"},
    order=40,
    spec=spec,
)
