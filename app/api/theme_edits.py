"""Edits: what people change about themes, as events that every later run keeps and that can be undone."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field

from app.access import ProjectDep, VisitorDep
from app.api.paging import PagingDep
from app.api.schemas import ListOut, NameOut, Shape, listed
from app.api.themes import ThemeOut, UnitOut, theme_out, unit_out
from app.asked import RowId
from app.errors import BadRequest
from app.store import edits, themes, units
from app.store.filters import NO_FILTERS
from app.store.views import EditView, ThemeView
from app.tasks import edit_split, edit_themes
from app.tasks.edit_themes import Changes, Editor, Name

router = APIRouter(tags=["theme_edits"])

MOST_UNITS = 1_000
"""Units of one call: more are moved by merging or splitting themes."""

WhoHeader = Annotated[
    str | None, Header(alias="X-Who", description="Who changes something, where the body does not say.", max_length=400)
]


class Said(BaseModel):
    """What every edit may say: who makes it. There are no accounts; without it the name is `local`."""

    model_config = ConfigDict(extra="forbid")
    who: Annotated[str | None, Field(description="Who makes the edit, for the record.", max_length=80)] = None


class NameIn(BaseModel):
    """A name in one or both languages; a language left out stays as it is, or is as the other for a new theme."""

    model_config = ConfigDict(extra="forbid")
    zh: Annotated[str | None, Field(max_length=200, examples=["物流太慢"])] = None
    en: Annotated[str | None, Field(max_length=200, examples=["Slow delivery"])] = None


class ThemeIn(Said):
    """What is to change about a theme; what is left out stays."""

    name: NameIn | None = None
    parent_id: Annotated[str | None, Field(description="Id of a parent theme; null: the top level.")] = None
    parent_name: Annotated[NameIn | None, Field(description="Make a parent theme of this name for it.")] = None
    pinned: Annotated[bool | None, Field(description="Stands first in every list.")] = None
    hidden: Annotated[bool | None, Field(description="Left out of lists and charts, counted openly.")] = None
    locked: Annotated[bool | None, Field(description="Runs move nothing out of it, and only new texts into it.")] = None


class MergeIn(Said):
    """What goes together: this theme into another one, or others into this one."""

    into: Annotated[str | None, Field(description="Id of the theme that this one becomes part of.")] = None
    themes: Annotated[list[str], Field(description="Ids of themes that become part of this one.", max_length=200)] = []


class PartIn(BaseModel):
    """One part as a person wants it: its name and the units that belong to it."""

    model_config = ConfigDict(extra="forbid")
    name: NameIn
    units: Annotated[list[str], Field(description="Ids of opinion units.", min_length=1, max_length=MOST_UNITS)]


class SplitIn(Said):
    """Into how many parts a theme is split as proposed, or the parts as lists of units."""

    parts: Annotated[
        int | list[PartIn],
        Field(description="How many parts, 2 to 8; or the parts. What is listed nowhere goes to the nearest part."),
    ]
    names: Annotated[
        list[NameIn], Field(description="Names in place of the proposed ones, in their order.", max_length=8)
    ] = []
    preview: Annotated[bool, Field(description="Only show what the parts would be; nothing is changed.")] = False


class MoveIn(Said):
    """Where units belong: a theme, no theme, or a new theme of this name."""

    theme: Annotated[str | None, Field(description="Id of a theme; null or `none`: out of all themes.")] = None
    name: Annotated[NameIn | None, Field(description="Make a theme of this name for them.")] = None


class MoveManyIn(MoveIn):
    """Units and where they belong."""

    units: Annotated[list[str], Field(description="Ids of opinion units.", min_length=1, max_length=MOST_UNITS)]


class RejectIn(Said):
    """In which theme a unit is wrong; left out: the one it is in."""

    theme: Annotated[str | None, Field(description="Id of the theme, to be sure that nothing changed meanwhile.")] = (
        None
    )


class RejectManyIn(RejectIn):
    """Units that are wrong in their themes."""

    units: Annotated[list[str], Field(description="Ids of opinion units.", min_length=1, max_length=MOST_UNITS)]


class UndoIn(Said):
    """Who takes an edit back or puts it in force again."""


class EditPartOut(Shape):
    """One part that a theme was split into."""

    id: str
    name: NameOut


class EditOut(Shape):
    """One edit: who changed what and when, whether it is in force, and how many units are where they are by it."""

    id: int
    at: str
    who: str
    kind: Annotated[
        str, Field(description="`rename`, `parent`, `pin`, `hide`, `lock`, `merge`, `split`, `move` or `reject`.")
    ]
    themes: Annotated[list[str], Field(description="The themes it is about; for a move, those the units were in.")]
    into: Annotated[str | None, Field(description="Where things went: theme or parent; null: unthemed, or top level.")]
    name: Annotated[dict[str, str | None], Field(description="The new name, by language; null: left as it was.")]
    on: Annotated[bool, Field(description="false: a pin, a lock or hiding was taken back.")]
    parts: list[EditPartOut]
    names: Annotated[dict[str, NameOut], Field(description="What its themes were called then, by id.")]
    undone_at: Annotated[str | None, Field(description="null: in force.")]
    undone_by: str | None
    idle: Annotated[bool, Field(description="In force, but what it is about is not there at present.")]
    units: Annotated[int, Field(description="Units that are where they are by this edit.")]
    followers: Annotated[int, Field(description="Units that followed because they say nearly the same.")]


class EditedThemeOut(Shape):
    """What an edit did: the edits it became (none where nothing changed) and the theme as it is now."""

    edits: list[EditOut]
    theme: ThemeOut


class SplitPartOut(Shape):
    """One part: its name, its words, how many units, and units that show it."""

    id: Annotated[str | None, Field(description="Id of the theme it is now; null in a preview.")]
    name: NameOut
    keywords: list[str]
    units: int
    exemplar_units: list[UnitOut]


class SplitOut(Shape):
    """What a theme was split into, or (`edit` null) would be."""

    edit: EditOut | None
    parts: list[SplitPartOut]


class EditedUnitsOut(Shape):
    """What an edit did: the edit, and the units as they are now."""

    edit: EditOut
    units: list[UnitOut]


@router.patch("/projects/{project}/themes/{theme_id}", summary="Change a theme")
def change_theme(
    theme_id: str, body: ThemeIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None
) -> EditedThemeOut:
    """Rename a theme, pin, hide or lock it, or put it under another parent; at once, and after every later run."""
    changes = Changes(
        name=name_of(body.name),
        parent=(body.parent_id or "none") if "parent_id" in body.model_fields_set else None,
        new_parent=name_of(body.parent_name),
        pinned=body.pinned,
        hidden=body.hidden,
        locked=body.locked,
    )
    made = edit_themes.change(db, theme_id, changes, editor_of(body, x_who, visitor))
    return EditedThemeOut(
        edits=[edit_out(edits.view(db, one)) for one in made], theme=theme_out(themes.view(db, theme_id, NO_FILTERS))
    )


@router.post("/projects/{project}/themes/{theme_id}/merge", summary="Merge themes")
def merge_themes(
    theme_id: str, body: MergeIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None
) -> EditedThemeOut:
    """Merge this theme `into` another one, or other `themes` into this one; they stay merged in every later run."""
    if (body.into is None) == (not body.themes):
        raise BadRequest(code="merge_what")
    into, sources = (theme_id, body.themes) if body.into is None else (body.into, [theme_id])
    made = edit_themes.merge(db, sources, into, editor_of(body, x_who, visitor))
    return EditedThemeOut(edits=[edit_out(edits.view(db, made))], theme=theme_out(themes.view(db, into, NO_FILTERS)))


@router.post("/projects/{project}/themes/{theme_id}/split", summary="Split a theme")
def split_theme(theme_id: str, body: SplitIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None) -> SplitOut:
    """Put parts in a theme's place: proposed from its units, or as listed. Later runs keep the parts and fill them."""
    editor = editor_of(body, x_who, visitor)
    if isinstance(body.parts, int):
        if body.preview:
            shown = edit_split.preview_split(db, theme_id, editor, parts=body.parts)
            return SplitOut(edit=None, parts=[_proposed(part) for part in shown])
        names = [Name(zh=name.zh, en=name.en) for name in body.names]
        made = edit_split.split(db, theme_id, editor, parts=body.parts, names=names)
    else:
        listed_parts = [
            edit_split.Listed(name=Name(zh=part.name.zh, en=part.name.en), units=tuple(part.units))
            for part in body.parts
        ]
        made = edit_split.split_by_list(db, theme_id, editor, parts=listed_parts)
    view = edits.view(db, made)
    ids = [part["id"] for part in view.parts]
    found = {theme.id: theme for theme in themes.list_views(db, NO_FILTERS) if theme.id in ids}
    return SplitOut(edit=edit_out(view), parts=[_made(db, found[one]) for one in ids])


