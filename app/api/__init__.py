"""The HTTP API, version 1: one file per noun, all under `/api/v1`. Only keys are ever added.

health.py      is it up, and which version
projects.py    projects, their settings
uploads.py     files, looked at before and read by a job
push.py        verbatims sent by other programs
runs.py        analyses
jobs.py        long work as rows: progress, result, cancel
overview.py    totals, scores, counts by any cut
changes.py     what moved between two periods, and why
theme_map.py   where themes lie beside each other
themes.py      themes, their units and charts
theme_edits.py what people change about them
emerging.py    what new feedback that fits no theme has in common
codebook.py    themes defined beforehand
verbatims.py   lists, exact words, search by meaning
customers.py   who said it
corrections.py what people decided about sentiment
refits.py      what the model learnt from it
sources.py     where it came from, and what was left out
export.py      everything as a file
models.py      which models are in use
"""

from fastapi import APIRouter

from app.api import (
    changes,
    charts,
    codebook,
    corrections,
    customers,
    emerging,
    export,
    health,
    jobs,
    models,
    overview,
    projects,
    push,
    refits,
    runs,
    sources,
    theme_edits,
    theme_map,
    themes,
    uploads,
    verbatims,
)
from app.api.schemas import ErrorOut

router = APIRouter(
    prefix="/api/v1",
    responses={"4XX": {"model": ErrorOut, "description": "The request cannot be met; the hint says what to do."}},
)
NOUNS = (
    health,
    projects,
    uploads,
    push,
    verbatims,
    themes,
    emerging,
    theme_edits,
    codebook,
    charts,
    overview,
    changes,
    theme_map,
    customers,
    sources,
    export,
    runs,
    corrections,
    refits,
    models,
    jobs,
)
for noun in NOUNS:
    router.include_router(noun.router)

TAGS = [
    {"name": noun.__name__.rpartition(".")[2], "description": (noun.__doc__ or "").partition(": ")[2]}
    for noun in NOUNS
    if noun is not push
]
"""What the documentation says about each noun: the first line of its file."""
ABOUT = """Feedback in Chinese and English, its themes, and the words behind every number.

Lists are `{"items", "next", "total"}`, paged by `limit` and `after`; errors are
`{"error": {"code", "message", "hint", "details"}}`, in the language of `Accept-Language` or of `?lang=zh|en`. The same
filters mean the same thing on every list, count, chart and export. Times are ISO 8601. Only keys are ever added.
"""
