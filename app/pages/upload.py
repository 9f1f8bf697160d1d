"""Upload: files are dropped, looked at, corrected where the proposal is wrong, and handed to the worker."""

from collections.abc import Iterable, Mapping
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, File, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from app import incoming
from app.access import ProjectDep, SystemDep
from app.errors import BadRequest, NotFound, XinshengError
from app.pages.column_roles import CUSTOMER_ROLES, ROLES, Sheet, mapping_of, sheet_of
from app.pages.frame import Frame, ProjectFrame, render
from app.pages.jobs import told
from app.store import counts, jobs
from app.store.filters import NO_FILTERS
from app.tasks import preview
from app.tasks.ingest import redaction_kinds

router = APIRouter(include_in_schema=False)

CHUNK = 1 << 20
KINDS = ("feedback", "customers")


async def read_form(request: Request) -> FormData:
    """Return the fields of a posted form."""
    return await request.form()


FormDep = Annotated[FormData, Depends(read_form)]


@router.get("/p/{project}/upload")
def show_upload(frame: ProjectFrame, db: ProjectDep) -> HTMLResponse:
    """Show the place where files are dropped."""
    return render(
        frame,
        "upload.html",
        {
            "page_name": "upload",
            "limit_mb": frame.visitor.settings.max_upload_mb,
            "totals": counts.totals(db, NO_FILTERS),
        },
    )


@router.post("/p/{project}/upload")
def take_files(frame: ProjectFrame, file: Annotated[list[UploadFile], File()]) -> RedirectResponse:
    """Keep the files for a moment and show what they would be read as. Raises TooLarge."""
    limit = frame.visitor.settings.max_upload_mb * 2**20
    named = [one for one in file if one.filename]
    if not named:
        raise BadRequest(code="no_file")
    kept = [
        incoming.keep(frame.visitor.folder, one.filename or "", _chunks(one.file), limit=limit).token for one in named
    ]
    query = "&".join(f"file={token}" for token in kept)
    return RedirectResponse(f"{frame.addresses.plain('upload/check')}?{query}", status_code=303)


@router.get("/p/{project}/upload/check")
def check_files(frame: ProjectFrame, db: ProjectDep, file: Annotated[list[str] | None, Query()] = None) -> Response:
    """Show what each file would be read as, with what was proposed; without a file, the place to drop one."""
    if not file:
        return RedirectResponse(frame.addresses.plain("upload"))
    return _check(frame, file, form={}, kinds=redaction_kinds(db))


@router.post("/p/{project}/upload/check")
def confirm_files(frame: ProjectFrame, db: ProjectDep, system: SystemDep, form: FormDep) -> Response:
    """Hand the files to the worker as they were confirmed, or show the preview anew with what was corrected."""
    tokens = [str(token) for token in form.getlist("file")]
    fields = {key: str(value) for key, value in form.multi_items()}
    if fields.get("do") == "preview":
        return _check(frame, tokens, form=fields, kinds=redaction_kinds(db))
    if frame.project is None:
        raise NotFound(code="no_project", values={"project": ""})
    started = []
    for token in tokens:
        sheet = _sheet(frame, token, form=fields, kinds=frozenset())
        if sheet.error is not None or fields.get(f"{token}:skip"):
            incoming.forget(frame.visitor.folder, token)
            continue
        payload = {
            "token": token,
            "filename": sheet.filename,
            "kind": sheet.kind,
            "mapping": mapping_of(
                sheet,
                scale=fields.get(f"{token}:scale") or None,
                low=fields.get(f"{token}:low"),
                high=fields.get(f"{token}:high"),
            ),
            "source": None,
        }
        started.append(jobs.enqueue(system, frame.project.slug, kind="ingest", payload=payload))
    if not started:
        raise BadRequest(code="no_file")
    page = f"jobs/{started[0].id}" if len(started) == 1 else "jobs"
    return RedirectResponse(frame.addresses.plain(page), status_code=303)


def _check(frame: Frame, tokens: list[str], *, form: Mapping[str, str], kinds: frozenset[str]) -> HTMLResponse:
    return render(
        frame,
        "upload_check.html",
        {
            "page_name": "upload",
            "sheets": [_sheet(frame, token, form=form, kinds=kinds) for token in tokens],
            "roles": ROLES,
            "customer_roles": CUSTOMER_ROLES,
            "form": form,
        },
    )


def _sheet(frame: Frame, token: str, *, form: Mapping[str, str], kinds: frozenset[str]) -> Sheet:
    """Return what a file would be read as; an unusable one carries its error in words instead of failing the page."""
    upload = incoming.find(frame.visitor.folder, token)
    try:
        seen = preview(upload.path.read_bytes(), upload.filename)
    except XinshengError as error:
        words = told({"code": error.code, "values": error.values, "message": error.message}, frame.language)
        return Sheet(token=token, filename=upload.filename, size=upload.size, error=words)
    wish = form.get(f"{token}:kind")
    chosen = wish if wish in KINDS else None
    return sheet_of(upload, seen, kind=chosen, form=form, masked=kinds, language=frame.language)


def _chunks(file: BinaryIO) -> Iterable[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