@router.post("/projects/{project}/units/move", summary="Move units")
def move_units(body: MoveManyIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None) -> EditedUnitsOut:
    """Put opinion units where they belong; they stay there, and units that say nearly the same follow them."""
    return _moved(body.units, body, db, visitor, x_who)


@router.post("/projects/{project}/units/{unit_id}/move", summary="Move one unit")
def move_unit(
    unit_id: str, body: MoveIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None
) -> EditedUnitsOut:
    """Put one opinion unit where it belongs; it stays there, and units that say nearly the same follow it."""
    return _moved([unit_id], body, db, visitor, x_who)


@router.post("/projects/{project}/units/reject", summary="Units that are wrong in their theme")
def reject_units(body: RejectManyIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None) -> EditedUnitsOut:
    """Take opinion units out of themes they are wrong in; no later run puts them back there."""
    made = edit_themes.reject(db, body.units, editor_of(body, x_who, visitor), theme=body.theme)
    return _units_out(db, made, body.units)


@router.post("/projects/{project}/units/{unit_id}/reject", summary="A unit that is wrong in its theme")
def reject_unit(
    unit_id: str, body: RejectIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None
) -> EditedUnitsOut:
    """Take one opinion unit out of the theme it is wrong in; no later run puts it back there."""
    made = edit_themes.reject(db, [unit_id], editor_of(body, x_who, visitor), theme=body.theme)
    return _units_out(db, made, [unit_id])


