"""Health: whether the service answers and its databases open."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from app import __version__
from app.access import SystemDep
from app.api.schemas import Shape
from app.store import jobs

router = APIRouter(tags=["health"])


class HealthOut(Shape):
    """The service answers."""

    status: Literal["ok"]
    version: Annotated[str, Field(examples=["0.1.0"])]
    waiting_jobs: Annotated[int, Field(description="Jobs of all projects that are queued or running.")]


@router.get("/health", summary="Is the service up?")
def health(system: SystemDep) -> HealthOut:
    """Answer 200 once the system database opens; meant for container health checks and monitors."""
    return HealthOut(status="ok", version=__version__, waiting_jobs=jobs.waiting(system))
