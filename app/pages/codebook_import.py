"""A codebook file: looked at before it is taken over, with the rows that could not be read."""

from typing import Annotated, BinaryIO

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from app import incoming
from app.access import ProjectDep
from app.errors import BadRequest
from app.pages.frame import ProjectFrame, render
from app.store import codebook as store
from app.tasks.codebook import import_codebook, open_codebook, outcome
from pipelines.codebook_files import LARGEST_MB

router = APIRouter(include_in_schema=False)

CHUNK = 1 << 20


@router.get("/p/{project}/codebook/import")
def show_import(frame: ProjectFrame) -> HTMLResponse:
    """Show the place where a codebook file is chosen."""
    return render(frame, "codebook_import.html", {"page_name": "codebook", "limit_mb": LARGEST_MB, "seen": None})


@router.post("/p/{project}/codebook/import")
def take_file(frame: ProjectFrame, file: Annotated[UploadFile, File()]) -> RedirectResponse:
    """Keep the file for a moment and show what it holds. Raises Unusable, TooLarge, BadRequest."""
    if not file.filename:
        raise BadRequest(code="no_file")
    kept = incoming.keep(frame.visitor.folder, file.filename, _chunks(file.file), limit=LARGEST_MB * 2**20)
    try:
        open_codebook(kept.path.read_bytes(), kept.filename)
    except BaseException:
        incoming.forget(frame.visitor.folder, kept.token)
        raise
    return RedirectResponse(frame.addresses.plain(f"codebook/import/{kept.token}"), status_code=303)


@router.get("/p/{project}/codebook/import/{token}")
def check_file(frame: ProjectFrame, db: ProjectDep, token: str) -> HTMLResponse:
    """Show what a file would change, and which of its rows could not be read. Raises NotFound."""
    kept = incoming.find(frame.visitor.folder, token)
    found = open_codebook(kept.path.read_bytes(), kept.filename)
    before = store.all_entries(db)
    _, added = outcome(before, found, replacing=False)
    _, replaced = outcome(before, found, replacing=True)
    return render(
        frame,
        "codebook_import.html",
        {
            "page_name": "codebook",
            "limit_mb": LARGEST_MB,
            "token": token,
            "filename": kept.filename,
            "seen": found,
            "names": {entry.guid: entry.name for entry in found.entries},
            "added": added,
            "replaced": replaced,
            "had": len(before),
        },
    )


@router.post("/p/{project}/codebook/import/{token}")
def confirm_file(
    frame: ProjectFrame, db: ProjectDep, token: str, how: Annotated[str, Form()] = "add"
) -> RedirectResponse:
    """Take the file over, beside what there is (`add`) or in its place (`replace`). Raises NotFound."""
    kept = incoming.find(frame.visitor.folder, token)
    import_codebook(db, open_codebook(kept.path.read_bytes(), kept.filename), replacing=how == "replace")
    incoming.forget(frame.visitor.folder, token)
    return RedirectResponse(frame.addresses.plain("codebook", {"done": "imported"}), status_code=303)


def _chunks(file: BinaryIO) -> list[bytes]:
    found = []
    while chunk := file.read(CHUNK):
        found.append(chunk)
        if sum(map(len, found)) > LARGEST_MB * 2**20:
            break
    return found
