"""The history of edits: what people changed about themes, newest first, each of which can be undone and redone."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import ProjectDep
from app.asked import RowId
from app.pages.edit_words import known_themes, told_edit, words
from app.pages.editor import EditorDep, done, who_asks
from app.pages.frame import ProjectFrame, render
from app.store import edits, themes, units, verbatims
from app.store.filters import NO_FILTERS
from app.store.themes import names
from app.tasks import edit_themes

router = APIRouter(include_in_schema=False)

SHOWN = 50
UNITS_SHOWN = 200


@router.get("/p/{project}/edits")
def list_edits(
    frame: ProjectFrame,
    db: ProjectDep,
    theme: Annotated[str | None, Query(max_length=80)] = None,
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> HTMLResponse:
    """Show what people changed; with `theme` only what names that theme."""
    page = edits.list_views(db, theme=theme, limit=SHOWN, after=after)
    known = known_themes(db)
    return render(
        frame,
        "edits.html",
        {
            "page_name": "themes",
            "page": page,
            "here_offset": after,
            "said": {edit.id: words(frame, edit, known) for edit in page.items},
            "of_theme": (theme, names(db, theme)) if theme is not None and theme in known else None,
            "in_force": edits.live(db),
            "told": told_edit(frame, db),
            "who": who_asks(frame.request),
        },
    )


@router.get("/p/{project}/edits/{edit_id}")
def show_edit(frame: ProjectFrame, db: ProjectDep, edit_id: RowId) -> HTMLResponse:
    """Show one edit with the verbatims whose units are where they are by it."""
    edit = edits.view(db, edit_id)
    placed = units.placed_by(db, edit_id, limit=UNITS_SHOWN)
    owners = list(dict.fromkeys(unit.verbatim_id for unit in placed))
    return render(
        frame,
        "edit.html",
        {
            "page_name": "themes",
            "edit": edit,
            "said": words(frame, edit, known_themes(db)),
            "placed": placed,
            "shown": UNITS_SHOWN,
            "verbatims": {view.id: view for view in verbatims.views_by_id(db, owners, NO_FILTERS)},
            "hidden": {theme.id for theme in themes.list_views(db, NO_FILTERS) if theme.hidden},
        },
    )


@router.post("/p/{project}/edits/{edit_id}/undo")
def undo_edit(
    frame: ProjectFrame, db: ProjectDep, editor: EditorDep, edit_id: RowId, back: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Take an edit back and return to where this was asked."""
    edit_themes.undo(db, edit_id, editor)
    return done(back, edit_id, otherwise=frame.addresses.plain("edits"))


@router.post("/p/{project}/edits/{edit_id}/redo")
def redo_edit(
    frame: ProjectFrame, db: ProjectDep, editor: EditorDep, edit_id: RowId, back: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Put an undone edit in force again and return to where this was asked."""
    edit_themes.redo(db, edit_id, editor)
    return done(back, edit_id, otherwise=frame.addresses.plain("edits"))
