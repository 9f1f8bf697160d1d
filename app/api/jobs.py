"""Jobs: long work as rows, with progress, result or error, and a way to cancel."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from app.access import SystemDep, VisitorDep
from app.api.paging import PagingDep
from app.api.schemas import ErrorDetail, ListOut, Shape, listed
from app.asked import RowId
from app.locale import UiLanguage, say_error
from app.store import jobs, projects
from app.store.views import JobView

router = APIRouter(tags=["jobs"])


class JobOut(Shape):
    """A piece of long work."""

    id: int
    project: str
    kind: Annotated[str, Field(description="`ingest`, `analyse`, `extend` or `refit`.", examples=["analyse"])]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    stage: Annotated[
        str,
        Field(
            description="read, clean, link, save, split, embed, cluster, name, propose, fit, score or insight;"
            " empty at first."
        ),
    ]
    done: Annotated[int, Field(description="How far the stage has come, out of `total`.")]
    total: int
    result: Annotated[dict[str, Any] | None, Field(description="What it gave, once done; an ingest: source, counts.")]
    error: Annotated[ErrorDetail | None, Field(description="Why it failed, in the envelope's terms.")]
    attempts: Annotated[int, Field(description="More than 1: a worker died, and the job was taken up again.")]
    created_at: str
    started_at: str | None
    finished_at: str | None


@router.get("/jobs/{job_id}", summary="One job")
def get_job(job_id: RowId, system: SystemDep, visitor: VisitorDep) -> JobOut:
    """Return a job; poll it every second or so until `state` is done, failed or cancelled."""
    return job_out(jobs.get(system, job_id), visitor.language)


@router.delete("/jobs/{job_id}", summary="Cancel a job")
def cancel_job(job_id: RowId, system: SystemDep, visitor: VisitorDep) -> JobOut:
    """Cancel a job: at once where it waits, at its next step where it runs. 409 `job_ended` where it has ended."""
    return job_out(jobs.cancel(system, job_id), visitor.language)


@router.get("/projects/{project}/jobs", summary="Jobs of a project")
def list_jobs(project: str, system: SystemDep, visitor: VisitorDep, paging: PagingDep) -> ListOut[JobOut]:
    """Return the project's jobs, newest first."""
    projects.get(system, project)
    page = jobs.newest(system, project, limit=paging.limit, after=paging.after)
    return listed(page, lambda job: job_out(job, visitor.language))


def job_out(job: JobView, language: UiLanguage) -> JobOut:
    """Return a job as the API shows it, its error in the reader's language."""
    return JobOut.model_validate(
        {name: getattr(job, name) for name in JobOut.model_fields if name != "error"}
        | {"error": None if job.error is None else _error(job.error, language)}
    )


def _error(error: Any, language: UiLanguage) -> ErrorDetail:
    message, hint = say_error(
        language, error["code"], values=error.get("values"), message=(error.get("message") or {}).get(language)
    )
    return ErrorDetail(code=error["code"], message=message, hint=hint, details=dict(error.get("details") or {}))