@router.get("/projects/{project}/edits", summary="What people changed")
def list_edits(
    db: ProjectDep,
    paging: PagingDep,
    about: Annotated[str | None, Query(description="Only edits that name this theme.", max_length=80)] = None,
) -> ListOut[EditOut]:
    """Return every edit of the project, the newest first; undone ones too."""
    return listed(edits.list_views(db, theme=about, limit=paging.limit, after=paging.after), edit_out)


@router.post("/projects/{project}/edits/{edit_id}/undo", summary="Undo an edit")
def undo_edit(edit_id: RowId, body: UndoIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None) -> EditOut:
    """Take an edit back, whichever it is: everything is as if it had not been made. It stays in the history."""
    edit_themes.undo(db, edit_id, editor_of(body, x_who, visitor))
    return edit_out(edits.view(db, edit_id))


@router.post("/projects/{project}/edits/{edit_id}/redo", summary="Redo an edit")
def redo_edit(edit_id: RowId, body: UndoIn, db: ProjectDep, visitor: VisitorDep, x_who: WhoHeader = None) -> EditOut:
    """Put an undone edit in force again, in its old place among the others."""
    edit_themes.redo(db, edit_id, editor_of(body, x_who, visitor))
    return edit_out(edits.view(db, edit_id))


def editor_of(body: Said, header: str | None, visitor: VisitorDep) -> Editor:
    """Return who makes an edit: the body's name, else the header's (UTF-8 or percent-encoded)."""
    return Editor(who=body.who or header_name(header) or "", settings=visitor.settings)


def header_name(header: str | None) -> str:
    """Return the name a header holds: Latin-1 as headers are, so a Chinese one comes as UTF-8 or percent-encoded."""
    if not header:
        return ""
    try:
        return unquote(header.encode("latin-1").decode("utf-8"))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return unquote(header)


def name_of(name: NameIn | None) -> Name | None:
    """Return a name as tasks take it."""
    return None if name is None else Name(zh=name.zh, en=name.en)


def edit_out(view: EditView) -> EditOut:
    """Return an edit as the API shows it."""
    return EditOut(
        id=view.id,
        at=view.at,
        who=view.who,
        kind=view.kind,
        themes=list(view.theme_ids),
        into=view.into,
        name=dict(view.name),
        on=view.on,
        parts=[EditPartOut(id=part["id"], name=NameOut(**part["name"])) for part in view.parts],
        names={theme_id: NameOut(**name) for theme_id, name in view.names.items()},
        undone_at=view.undone_at,
        undone_by=view.undone_by,
        idle=view.idle,
        units=view.units,
        followers=view.followers,
    )


def _moved(unit_ids: list[str], body: MoveIn, db: ProjectDep, visitor: VisitorDep, x_who: str | None) -> EditedUnitsOut:
    if body.name is None and "theme" not in body.model_fields_set:
        raise BadRequest(code="move_where")
    editor = editor_of(body, x_who, visitor)
    made = edit_themes.move(db, unit_ids, editor, theme=body.theme, new=name_of(body.name))
    return _units_out(db, made, unit_ids)


def _proposed(part: edit_split.Part) -> SplitPartOut:
    return SplitPartOut(
        id=None,
        name=NameOut(zh=part.name_zh, en=part.name_en),
        keywords=list(part.keywords),
        units=part.units,
        exemplar_units=[unit_out(unit) for unit in part.exemplars],
    )


def _made(db: ProjectDep, theme: ThemeView) -> SplitPartOut:
    return SplitPartOut(
        id=theme.id,
        name=NameOut(zh=theme.name_zh, en=theme.name_en),
        keywords=list(theme.keywords),
        units=theme.units,
        exemplar_units=[unit_out(unit) for unit in units.by_ids(db, theme.exemplars)],
    )


def _units_out(db: ProjectDep, edit_id: int, unit_ids: list[str]) -> EditedUnitsOut:
    return EditedUnitsOut(
        edit=edit_out(edits.view(db, edit_id)), units=[unit_out(unit) for unit in units.by_ids(db, unit_ids)]
    )
