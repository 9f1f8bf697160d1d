"""Where it was said: units by source, split by language."""

from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from app.charts import Chart
from app.charts.look import COLOURS, finished, opens
from app.locale import UiLanguage, say
from app.store.filters import UNIT_FROM, Filters, unit_where

MOST_SOURCES = 8
LANGUAGES = ("zh", "en", "mixed", "other")


def spec(db: Database, theme_id: str | None, filters: Filters, language: UiLanguage) -> dict[str, Any]:
    """Return one bar per source, its units split by the language of the verbatim; the largest sources."""
    import altair as alt

    where, parameters = unit_where(filters if theme_id is None else replace(filters, theme=theme_id))
    found = db.conn.execute(
        f"""SELECT s.id, s.name, v.language, count(*) FROM {UNIT_FROM} JOIN sources s ON s.id = v.source_id
            WHERE {where} GROUP BY 1, 3""",
        parameters,
    ).fetchall()
    totals: dict[str, int] = {}
    for source_id, _, _, n in found:
        totals[source_id] = totals.get(source_id, 0) + n
    place = {one: at for at, one in enumerate(sorted(totals, key=lambda one: (-totals[one], one))[:MOST_SOURCES])}
    rows = [
        {
            "source": name,
            "told": f"{name} {say(language, f'language.{spoken}')}",
            "open": opens({"source": source_id, "language": spoken}),
            "language": say(language, f"language.{spoken}"),
            "n": n,
            "place": place[source_id],
            "at": LANGUAGES.index(spoken),
        }
        for source_id, name, spoken, n in found
        if source_id in place
    ]
    present = {spoken for source_id, _, spoken, _ in found if source_id in place}
    labels = [say(language, f"language.{one}") for one in LANGUAGES if one in present]
    names = list(dict.fromkeys(row["source"] for row in sorted(rows, key=lambda row: row["place"])))
    chart = (
        alt.Chart({"values": rows})
        .mark_bar(color=COLOURS["accent"], height={"band": 0.6})
        .encode(
            y=alt.Y("source:N", title=None, sort=names, axis=alt.Axis(grid=False, labelLimit=160)),
            x=alt.X("n:Q", title=None, axis=alt.Axis(grid=True, tickMinStep=1)),
            # One hue, four strengths: language is no judgement, so it gets no colour of its own.
            opacity=alt.Opacity(
                "language:O",
                sort=labels,
                scale=alt.Scale(domain=labels, range=[1, 0.55, 0.3, 0.15][: len(labels)]),
                legend=alt.Legend(symbolType="square", symbolFillColor=COLOURS["accent"], columns=2),
            ),
            order=alt.Order("at:Q"),
            tooltip=[
                alt.Tooltip("source:N", title=say(language, "filter.source")),
                alt.Tooltip("language:N", title=say(language, "filter.language")),
                alt.Tooltip("n:Q", title=say(language, "word.units")),
            ],
        )
    )
    return finished(chart, height=max(90, 40 + 30 * len(place)))


CHART = Chart(
    name="sources",
    title={"zh": "来源与语言", "en": "Sources and languages"},
    note={"zh": "按原声的语言划分的观点数", "en": "Opinion units by the verbatim's language"},
    order=50,
    spec=spec,
)
