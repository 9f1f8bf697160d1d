"""Map: where themes lie, so that those that are alike lie side by side."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app.access import ProjectDep
from app.api.schemas import NameOut, SentimentOut, Shape
from app.asked import FiltersDep
from app.theme_map import Disc, theme_map

router = APIRouter(tags=["map"])


class DiscOut(Shape):
    """A theme on the map; only who lies beside whom has a meaning, not the axes."""

    id: str
    parent_id: str | None
    name: NameOut
    units: int
    sentiment: SentimentOut
    x: Annotated[float, Field(description="From left to right, in the map's own unit.")]
    y: Annotated[float, Field(description="From top to bottom.")]
    radius: Annotated[float, Field(description="In the same unit; the area is as the units.")]
    nearest: Annotated[list[str], Field(description="Ids of the themes it is most like, nearest first.")]


class MapOut(Shape):
    """All themes that have units under the filters, most units first."""

    themes: list[DiscOut]


@router.get("/projects/{project}/map", summary="Map of themes")
def get_map(db: ProjectDep, filters: FiltersDep) -> MapOut:
    """Return where themes lie and how large they are under the filters; places stay when feedback is added."""
    return MapOut(themes=[_disc(disc) for disc in theme_map(db, filters).discs])


def _disc(disc: Disc) -> DiscOut:
    return DiscOut(
        id=disc.theme.id,
        parent_id=disc.theme.parent_id,
        name=NameOut(zh=disc.theme.name_zh, en=disc.theme.name_en),
        units=disc.theme.units,
        sentiment=SentimentOut.model_validate(disc.theme.sentiment),
        x=round(disc.x, 4),
        y=round(disc.y, 4),
        radius=round(disc.radius, 4),
        nearest=[one.id for one in disc.near],
    )
