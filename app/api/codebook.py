"""Codebook: themes defined beforehand, their import and export, and found themes adopted into it."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from app.access import ProjectDep, SystemDep, VisitorDep
from app.api.download import Download, ScratchDep, described, download
from app.api.schemas import NameOut, Shape
from app.errors import BadRequest
from app.export.codebook import MEDIA_TYPES, CodebookFormat, CodebookPart, write
from app.locale import UiLanguage, say
from app.store import codebook as store
from app.store import projects
from app.tasks.codebook import Imported, adopt, import_codebook, in_force, open_codebook, outcome, put_codebook, starter
from pipelines.codebook_entries import (
    LONGEST_DESCRIPTION,
    LONGEST_EXAMPLE,
    LONGEST_NAME,
    MOST_ENTRIES,
    MOST_EXAMPLES,
    digest,
    make_entry,
    repeated,
    unplaced,
)
from pipelines.codebook_files import LARGEST_MB
from pipelines.records import Codebook, CodebookEntry

router = APIRouter(tags=["codebook"])


class EntryIn(BaseModel):
    """One theme to define; at least one of the names is needed."""

    guid: Annotated[
        str | None, Field(description="Keep it to keep the theme; without it, it is made from the names.")
    ] = None
    name: Annotated[
        dict[str, Annotated[str, Field(max_length=LONGEST_NAME)]],
        Field(examples=[{"zh": "物流配送", "en": "Delivery"}]),
    ]
    description: Annotated[str, Field(max_length=LONGEST_DESCRIPTION)] = ""
    parent: Annotated[str | None, Field(description="GUID of the entry above.")] = None
    examples: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_EXAMPLE)]],
        Field(description="Phrases in either language; 5 to 15 are enough.", max_length=MOST_EXAMPLES),
    ] = []
    color: Annotated[str | None, Field(description="#RRGGBB.")] = None
    codable: Annotated[bool, Field(description="false: a heading, which holds no opinion units of its own.")] = True


class CodebookIn(BaseModel):
    """A whole codebook."""

    entries: Annotated[list[EntryIn], Field(max_length=MOST_ENTRIES)]


class EntryOut(Shape):
    """One defined theme."""

    guid: str
    name: NameOut
    description: str
    parent: str | None
    examples: list[str]
    color: str | None
    codable: bool
    theme: Annotated[str, Field(description="Id of its theme, once a full run has seen the entry.")]
    units: Annotated[int | None, Field(description="Opinion units in it; null until a full run has seen the entry.")]


class CodebookOut(Shape):
    """The codebook of a project, parents before what stands below them."""

    sha256: Annotated[str, Field(description="Of what it says; empty for an empty codebook.")]
    in_force: Annotated[bool, Field(description="Whether the last full run used it as it stands.")]
    entries: list[EntryOut]


class BadRowOut(Shape):
    """A row or code that was not taken."""

    row: Annotated[int, Field(description="Row of a table as a spreadsheet counts, line of a .qdc file.")]
    reason: str
    message: str
    detail: str


class ImportOut(Shape):
    """What a file did, or would do, to the codebook."""

    added: int
    changed: int
    removed: int
    unchanged: int
    rejected: list[BadRowOut]
    notes: Annotated[list[str], Field(description="What was understood differently.")]
    codebook: CodebookOut


class AdoptIn(BaseModel):
    """A found theme to take into the codebook."""

    theme: Annotated[str, Field(description="Id of the theme.")]


@router.get("/projects/{project}/codebook", summary="The codebook")
def get_codebook(db: ProjectDep) -> CodebookOut:
    """Return the themes defined beforehand."""
    return codebook_out(db, store.all_entries(db))


@router.put("/projects/{project}/codebook", summary="Put a whole codebook")
def put_whole_codebook(db: ProjectDep, body: CodebookIn) -> CodebookOut:
    """Replace the codebook; themes follow with the next full run. 400 names an entry at fault and changes nothing."""
    entries = [
        make_entry(
            name_zh=one.name.get("zh", ""),
            name_en=one.name.get("en", ""),
            description=one.description,
            examples=one.examples,
            guid=one.guid,
            parent=one.parent,
            color=one.color,
            codable=one.codable,
        )
        for one in body.entries
    ]
    for place, entry in enumerate(entries):
        if not entry.name:
            raise BadRequest(code="theme_without_name", details={"entry": place})
    if (twice := repeated(entries)) is not None:
        raise BadRequest(code="theme_defined_already", values={"name": twice.name}, details={"guid": twice.guid})
    if (lost := unplaced(entries)) is not None:
        raise BadRequest(code="no_such_parent", values={"name": lost.name, "parent": lost.parent or ""})
    return codebook_out(db, put_codebook(db, tuple(entries)))


@router.post("/projects/{project}/codebook/import", summary="Import a codebook file")
def import_codebook_file(
    db: ProjectDep,
    visitor: VisitorDep,
    *,
    file: Annotated[UploadFile, File(description="csv, tsv, xlsx or REFI-QDA .qdc, 5 MB at most.")],
    replace: Annotated[bool, Form(description="Drop the entries that the file does not have.")] = False,
    preview: Annotated[bool, Form(description="Only say what would change.")] = False,
) -> ImportOut:
    """Take a file into the codebook: the same GUID, or else the same names, is the same entry. Bad rows are listed."""
    found = open_codebook(file.file.read(LARGEST_MB * 2**20 + 1), file.filename or "codebook")
    if preview:
        after, done = outcome(store.all_entries(db), found, replacing=replace)
        return import_out(db, after, done, language=visitor.language)
    done = import_codebook(db, found, replacing=replace)
    return import_out(db, store.all_entries(db), done, language=visitor.language)


@router.post("/projects/{project}/codebook/starter", summary="Load the starter codebook")
def load_starter_codebook(db: ProjectDep, visitor: VisitorDep) -> ImportOut:
    """Add the touchpoints of a customer's journey that come with Xinsheng, in both languages."""
    done = import_codebook(db, starter(), replacing=False)
    return import_out(db, store.all_entries(db), done, language=visitor.language)


