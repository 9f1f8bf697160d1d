"""A project's settings: which personal data is masked, which models are in use, what the last run was made with."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import ProjectDep, SystemDep
from app.database import write
from app.errors import BadRequest
from app.llm import address_shown
from app.models_listed import models_in_use
from app.naming_told import naming_told
from app.pages.frame import ProjectFrame, render
from app.store import projects, runs
from pipelines.redact import REDACTION_KINDS

router = APIRouter(include_in_schema=False)

REDACT = "redact"
"""The project setting that lists the kinds to mask; without it all are (see `app/tasks/ingest.py`)."""


@router.get("/p/{project}/settings")
def show_settings(frame: ProjectFrame, db: ProjectDep, saved: str | None = None) -> HTMLResponse:
    """Show the settings and the record of the last run."""
    stored = projects.get_setting(db, REDACT)
    run, llm_url = runs.latest(db), frame.visitor.settings.llm_url.strip()
    return render(
        frame,
        "settings.html",
        {
            "page_name": "settings",
            "kinds": REDACTION_KINDS,
            "masked": set(REDACTION_KINDS if not isinstance(stored, list) else stored),
            "run": run,
            "settings": frame.visitor.settings,
            "models": models_in_use(frame.visitor.settings, db, language=frame.language),
            "saved": saved is not None,
            "llm_to": address_shown(llm_url) if llm_url else "",
            "named": naming_told((run["counts"] if run else {}).get("proposed_names"), frame.language),
        },
    )


@router.post("/p/{project}/settings/redaction")
def set_redaction(
    frame: ProjectFrame, db: ProjectDep, kind: Annotated[list[str] | None, Form()] = None
) -> RedirectResponse:
    """Choose which kinds of personal data are masked in files read from now on."""
    chosen = [known for known in REDACTION_KINDS if known in (kind or [])]
    with write(db):
        projects.put_setting(db, REDACT, chosen)
    return RedirectResponse(frame.addresses.plain("settings", {"saved": "1"}), status_code=303)


@router.post("/p/{project}/settings/delete")
def delete_project(
    frame: ProjectFrame, system: SystemDep, project: str, typed: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Remove the project with everything in it, once its name was typed."""
    if typed.strip() != project:
        raise BadRequest(code="not_confirmed", values={"project": project})
    projects.delete(system, frame.visitor.folder, project)
    return RedirectResponse("/projects", status_code=303)
