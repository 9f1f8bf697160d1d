"""Corrections: what people decided about sentiment, a random sample to judge, and what the model learns from both."""

from typing import Annotated, cast
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import ProjectDep, SystemDep
from app.asked import asked_choice
from app.pages.corrected import PARAMETER, Corrected
from app.pages.editor import EditorDep
from app.pages.frame import ProjectFrame, render
from app.store import corrections, jobs, units
from app.store.learning import learning
from app.tasks.correct import correct_unit
from pipelines.records import LABELS, Label

router = APIRouter(include_in_schema=False)

SHOWN = 20
TO_JUDGE = 10
"""Texts to judge on one page: about two minutes of reading."""


@router.get("/p/{project}/corrections")
def list_corrections(frame: ProjectFrame, db: ProjectDep, after: str | None = None) -> HTMLResponse:
    """Show what was decided, newest first."""
    return render(
        frame,
        "corrections.html",
        {
            "page_name": "corrections",
            "page": corrections.list_decisions(db, limit=SHOWN, after=after),
            "here_offset": after,
            "learning": learning(db),
            "sample": units.by_ids(db, corrections.sample(db, limit=TO_JUDGE)),
            "working": [job for job in frame.unfinished if job.kind == "refit"],
        },
    )


@router.post("/p/{project}/corrections/refit")
def start_refit(
    frame: ProjectFrame, system: SystemDep, project: str, do: Annotated[str, Form()] = "refit"
) -> RedirectResponse:
    """Queue a re-fit ("refit", "anyway"), or put the newest one in use ("on") or out of it ("off")."""
    payload = {"anyway": {"anyway": True}, "on": {"active": True}, "off": {"active": False}}.get(do, {})
    job = jobs.enqueue(system, project, kind="refit", payload=payload)
    return RedirectResponse(frame.addresses.plain(f"jobs/{job.id}"), status_code=303)


@router.post("/p/{project}/units/{unit}/sentiment")
def decide_sentiment(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    unit: str,
    sentiment: Annotated[str, Form()] = "",
    sampled: Annotated[bool, Form()] = False,
    back: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Settle the sentiment of a unit (empty: give it back to the model) and go back to where it was seen."""
    chosen = cast("Label | None", asked_choice("sentiment", sentiment, LABELS))
    done = correct_unit(db, unit, sentiment=chosen, who=editor.who or None, sampled=sampled)
    told = Corrected(unit=unit, kind=done.kind, sentiment=done.sentiment, held=done.held or "", units=done.units)
    return RedirectResponse(_with(back, told) or frame.addresses.plain("corrections"), status_code=303)


def _with(back: str, told: Corrected) -> str | None:
    """Return one of our own addresses telling what was done; None where it is none of ours."""
    if not back.startswith("/p/"):
        return None
    parts = urlsplit(back)
    query = "&".join(filter(None, (parts.query, f"{PARAMETER}={told.written()}")))
    return urlunsplit(("", "", parts.path, query, parts.fragment))
