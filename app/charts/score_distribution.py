"""How often each score was given, on the scale most people answered on."""

from collections import Counter
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from app.charts import Chart
from app.charts.look import COLOURS, finished, opens
from app.locale import UiLanguage, say
from app.store import counts
from app.store.filters import Filters


def spec(db: Database, theme_id: str | None, filters: Filters, language: UiLanguage) -> dict[str, Any]:
    """Return a bar per score, responses as its height; the shares stand above the bars."""
    import altair as alt

    wanted = filters if theme_id is None else replace(filters, theme=theme_id)
    found = counts.response_scores(db, wanted)
    asked = Counter((scale, low, high) for scale, _, low, high in found)
    rows = []
    if asked:
        (scale, low, high), answers = max(asked.items(), key=lambda item: (item[1], item[0]))
        given = Counter(value for one, value, below, above in found if (one, below, above) == (scale, low, high))
        rows = [
            {
                "score": f"{value:g}",
                "value": value,
                "told": f"{say(language, f'scale.{scale}')} {value:g}",
                "open": opens({"scale": scale, "score": f"{value:g}"}),
                "responses": given[value],
                "share": given[value] / answers,
            }
            for value in _points(low, high, given)
        ]
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("score:N", title=None, sort=[str(row["score"]) for row in rows], axis=alt.Axis(labelAngle=0)),
        y=alt.Y("responses:Q", title=None),
        tooltip=[
            alt.Tooltip("score:N", title=say(language, "filter.score")),
            alt.Tooltip("responses:Q", title=say(language, "word.responses")),
            alt.Tooltip("share:Q", title=say(language, "word.share"), format=".0%"),
        ],
    )
    bars = base.mark_bar(color=COLOURS["accent"], width={"band": 0.7}, cornerRadiusEnd=2)
    shares = base.mark_text(color=COLOURS["quiet"], dy=-7, fontSize=11).encode(text=alt.Text("share:Q", format=".0%"))
    return finished(bars + shares, height=180)


def _points(low: float, high: float, given: Counter[float]) -> list[float]:
    """Return every point of a short scale, those nobody chose too; of a long one the values that were given."""
    if high - low <= 10:
        return sorted({float(value) for value in range(int(low), int(high) + 1)} | set(given))
    return sorted(given)


CHART = Chart(
    name="score_distribution",
    title={"zh": "评分分布", "en": "Scores given"},
    note={"zh": "每份答卷计一次", "en": "Each response counts once"},
    order=30,
    spec=spec,
)
