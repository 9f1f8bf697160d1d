"""The codebook of a project: its themes, one form to define or change one, and what turns found themes into defined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlite_utils import Database

from app.access import ProjectDep
from app.errors import BadRequest, NotFound
from app.pages.frame import Frame, ProjectFrame, render
from app.store import codebook as store
from app.store import runs
from app.tasks.codebook import adopt, delete_entry, import_codebook, in_force, put_entry, starter
from pipelines.codebook_entries import LONGEST_EXAMPLE, MOST_EXAMPLES, make_entry
from pipelines.records import Codebook, CodebookEntry

router = APIRouter(include_in_schema=False)

DONE = ("saved", "deleted", "imported", "adopted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry as the list shows it.

    `units` is None until a run has seen it; `derived` is the name in the missing language that the run made up; `depth`
    counts the entries above it.
    """

    entry: CodebookEntry
    depth: int
    heading: bool
    units: int | None
    derived: str


@router.get("/p/{project}/codebook")
def show_codebook(frame: ProjectFrame, db: ProjectDep, done: str | None = None) -> HTMLResponse:
    """Show the themes defined beforehand, each with how much is said of it."""
    codebook = store.all_entries(db)
    rows = rows_of(db, codebook)
    return render(
        frame,
        "codebook.html",
        {
            "page_name": "codebook",
            "rows": rows,
            "themes": sum(not row.heading for row in rows),
            "empty": sum(row.units == 0 and not row.heading for row in rows),
            "units": sum(row.units or 0 for row in rows if row.depth == 0),
            "in_force": in_force(db),
            "analysed": runs.latest(db) is not None,
            "starter_there": {one.guid for one in starter().entries} <= {one.guid for one in codebook},
            "done": done if done in DONE else None,
        },
    )


@router.get("/p/{project}/codebook/new")
def new_entry(frame: ProjectFrame, db: ProjectDep, parent: str | None = None) -> HTMLResponse:
    """Show an empty form."""
    return _form(frame, store.all_entries(db), None, parent=parent)


@router.get("/p/{project}/codebook/entries/{guid}")
def show_entry(frame: ProjectFrame, db: ProjectDep, guid: str) -> HTMLResponse:
    """Show an entry in a form. Raises NotFound."""
    codebook = store.all_entries(db)
    entry = next((one for one in codebook if one.guid == guid), None)
    if entry is None:
        raise NotFound(code="no_codebook_entry", values={"guid": guid[:80]})
    return _form(frame, codebook, entry, parent=entry.parent)


@router.get("/p/{project}/codebook/themes/{theme_id}")
def entry_of_theme(frame: ProjectFrame, db: ProjectDep, theme_id: str) -> RedirectResponse:
    """Lead from a defined theme to its entry; where there is none any more, to the codebook."""
    guid = next((one.guid for one in store.all_entries(db) if one.theme == theme_id.removesuffix("-general")), None)
    return RedirectResponse(frame.addresses.plain(f"codebook/entries/{guid}" if guid else "codebook"))


@router.post("/p/{project}/codebook/entries")
def save_entry(
    frame: ProjectFrame,
    db: ProjectDep,
    guid: Annotated[str, Form()] = "",
    name_zh: Annotated[str, Form()] = "",
    name_en: Annotated[str, Form()] = "",
    description: Annotated[str, Form()] = "",
    examples: Annotated[str, Form()] = "",
    parent: Annotated[str, Form()] = "",
    color: Annotated[str, Form()] = "",
    heading: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Add an entry, or change the one named. Raises BadRequest, NotFound."""
    entry = make_entry(
        name_zh=name_zh,
        name_en=name_en,
        description=description,
        examples=asked_examples(examples),
        parent=parent,
        color=color,
        codable=not heading,
    )
    put_entry(db, entry, instead_of=guid or None)
    return _back(frame, "saved")


@router.post("/p/{project}/codebook/delete")
def remove_entry(frame: ProjectFrame, db: ProjectDep, guid: Annotated[str, Form()] = "") -> RedirectResponse:
    """Take an entry out of the codebook. Raises NotFound."""
    delete_entry(db, guid)
    return _back(frame, "deleted")


@router.post("/p/{project}/codebook/starter")
def load_starter(frame: ProjectFrame, db: ProjectDep) -> RedirectResponse:
    """Add the touchpoints that come with Xinsheng."""
    import_codebook(db, starter(), replacing=False)
    return _back(frame, "imported")


@router.post("/p/{project}/codebook/adopt")
def adopt_theme(frame: ProjectFrame, db: ProjectDep, theme: Annotated[str, Form()] = "") -> RedirectResponse:
    """Turn a found theme into a defined one, and show its entry to be looked over."""
    entry = adopt(db, theme)
    return RedirectResponse(frame.addresses.plain(f"codebook/entries/{entry.guid}"), status_code=303)


def asked_examples(text: str) -> list[str]:
    """Return the examples written one a line. Raises BadRequest where they would be cut or left out."""
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if len(found) > MOST_EXAMPLES:
        raise BadRequest(code="too_many_examples", values={"given": len(found), "most": MOST_EXAMPLES})
    for line in found:
        if len(line) > LONGEST_EXAMPLE:
            raise BadRequest(code="example_too_long", values={"example": line[:40], "longest": LONGEST_EXAMPLE})
    return found


def rows_of(db: Database, codebook: Codebook) -> tuple[Row, ...]:
    """Return the entries as the list shows them."""
    counted, named = store.unit_counts(db), store.theme_names(db)
    parents = {entry.parent for entry in codebook}
    depth: dict[str, int] = {}
    rows = []
    for entry in codebook:
        depth[entry.guid] = depth[entry.parent] + 1 if entry.parent else 0
        names = named.get(entry.theme)
        rows.append(
            Row(
                entry=entry,
                depth=depth[entry.guid],
                heading=entry.guid in parents and (not entry.codable or not entry.examples),
                units=counted.get(entry.theme, 0) if names else None,
                derived=_derived(entry, names),
            )
        )
    return tuple(rows)


def _derived(entry: CodebookEntry, names: tuple[str, str] | None) -> str:
    if names is None or (entry.name_zh and entry.name_en):
        return ""
    other = names[1] if entry.name_zh else names[0]
    return "" if other == entry.name else other


def _form(frame: Frame, codebook: Codebook, entry: CodebookEntry | None, *, parent: str | None) -> HTMLResponse:
    return render(
        frame,
        "codebook_entry.html",
        {
            "page_name": "codebook",
            "entry": entry,
            "parent": parent,
            "parents": [one for one in codebook if entry is None or one.guid not in _below(codebook, entry.guid)],
            "most": MOST_EXAMPLES,
        },
    )


def _below(codebook: Sequence[CodebookEntry], guid: str) -> frozenset[str]:
    """Return the GUIDs of an entry and of all below it; the codebook has parents before what is below them."""
    found = {guid}
    for entry in codebook:
        if entry.parent in found:
            found.add(entry.guid)
    return frozenset(found)


def _back(frame: Frame, done: str) -> RedirectResponse:
    return RedirectResponse(frame.addresses.plain("codebook", {"done": done}), status_code=303)
