"""Charts: Vega-Lite specifications with their data inside, of a theme or of everything under the filters."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from app.access import ProjectDep, VisitorDep
from app.api.paging import PagingDep, page_of
from app.api.schemas import ListOut, NameOut, Shape, listed
from app.asked import FiltersDep
from app.charts import Chart, all_charts, chart_named
from app.errors import NotFound
from app.store import themes

router = APIRouter(tags=["charts"])

ChartName = Annotated[str, Path(description="Name of a chart, such as `trend`.")]


class ChartOut(Shape):
    """A chart that can be asked for by name."""

    name: str
    title: NameOut
    note: Annotated[NameOut, Field(description="What it shows and how to read it.")]


@router.get("/projects/{project}/charts", summary="List charts")
def list_charts(db: ProjectDep, paging: PagingDep) -> ListOut[ChartOut]:
    """Return the charts there are, in the order of the page; each can be drawn of everything or of one theme."""
    return listed(page_of(all_charts(), paging), ChartOut.model_validate)


@router.get("/projects/{project}/charts/{name}", summary="One chart of everything")
def get_chart(name: ChartName, db: ProjectDep, filters: FiltersDep, visitor: VisitorDep) -> dict[str, Any]:
    """Return the specification of a chart under the filters, in the language asked for (`lang`)."""
    return named(name).spec(db, None, filters, visitor.language)


@router.get("/projects/{project}/themes/{theme_id}/charts/{name}", summary="One chart of a theme")
def get_theme_chart(
    theme_id: str, name: ChartName, db: ProjectDep, filters: FiltersDep, visitor: VisitorDep
) -> dict[str, Any]:
    """Return the specification of a chart of a theme (`none`: unthemed), in the language asked for (`lang`)."""
    themes.view(db, theme_id, filters)
    return named(name).spec(db, theme_id, filters, visitor.language)


def named(name: str) -> Chart:
    """Return the chart with this name. Raises NotFound that tells those there are."""
    chart = chart_named(name)
    if chart is None:
        known = [one.name for one in all_charts()]
        raise NotFound(code="no_chart", values={"chart": name[:80]}, details={"known": known})
    return chart
