"""A chart in a page: its spec in the page's own colours, and the same as SVG for readers without scripts."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import APIRouter
from fastapi.responses import Response
from sqlite_utils import Database

from app.access import ProjectDep
from app.charts import Chart, Spec, chart_named, data_of, for_page, is_empty, to_svg
from app.errors import NotFound
from app.pages.frame import Frame, ProjectFrame

router = APIRouter(include_in_schema=False)

COUNTS = ("n", "units", "responses")
"""What a chart's rows call the number they show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark of a chart in words: what it stands for, how many, and the address of what it counts."""

    told: str
    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A chart ready for a page; `spec` is None where there is nothing to draw.

    `marks` are its numbers as links, for keyboards, screen readers and readers without scripts; `opens` is the
    address that a mark's own filters are added to when it is clicked.
    """

    name: str
    title: str
    note: str
    spec: Spec | None
    picture: str
    wide: bool
    opens: str
    marks: tuple[Mark, ...]


def placed(db: Database, chart: Chart | None, theme_id: str | None, frame: Frame) -> Placed:
    """Return a chart for a page under its filters. Raises NotFound where there is no such chart."""
    if chart is None:
        raise NotFound(code="no_chart", values={"chart": ""})
    spec = chart.spec(db, theme_id, frame.filters, frame.language)
    return Placed(
        name=chart.name,
        title=chart.title[frame.language],
        note=spec.get("usermeta", {}).get("note") or chart.note[frame.language],
        spec=None if is_empty(spec) else for_page(spec),
        picture=frame.addresses.to(f"charts/{chart.name}.svg"),
        wide=chart.wide,
        opens=frame.addresses.to("verbatims"),
        marks=_marks(spec, frame),
    )


def _marks(spec: Spec, frame: Frame) -> tuple[Mark, ...]:
    """Return the rows of a chart that count something, each once: layers of one chart repeat their data."""
    found = {
        row["told"]: Mark(
            told=row["told"],
            count=next(row[name] for name in COUNTS if name in row),
            href=frame.addresses.to("verbatims", dict(parse_qsl(row["open"]))),
        )
        for rows in data_of(spec)
        for row in rows
        if "open" in row
    }
    return tuple(mark for mark in found.values() if mark.count)


@router.get("/p/{project}/charts/{name}.svg")
def chart_picture(frame: ProjectFrame, db: ProjectDep, name: str) -> Response:
    """Answer a chart as SVG under the filters of the address; `theme` is one of them."""
    chart = chart_named(name)
    if chart is None:
        raise NotFound(code="no_chart", values={"chart": name[:40]})
    spec = chart.spec(db, frame.filters.theme, frame.filters, frame.language)
    return Response(to_svg({**spec, "width": 640}), media_type="image/svg+xml")
