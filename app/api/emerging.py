"""Emerging themes: what new feedback that fits no theme has in common, as proposals."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app.access import ProjectDep, VisitorDep
from app.api.paging import PagingDep, page_of
from app.api.schemas import ListOut, NameOut, Shape, listed
from app.api.theme_edits import NameIn, Said, WhoHeader, editor_of, name_of
from app.api.themes import UnitOut, unit_out
from app.store import emerging as store
from app.tasks import emerging

router = APIRouter(tags=["emerging"])


class EmergingOut(Shape):
    """A group of unthemed opinion units that may become a theme."""

    id: str
    name: NameOut
    keywords: list[str]
    fresh: Annotated[int, Field(description="How many of its units came after the last full run.")]
    cohesion: Annotated[float, Field(description="Mean cosine of its units to their centre.")]
    verbatims: int
    units: Annotated[list[UnitOut], Field(description="Those still unthemed, the nearest to the centre first.")]


class AcceptIn(Said):
    """What the new theme is called; a language left out is as proposed."""

    name: NameIn | None = None


class AcceptOut(Shape):
    """The edit that made the theme."""

    edit: int


@router.get("/projects/{project}/emerging", summary="Emerging themes")
def list_emerging(db: ProjectDep, paging: PagingDep) -> ListOut[EmergingOut]:
    """Return the proposals, the largest first. They are made when new verbatims are placed in the known themes."""
    return listed(page_of(store.list_views(db), paging), _out)


def _out(one: store.EmergingView) -> EmergingOut:
    return EmergingOut(
        id=one.id,
        name=NameOut(zh=one.name_zh, en=one.name_en),
        keywords=list(one.keywords),
        fresh=one.fresh,
        cohesion=one.cohesion,
        verbatims=one.verbatims,
        units=[unit_out(unit) for unit in one.units],
    )


@router.post("/projects/{project}/emerging/{emerging_id}/accept", summary="Make a theme of a proposal")
def accept_emerging(
    emerging_id: str, body: AcceptIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None
) -> AcceptOut:
    """Move the proposal's units to a new theme: an edit that later runs keep and that can be undone."""
    editor = editor_of(body, x_who, visitor)
    return AcceptOut(edit=emerging.accept(db, emerging_id, editor, name=name_of(body.name)))
