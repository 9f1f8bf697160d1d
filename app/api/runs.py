"""Runs: analyses asked for, and what each was made with."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.access import ProjectDep, SystemDep
from app.api.paging import PagingDep
from app.api.schemas import ListOut, Shape, TicketOut, listed
from app.store import jobs, runs

router = APIRouter(tags=["runs"])


class RunIn(BaseModel):
    """Which analysis to make."""

    kind: Annotated[
        Literal["full", "extend"],
        Field(
            description="`full` finds themes anew (known ones keep their ids); `extend` places new verbatims into the"
            " known themes, in seconds."
        ),
    ] = "full"


class RunOut(Shape):
    """One analysis: enough to repeat it."""

    id: int
    finished_at: str
    kind: Annotated[str, Field(description="`full`, `extend`, or `refit`: sentiment alone, by another model.")]
    counts: dict[str, Any]
    models: dict[str, str]
    settings: dict[str, Any]
    seed: int
    seconds: Annotated[dict[str, float], Field(description="Seconds by stage.")]
    versions: dict[str, str]
    peak_mb: float | None


@router.post("/projects/{project}/runs", status_code=202, summary="Analyse a project")
def start_run(
    project: str, db: ProjectDep, system: SystemDep, response: Response, body: RunIn | None = None
) -> TicketOut:
    """Put an analysis in the queue. One that already waits for this project is returned rather than a second."""
    kind = "extend" if body is not None and body.kind == "extend" else "analyse"
    job = jobs.enqueue(system, project, kind=kind, payload={})
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return TicketOut(job=job.id)


@router.get("/projects/{project}/runs", summary="Analyses of a project")
def list_runs(db: ProjectDep, paging: PagingDep) -> ListOut[RunOut]:
    """Return the analyses that were made, newest first."""
    return listed(runs.newest(db, limit=paging.limit, after=paging.after), RunOut.model_validate)
