"""Projects: one body of feedback each, with its own themes, customers and settings."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.access import ProjectDep, SystemDep, VisitorDep
from app.api.paging import PagingDep, page_of
from app.api.schemas import ListOut, Shape, listed
from app.database import write
from app.store import projects
from pipelines.redact import REDACTION_KINDS

router = APIRouter(tags=["projects"])

RedactionKind = Literal["phone", "email", "id_card", "bank_card", "plate", "im_account", "address"]


class ProjectIn(BaseModel):
    """A project to make."""

    slug: Annotated[
        str,
        Field(
            description="Its name in addresses: 1–48 small letters, digits and hyphens, for good.",
            examples=["spring-survey"],
            max_length=200,
        ),
    ]
    name: Annotated[
        str,
        Field(description="Its name for people; the slug where it is empty.", examples=["春季调研"], max_length=200),
    ] = ""


class ProjectOut(Shape):
    """A project."""

    slug: str
    name: str
    created_at: str


class SettingsIn(BaseModel):
    """What to change; what is left out stays."""

    redact: Annotated[list[RedactionKind] | None, Field(description="Kinds of personal data to mask from now on.")] = (
        None
    )


class ProjectSettings(BaseModel):
    """What can be set per project."""

    redact: Annotated[
        list[RedactionKind],
        Field(description="Kinds of personal data masked in whatever is read from now on; all by default."),
    ]


@router.get("/projects", summary="List projects")
def list_projects(system: SystemDep, paging: PagingDep) -> ListOut[ProjectOut]:
    """Return every project, oldest first."""
    return listed(page_of(projects.all_projects(system), paging), ProjectOut.model_validate)


@router.post("/projects", status_code=201, summary="Make a project")
def create_project(body: ProjectIn, system: SystemDep, visitor: VisitorDep, response: Response) -> ProjectOut:
    """Make an empty project. 409 `slug_taken` where the slug is in use, 400 `bad_slug` where it cannot be one."""
    made = projects.create(system, visitor.folder, slug=body.slug, name=body.name)
    response.headers["location"] = f"/api/v1/projects/{made.slug}"
    return ProjectOut.model_validate(made)


@router.get("/projects/{project}", summary="One project")
def get_project(project: str, system: SystemDep) -> ProjectOut:
    """Return one project."""
    return ProjectOut.model_validate(projects.get(system, project))


@router.delete("/projects/{project}", status_code=204, summary="Delete a project for good")
def delete_project(project: str, system: SystemDep, visitor: VisitorDep) -> None:
    """Remove the project, its jobs and its file. Nothing is kept."""
    projects.delete(system, visitor.folder, project)


@router.get("/projects/{project}/settings", summary="Settings of a project")
def get_settings(db: ProjectDep) -> ProjectSettings:
    """Return what is set, defaults included."""
    stored = projects.get_setting(db, "redact")
    return ProjectSettings.model_validate({"redact": list(REDACTION_KINDS) if stored is None else stored})


@router.patch("/projects/{project}/settings", summary="Change settings of a project")
def change_settings(body: SettingsIn, db: ProjectDep) -> ProjectSettings:
    """Store the settings given. They hold for what is read from now on: text already masked stays masked."""
    if body.redact is not None:
        with write(db):
            projects.put_setting(db, "redact", [kind for kind in REDACTION_KINDS if kind in body.redact])
    return get_settings(db)
