"""Sources: what came in, and where every row of it went."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import ProjectDep, SystemDep
from app.database import write
from app.pages.frame import ProjectFrame, render
from app.store import counts, jobs, sources
from app.store.filters import Filters

router = APIRouter(include_in_schema=False)

ROWS_SHOWN = 100


@router.get("/p/{project}/sources")
def list_sources(
    frame: ProjectFrame, db: ProjectDep, rejected_after: Annotated[str | None, Query()] = None
) -> HTMLResponse:
    """Show every source with what came of it, and the customer files with their rows that could not be read."""
    return render(
        frame,
        "sources.html",
        {
            "page_name": "sources",
            "sources": sources.views(db),
            "customer_files": [upload for upload in sources.uploads(db) if upload["kind"] == "customers"],
            "rejected": sources.rejected_customers(db, limit=ROWS_SHOWN, after=rejected_after),
            "redactions": counts.redactions(db),
        },
    )


@router.get("/p/{project}/sources/{source_id}")
def show_source(
    frame: ProjectFrame,
    db: ProjectDep,
    source_id: str,
    rejected_after: Annotated[str | None, Query()] = None,
    aside_after: Annotated[str | None, Query()] = None,
) -> HTMLResponse:
    """Show one source: counts that add up, the columns it was read by, every row left out with its reason."""
    return render(
        frame,
        "source.html",
        {
            "page_name": "sources",
            "source": sources.view(db, source_id),
            "totals": counts.totals(db, Filters(source=source_id)),
            "rejected": sources.rejected(db, source_id, limit=ROWS_SHOWN, after=rejected_after),
            "set_aside": sources.set_aside(db, source_id, limit=ROWS_SHOWN, after=aside_after),
            "here_offset": None,
        },
    )


@router.post("/p/{project}/sources/{source_id}/delete")
def delete_source(frame: ProjectFrame, db: ProjectDep, system: SystemDep, source_id: str) -> RedirectResponse:
    """Remove a source with all that came of it, and count the themes anew without it."""
    with write(db):
        sources.delete(db, source_id)
    left = counts.totals(db, Filters()).verbatims
    if left and frame.project is not None:
        jobs.enqueue(system, frame.project.slug, kind="analyse", payload={})
    return RedirectResponse(frame.addresses.plain("sources"), status_code=303)