@router.post("/projects/{project}/codebook/adopt", status_code=201, summary="Adopt a found theme")
def adopt_theme(db: ProjectDep, body: AdoptIn) -> EntryOut:
    """Turn a found theme into a defined one, with its sentences as examples. It keeps its id."""
    entry = adopt(db, body.theme)
    return entry_out(entry, store.unit_counts(db), frozenset({entry.theme}))


@router.get(
    "/projects/{project}/codebook/export",
    summary="Export as a file",
    response_class=Download,
    responses=described(MEDIA_TYPES.values()),
)
def export_codebook(
    project: str,
    db: ProjectDep,
    system: SystemDep,
    file: ScratchDep,
    *,
    format: Annotated[CodebookFormat, Query(description="`qdc` is REFI-QDA 1.5: NVivo, ATLAS.ti, MAXQDA …")] = "csv",
    what: Annotated[
        CodebookPart, Query(description="`themes`: all themes, found ones with their sentences as examples.")
    ] = "codebook",
) -> StreamingResponse:
    """Return a download; exported, imported and exported again, a file is the same."""
    name = projects.get(system, project).name
    write(db, file, format=format, what=what)
    return download(
        file,
        media_type=MEDIA_TYPES[format],
        filename=f"{name}-{what}.{format}",
        fallback=f"{project}-{what}.{format}",
    )


def codebook_out(db: ProjectDep, codebook: Codebook) -> CodebookOut:
    """Return a codebook as the API shows it."""
    seen = frozenset(store.theme_names(db))
    counted = store.unit_counts(db)
    return CodebookOut(
        sha256=digest(codebook),
        in_force=in_force(db),
        entries=[entry_out(entry, counted, seen) for entry in codebook],
    )


def entry_out(entry: CodebookEntry, counted: dict[str, int], seen: frozenset[str]) -> EntryOut:
    """Return an entry as the API shows it."""
    return EntryOut(
        guid=entry.guid,
        name=NameOut(zh=entry.name_zh, en=entry.name_en),
        description=entry.description,
        parent=entry.parent,
        examples=list(entry.examples),
        color=entry.color,
        codable=entry.codable,
        theme=entry.theme,
        units=counted.get(entry.theme, 0) if entry.theme in seen else None,
    )


def import_out(db: ProjectDep, codebook: Codebook, done: Imported, *, language: UiLanguage) -> ImportOut:
    """Return what a file did as the API shows it."""
    return ImportOut(
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        unchanged=done.unchanged,
        rejected=[
            BadRowOut(row=bad.row, reason=bad.reason, message=say(language, f"reason.{bad.reason}"), detail=bad.detail)
            for bad in done.file.rejected
        ],
        notes=[say(language, f"codebook.note.{code}", {"detail": detail}) for code, detail in done.file.notes],
        codebook=codebook_out(db, codebook),
    )
