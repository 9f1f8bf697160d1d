"""Models: which are in use, their versions and digests, told without loading any."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from app.access import VisitorDep
from app.api.paging import PagingDep, page_of
from app.api.schemas import ListOut, Shape, listed
from app.models_listed import models_in_use
from app.store import projects

router = APIRouter(tags=["models"])


class ModelFileOut(Shape):
    """A file of a model."""

    name: str
    bytes: int
    sha256: str
    verified: Annotated[bool | None, Field(description="Has the digest stated for it; null: none is stated.")]


class ModelOut(Shape):
    """A model in use."""

    role: Annotated[
        Literal["encoder", "sentiment", "refit"], Field(description="`refit`: what corrections added to the sentiment.")
    ]
    setting: Annotated[str, Field(description="What names it, as in XINSHENG_ENCODER.", examples=["shipped"])]
    title: str
    name: Annotated[str | None, Field(description="What results are stored under; null where only loading tells.")]
    version: str | None
    verified: Annotated[bool | None, Field(description="All files have the digests stated for them; null: none is.")]
    bytes: Annotated[int | None, Field(description="Size of its files; null where they are not on this machine.")]
    dim: Annotated[int | None, Field(description="Length of an encoder's vectors, where it is known.")]
    classes: Annotated[list[str], Field(description="Classes of a sentiment model.")]
    trained_on: Annotated[str | None, Field(description="The model it belongs to.")]
    folder: str | None
    card: Annotated[str | None, Field(description="Its model card: data, licences, figures, limits.")]
    network: Annotated[bool, Field(description="Loading it would ask a hub.")]
    problem: Annotated[str | None, Field(description="Why it cannot be used; null: nothing is known against it.")]
    files: list[ModelFileOut]


@router.get("/models", summary="Models in use")
def list_models(
    visitor: VisitorDep,
    paging: PagingDep,
    project: Annotated[str | None, Query(description="With what this project's corrections added.")] = None,
) -> ListOut[ModelOut]:
    """Return the encoder and the sentiment model that the settings name, and a project's re-fit if one is in use."""
    db = None if project is None else projects.open_project(visitor.folder, project)
    try:
        found = models_in_use(visitor.settings, db, language=visitor.language)
    finally:
        if db is not None:
            db.close()
    return listed(page_of(found, paging), ModelOut.model_validate)
