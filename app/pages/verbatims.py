"""Verbatims: found by exact words or by meaning, and one of them with all that is known about it."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlite_utils import Database

from app.access import ProjectDep
from app.asked import asked_choice
from app.pages.filter_bar import filter_bar
from app.pages.frame import Frame, ProjectFrame, render
from app.search import by_meaning
from app.store import counts, runs, verbatims
from app.store.views import Page, VerbatimView

router = APIRouter(include_in_schema=False)

SHOWN = 25
MODES = ("words", "meaning")
ORDERS = ("newest", "oldest", "input")


@router.get("/p/{project}/verbatims")
def list_verbatims(
    frame: ProjectFrame,
    db: ProjectDep,
    q: Annotated[str, Query(max_length=500)] = "",
    mode: Annotated[str | None, Query()] = None,
    order: Annotated[str | None, Query()] = None,
    after: Annotated[str | None, Query()] = None,
) -> HTMLResponse:
    """Show the verbatims under the filters, with `q` those that hold its words or mean the same."""
    mode = asked_choice("mode", mode, MODES) or "words"
    order = asked_choice("order", order, ORDERS) or "newest"
    question = q.strip()
    page = _found(frame, db, q=question, mode=mode, order=order, after=after or None)
    instead = None
    if question and not page.total:
        # Who asks a whole question or mistypes a name is not sent away: the other way of searching may know.
        other = "words" if mode == "meaning" else "meaning"
        found = _found(frame, db, q=question, mode=other, order=order, after=after or None)
        if found.total:
            page, mode, instead = found, other, other
    return render(
        frame,
        "verbatims.html",
        {
            "page_name": "verbatims",
            "q": question,
            "mode": mode,
            "instead": instead,
            "order": order,
            "page": page,
            "here_offset": after,
            "totals": counts.totals(db, frame.filters),
            "responses": counts.responses(db, frame.filters) if frame.filters.scale else 0,
            "analysed": runs.latest(db) is not None,
            "offered": filter_bar(db, frame.filters, language=frame.language),
        },
    )


def _found(frame: Frame, db: Database, *, q: str, mode: str, order: str, after: str | None) -> Page[VerbatimView]:
    if q and mode == "meaning":
        return by_meaning(db, frame.visitor.settings, q=q, filters=frame.filters, limit=SHOWN, after=after)
    return verbatims.list_views(db, frame.filters, q=q or None, order=order, limit=SHOWN, after=after)


@router.get("/p/{project}/verbatims/{verbatim}")
def show_verbatim(frame: ProjectFrame, db: ProjectDep, verbatim: str) -> HTMLResponse:
    """Show one verbatim with all of its units, where it came from and who said it."""
    return render(frame, "verbatim.html", {"page_name": "verbatims", "view": verbatims.view(db, verbatim)})
