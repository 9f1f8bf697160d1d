"""Emerging themes: what new feedback that fits no theme has in common, and the button that makes a theme of it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import ProjectDep
from app.pages.editor import EditorDep, NewName, done
from app.pages.frame import ProjectFrame, render
from app.store import emerging as store
from app.tasks import emerging

router = APIRouter(include_in_schema=False)

SHOWN = 6
"""Units of a proposal shown at once; the others are folded below them."""


@router.get("/p/{project}/emerging")
def show_emerging(frame: ProjectFrame, db: ProjectDep) -> HTMLResponse:
    """Show every proposal with all its units."""
    return render(
        frame, "emerging.html", {"page_name": "themes", "proposals": store.list_views(db), "first_units": SHOWN}
    )


@router.post("/p/{project}/emerging/{emerging_id}")
def accept_emerging(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    emerging_id: str,
    *,
    name: NewName,
) -> RedirectResponse:
    """Make a theme of a proposal and show the edit that did it."""
    made = emerging.accept(db, emerging_id, editor, name=name)
    return done("", made, otherwise=frame.addresses.plain(f"edits/{made}"))
