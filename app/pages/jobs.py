"""Jobs: long work as people see it, with progress that follows along and a way to stop it."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import SystemDep
from app.asked import RowId
from app.errors import NotFound
from app.locale import UiLanguage, say_error
from app.naming_told import naming_told
from app.pages.frame import Frame, ProjectFrame, render
from app.store import jobs
from app.store.views import JobView

router = APIRouter(include_in_schema=False)

STAGES: Mapping[str, tuple[str, ...]] = {
    "ingest": ("read", "clean", "save"),
    "analyse": ("split", "embed", "cluster", "name", "score", "insight"),
    "extend": ("split", "embed", "assign", "score", "insight"),
    "refit": ("fit", "score", "insight"),
}
"""The steps a job goes through, in the order in which a page shows them; an unknown one is added at the end."""
SHOWN = 50


@router.get("/p/{project}/jobs")
def list_jobs(frame: ProjectFrame, system: SystemDep, after: str | None = None) -> HTMLResponse:
    """Show a project's jobs, newest first."""
    page = jobs.newest(system, _slug(frame), limit=SHOWN, after=after)
    return render(
        frame,
        "jobs.html",
        {
            "page_name": "jobs",
            "page": page,
            "here_offset": after,
            "told": {job.id: told(job.error, frame.language) for job in page.items},
        },
    )


@router.post("/p/{project}/jobs")
def analyse_again(frame: ProjectFrame, system: SystemDep) -> RedirectResponse:
    """Queue a full analysis and show its progress."""
    job = jobs.enqueue(system, _slug(frame), kind="analyse", payload={})
    return RedirectResponse(frame.addresses.plain(f"jobs/{job.id}"), status_code=303)


@router.get("/p/{project}/jobs/{job}")
def show_job(frame: ProjectFrame, system: SystemDep, job: RowId, part: str | None = None) -> HTMLResponse:
    """Show one job; with `part` only what changes, for the page to follow along."""
    found = _own(frame, system, job)
    following = None
    if found.result and found.result.get("next_job"):
        following = _own(frame, system, int(found.result["next_job"]))
    shown = [one for one in (found, following) if one is not None]
    return render(
        frame,
        "parts/job_progress.html" if part else "job.html",
        {
            "page_name": "jobs",
            "job": found,
            "shown": shown,
            "steps": {one.id: steps(one) for one in shown},
            "told": {one.id: told(one.error, frame.language) for one in shown},
            "named": {one.id: names_of(one, frame.language) for one in shown},
            "over": all(one.state not in ("queued", "running") for one in shown),
            "before": [one for one in frame.unfinished if one.id < shown[-1].id and one not in shown],
        },
    )


@router.post("/p/{project}/jobs/{job}/cancel")
def cancel_job(frame: ProjectFrame, system: SystemDep, job: RowId) -> RedirectResponse:
    """Stop a job; what is stored stays as it was before it."""
    jobs.cancel(system, _own(frame, system, job).id)
    return RedirectResponse(frame.addresses.plain(f"jobs/{job}"), status_code=303)


def steps(job: JobView) -> tuple[tuple[str, str], ...]:
    """Return (stage, "done" | "now" | "next") of a job, in order."""
    known = STAGES.get(job.kind, ())
    stages = known if job.stage in known or not job.stage else (*known, job.stage)
    if job.stage == "propose":
        # Only where a language model is asked; what is found is counted after it.
        stages = (*known[:-1], job.stage, known[-1])
    if job.state == "done":
        return tuple((stage, "done") for stage in stages)
    now = stages.index(job.stage) if job.stage in stages else 0 if job.state == "running" else -1
    return tuple(
        (stage, "done" if at < now else "now" if at == now and job.state == "running" else "next")
        for at, stage in enumerate(stages)
    )


def names_of(job: JobView, language: UiLanguage) -> tuple[str, ...]:
    """Return what became of the names that a full analysis asked a language model for, in words."""
    counts = (job.result or {}).get("counts") or {}
    return naming_told(counts.get("proposed_names"), language) if job.kind == "analyse" else ()


def told(error: Mapping[str, Any] | None, language: UiLanguage) -> tuple[str, str] | None:
    """Return what went wrong and what to do about it, in words; None where nothing did."""
    if error is None:
        return None
    message = (error.get("message") or {}).get(language)
    return say_error(language, error["code"], values=error.get("values"), message=message)


def _own(frame: Frame, system: SystemDep, job_id: int) -> JobView:
    job = jobs.get(system, job_id)
    if job.project != _slug(frame):
        raise NotFound(code="no_job", values={"job": job_id})
    return job


def _slug(frame: Frame) -> str:
    if frame.project is None:
        raise NotFound(code="no_project", values={"project": ""})
    return frame.project.slug
