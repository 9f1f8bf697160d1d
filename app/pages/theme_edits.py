"""The forms of a theme's page: rename, pin, hide, lock, merge, put under a parent, split, move units."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlite_utils import Database

from app.access import ProjectDep
from app.asked import asked_choice
from app.errors import BadRequest
from app.pages.edit_words import told_edit, words
from app.pages.editor import EditorDep, FormText, NewName, done, new_name
from app.pages.frame import Frame, ProjectFrame, render
from app.store import themes, units
from app.store.filters import NO_FILTERS, NONE
from app.tasks import edit_split, edit_themes
from app.tasks.edit_themes import Changes, Editor, Name

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
ORDERS = ("unsure", "nearest", "newest")
SORTED_AT_ONCE = 100
"""Units on a page to be ticked: more are not read in one go."""
PARTS = tuple(str(count) for count in range(2, edit_split.MOST_PARTS + 1))
NEW = "new"
"""What a choice of themes says for a theme that is to be made."""


@router.post("/p/{project}/themes/{theme_id}/name")
def rename_theme(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    theme_id: str,
    *,
    zh: FormText = "",
    en: FormText = "",
    back: Back = "",
) -> RedirectResponse:
    """Give a theme other names."""
    return _changed(frame, db, editor, theme_id, changes=Changes(name=Name(zh=zh, en=en)), back=back)


@router.post("/p/{project}/themes/{theme_id}/marks")
def mark_theme(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    theme_id: str,
    *,
    pinned: Annotated[bool | None, Form()] = None,
    hidden: Annotated[bool | None, Form()] = None,
    locked: Annotated[bool | None, Form()] = None,
    back: Back = "",
) -> RedirectResponse:
    """Pin, hide or lock a theme, or take it back."""
    changes = Changes(pinned=pinned, hidden=hidden, locked=locked)
    return _changed(frame, db, editor, theme_id, changes=changes, back=back)


@router.post("/p/{project}/themes/{theme_id}/parent")
def put_under(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    theme_id: str,
    *,
    new: NewName,
    parent: FormText = "",
    back: Back = "",
) -> RedirectResponse:
    """Put a theme under a parent, a new one, or on the top level."""
    changes = Changes(new_parent=new) if parent == NEW else Changes(parent=parent or "none")
    return _changed(frame, db, editor, theme_id, changes=changes, back=back)


@router.post("/p/{project}/themes/{theme_id}/merge")
def merge_theme(
    frame: ProjectFrame, db: ProjectDep, editor: EditorDep, theme_id: str, *, into: FormText = ""
) -> RedirectResponse:
    """Merge a theme into another one and go there."""
    if not into:
        raise BadRequest(code="merge_what")
    made = edit_themes.merge(db, [theme_id], into, editor)
    return done("", made, otherwise=frame.addresses.plain(f"themes/{into}"))


@router.get("/p/{project}/themes/{theme_id}/units")
def sort_units(
    frame: ProjectFrame,
    db: ProjectDep,
    theme_id: str,
    order: Annotated[str | None, Query(max_length=20)] = None,
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> HTMLResponse:
    """Show the opinion units of a theme ("none": the unthemed) to be ticked and put where they belong."""
    chosen = asked_choice("order", order, ORDERS) or ("unsure" if theme_id != NONE else "nearest")
    theme = themes.view(db, theme_id, frame.filters)
    everything = themes.list_views(db, NO_FILTERS)
    told = told_edit(frame, db)
    known = frozenset(one.id for one in everything)
    asked = replace(frame.filters, theme=theme_id)
    return render(
        frame,
        "theme_units.html",
        {
            "page_name": "themes",
            "theme": theme,
            "page": units.list_views(db, asked, order=chosen, limit=SORTED_AT_ONCE, after=after),
            "here_offset": after,
            "order": chosen,
            "orders": ORDERS,
            "leaves": [one for one in everything if not one.is_parent and one.id != theme_id],
            "told": told,
            "told_said": words(frame, told, known) if told else None,
        },
    )


@router.get("/p/{project}/themes/{theme_id}/split")
def show_split(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    theme_id: str,
    parts: Annotated[str | None, Query(max_length=4)] = None,
) -> HTMLResponse:
    """Show what a theme would be split into, the names to be corrected before it is done."""
    count = asked_choice("parts", parts, PARTS) or "2"
    theme = edit_themes.existing(db, theme_id)
    try:
        proposed = edit_split.preview_split(db, theme_id, editor, parts=int(count))
    except BadRequest as error:
        if error.code != "too_few_to_split":
            raise
        proposed = ()
    context = {"page_name": "themes", "theme": theme, "parts": proposed, "count": int(count), "choices": PARTS}
    return render(frame, "theme_split.html", context)


@router.post("/p/{project}/themes/{theme_id}/split")
def split_theme(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    theme_id: str,
    *,
    parts: Annotated[int, Form()],
    zh: Annotated[list[str] | None, Form()] = None,
    en: Annotated[list[str] | None, Form()] = None,
) -> RedirectResponse:
    """Split a theme into the parts shown, under the names given, and go to the list of themes."""
    names = [new_name(*pair) for pair in zip(zh or [], en or [], strict=False)]
    made = edit_split.split(db, theme_id, editor, parts=parts, names=names)
    return done("", made, otherwise=frame.addresses.plain("themes"))


@router.post("/p/{project}/units/move")
def move_units(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    *,
    new: NewName,
    unit: Annotated[list[str] | None, Form()] = None,
    theme: FormText = "",
    back: Back = "",
) -> RedirectResponse:
    """Put units where they belong: a theme, a new one, or ("none") no theme."""
    if not theme:
        raise BadRequest(code="move_where")
    made = edit_themes.move(db, unit or [], editor, theme=theme, new=new if theme == NEW else None)
    return done(back, made, otherwise=frame.addresses.plain("edits"))


@router.post("/p/{project}/units/reject")
def reject_units(
    frame: ProjectFrame,
    db: ProjectDep,
    editor: EditorDep,
    *,
    unit: Annotated[list[str] | None, Form()] = None,
    back: Back = "",
) -> RedirectResponse:
    """Take units out of the themes they are wrong in."""
    made = edit_themes.reject(db, unit or [], editor)
    return done(back, made, otherwise=frame.addresses.plain("edits"))


def _changed(
    frame: Frame, db: Database, editor: Editor, theme_id: str, *, changes: Changes, back: str
) -> RedirectResponse:
    made = edit_themes.change(db, theme_id, changes, editor)
    return done(back, made[-1] if made else None, otherwise=frame.addresses.plain(f"themes/{theme_id}"))
