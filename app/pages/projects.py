"""The list of projects, a new one, and the sample that shows everything."""

import re
import unicodedata
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app import incoming
from app.access import SystemDep, VisitorDep
from app.locale import say
from app.pages.frame import HouseFrame, render
from app.sample import SAMPLE_FILES
from app.store import counts, jobs, projects, themes
from app.store.filters import NO_FILTERS

router = APIRouter(include_in_schema=False)

LONGEST_SLUG = 40


@router.get("/")
def home(frame: HouseFrame, system: SystemDep) -> Response:
    """Go to the project where there is exactly one; otherwise show them all."""
    found = projects.all_projects(system)
    if len(found) == 1:
        return RedirectResponse(f"/p/{found[0].slug}", status_code=303)
    return list_projects(frame, system)


@router.get("/projects")
def list_projects(frame: HouseFrame, system: SystemDep) -> HTMLResponse:
    """Show every project with its size."""
    cards = []
    for project in projects.all_projects(system):
        db = projects.open_project(frame.visitor.folder, project.slug)
        leaves = [theme for theme in themes.list_views(db, NO_FILTERS) if not theme.is_parent and not theme.hidden]
        cards.append((project, counts.totals(db, NO_FILTERS), leaves))
        db.close()
    return render(frame, "projects.html", {"page_name": "projects", "cards": cards})


@router.post("/projects")
def create_project(visitor: VisitorDep, system: SystemDep, name: Annotated[str, Form(max_length=100)]) -> Response:
    """Make a project from a name in any language and go to its upload page."""
    taken = {project.slug for project in projects.all_projects(system)}
    slug = free_slug(name, taken)
    projects.create(system, visitor.folder, slug=slug, name=name)
    return RedirectResponse(f"/p/{slug}/upload", status_code=303)


def free_slug(name: str, taken: set[str]) -> str:
    """Return a slug for a name that is not taken; a name without Latin letters becomes "project"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "project"
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@router.post("/projects/sample")
def open_sample(visitor: VisitorDep, system: SystemDep) -> Response:
    """Make a project of the sample files, as if a person had dropped them in, and show the work."""
    slug = free_slug("sample", {project.slug for project in projects.all_projects(system)})
    projects.create(system, visitor.folder, slug=slug, name=say(visitor.language, "projects.sample_name"))
    limit = visitor.settings.max_upload_mb * 2**20
    for file in SAMPLE_FILES:
        upload = incoming.keep(visitor.folder, file.name, [file.path.read_bytes()], limit=limit)
        kind = "customers" if file.kind == "customers" else "feedback"
        payload = {"token": upload.token, "filename": file.name, "kind": kind, "mapping": None, "source": None}
        jobs.enqueue(system, slug, kind="ingest", payload=payload)
    return RedirectResponse(f"/p/{slug}/jobs", status_code=303)
