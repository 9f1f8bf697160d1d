"""Sources: where feedback came from, and row by row what was rejected or set aside."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from app.access import ProjectDep, SystemDep
from app.api.paging import PagingDep, page_of
from app.api.schemas import ListOut, Shape, TicketOut, listed
from app.database import write
from app.store import jobs, sources

router = APIRouter(tags=["sources"])


class UploadedOut(Shape):
    """One file that fed a source."""

    sha256: str
    kind: str
    filename: str
    format: str
    encoding: str | None
    mapping: Annotated[dict[str, Any], Field(description="Which column was read as what.")]
    notes: list[Any]
    counts: dict[str, Any]
    uploaded_at: str


class SourceOut(Shape):
    """A source with what came of it."""

    id: str
    name: str
    kind: Annotated[str, Field(description="upload, api or webhook.")]
    created_at: str
    verbatims: int
    rejected: Annotated[int, Field(description="Rows that could not be read; listed at `…/rejected`.")]
    set_aside: Annotated[int, Field(description="Answers that say nothing; listed at `…/set-aside`.")]
    uploads: list[UploadedOut]


class RejectedOut(Shape):
    """A row that could not be read."""

    source: Annotated[str | None, Field(description="Name of the source; null for rows of a customers file.")]
    row: int
    reason: str
    detail: Annotated[str, Field(description="The value at fault.")]
    raw: str


class SetAsideOut(Shape):
    """An answer that says nothing: counted, never analysed."""

    source: str | None
    row: int
    question: str | None
    reason: str
    text: str


@router.get("/projects/{project}/sources", summary="List sources")
def list_sources(db: ProjectDep, paging: PagingDep) -> ListOut[SourceOut]:
    """Return every source in the order they came."""
    return listed(page_of(sources.views(db), paging), SourceOut.model_validate)


@router.get("/projects/{project}/sources/{source_id}", summary="One source")
def get_source(source_id: str, db: ProjectDep) -> SourceOut:
    """Return a source with the files that fed it."""
    return SourceOut.model_validate(sources.view(db, source_id))


@router.get("/projects/{project}/sources/{source_id}/rejected", summary="Rows that were rejected")
def list_rejected(source_id: str, db: ProjectDep, paging: PagingDep) -> ListOut[RejectedOut]:
    """Return the rows that could not be read, with row number and reason, in row order."""
    sources.view(db, source_id)
    return listed(sources.rejected(db, source_id, limit=paging.limit, after=paging.after), RejectedOut.model_validate)


@router.get("/projects/{project}/sources/{source_id}/set-aside", summary="Answers that were set aside")
def list_set_aside(source_id: str, db: ProjectDep, paging: PagingDep) -> ListOut[SetAsideOut]:
    """Return the answers that say nothing (无, N/A, platform boilerplate), with row number and reason, in row order."""
    sources.view(db, source_id)
    return listed(sources.set_aside(db, source_id, limit=paging.limit, after=paging.after), SetAsideOut.model_validate)


@router.get("/projects/{project}/rejected", summary="Rejected rows of all files")
def list_all_rejected(db: ProjectDep, paging: PagingDep) -> ListOut[RejectedOut]:
    """Return the rows of every source, and of customers files, that could not be read."""
    return listed(sources.rejected(db, limit=paging.limit, after=paging.after), RejectedOut.model_validate)


@router.delete("/projects/{project}/sources/{source_id}", status_code=202, summary="Delete a source")
def delete_source(project: str, source_id: str, db: ProjectDep, system: SystemDep) -> TicketOut:
    """Remove a source with all that came from it at once, and put a fresh analysis of the rest in the queue."""
    with write(db):
        sources.delete(db, source_id)
    return TicketOut(job=jobs.enqueue(system, project, kind="analyse", payload={}).id)
