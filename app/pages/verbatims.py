"""Verbatims: found by exact words or by meaning, and one of them with all that is known about it."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.access import ProjectDep
from app.asked import asked_choice
from app.pages.filter_bar import filter_bar
from app.pages.frame import ProjectFrame, render
from app.search import by_meaning
from app.store import counts, runs, verbatims

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
    if question and mode == "meaning":
        page = by_meaning(
            db, frame.visitor.settings, q=question, filters=frame.filters, limit=SHOWN, after=after or None
        )
    else:
        page = verbatims.list_views(
            db, frame.filters, q=question or None, order=order, limit=SHOWN, after=after or None
        )
    return render(
        frame,
        "verbatims.html",
        {
            "page_name": "verbatims",
            "q": question,
            "mode": mode,
            "order": order,
            "page": page,
            "here_offset": after,
            "totals": counts.totals(db, frame.filters),
            "responses": counts.responses(db, frame.filters) if frame.filters.scale else 0,
            "analysed": runs.latest(db) is not None,
            "offered": filter_bar(db, frame.filters, language=frame.language),
        },
    )


@router.get("/p/{project}/verbatims/{verbatim}")
def show_verbatim(frame: ProjectFrame, db: ProjectDep, verbatim: str) -> HTMLResponse:
    """Show one verbatim with all of its units, where it came from and who said it."""
    return render(frame, "verbatim.html", {"page_name": "verbatims", "view": verbatims.view(db, verbatim)})
