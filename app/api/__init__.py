"""The HTTP API, version 1: one file per noun, all under `/api/v1`. Only keys are ever added.

health.py      is it up, and which version
projects.py    projects, their settings
uploads.py     files, looked at before and read by a job
push.py        verbatims sent by other programs
runs.py        analyses
jobs.py        long work as rows: progress, result, cancel
overview.py    totals, scores, counts by any cut
themes.py      themes, their units and charts
verbatims.py   lists, exact words, search by meaning
customers.py   who said it
sources.py     where it came from, and what was left out
export.py      everything as a file
"""

from fastapi import APIRouter

from app.api import (
    charts,
    customers,
    export,
    health,
    jobs,
    overview,
    projects,
    push,
    runs,
    sources,
    themes,
    uploads,
    verbatims,
)
from app.api.schemas import ErrorOut

router = APIRouter(
    prefix="/api/v1",
    responses={"4XX": {"model": ErrorOut, "description": "The request cannot be met; the hint says what to do."}},
)
for noun in (
    health,
    projects,
    uploads,
    push,
    runs,
    jobs,
    overview,
    themes,
    charts,
    verbatims,
    customers,
    sources,
    export,
):
    router.include_router(noun.router)
