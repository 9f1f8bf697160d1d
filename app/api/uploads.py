"""Uploads: a file looked at before it is read, and read by a job."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import Field

from app import incoming
from app.access import ProjectDep, SystemDep, Visitor, VisitorDep
from app.api.schemas import Shape, TicketOut
from app.errors import BadRequest
from app.incoming import Incoming
from app.store import jobs

router = APIRouter(tags=["uploads"])

CHUNK = 1 << 20

FileField = Annotated[
    UploadFile | None,
    File(description="csv, tsv, xlsx, xls, json, jsonl, txt, md, docx, vtt or srt, in any common Chinese encoding."),
]
TokenField = Annotated[
    str | None, Form(description="Instead of `file`: the `token` of a preview, so that the file is sent once.")
]


class UploadOut(TicketOut):
    """A file waits to be read."""

    source: Annotated[
        str | None,
        Field(
            description="Name of the source the file becomes; null for customers. Its id is in the job's result.",
            examples=["reviews.csv"],
        ),
    ]
    token: Annotated[str, Field(description="Where the file is kept until the job has read it.")]


class RowOut(Shape):
    """One of the first rows; `row` counts as a spreadsheet shows it, with the header as row 1."""

    row: int
    cells: list[str]


class PreviewOut(Shape):
    """What a file would be read as. Nothing is stored but the file itself, for a day."""

    token: Annotated[str, Field(description="Give this to `POST …/uploads` to read the file as shown or corrected.")]
    filename: str
    size: Annotated[int, Field(description="Bytes.")]
    kind: Annotated[str, Field(description="`feedback`, `customers`, `transcript` or `unusable`.")]
    format: str
    encoding: str | None
    columns: list[str]
    questions: Annotated[dict[str, str], Field(description="The question behind a column, where the file tells it.")]
    mapping: Annotated[dict[str, Any], Field(description="The proposed mapping: which column is what.")]
    reasons: Annotated[dict[str, Any], Field(description="Why each column was taken for what it is.")]
    notes: list[Any]
    message: Annotated[str, Field(description="The proposal in a sentence; for `unusable`, why.")]
    rows_read: int
    rejected: Annotated[int, Field(description="Rows that cannot be read; they are listed once the file is.")]
    first_rows: list[RowOut]


@router.post("/projects/{project}/uploads/preview", summary="Look at a file before it is read")
def preview_upload(db: ProjectDep, visitor: VisitorDep, file: FileField = None, token: TokenField = None) -> PreviewOut:
    """Return the proposed mapping and first rows. 422 where the file gives nothing to work on, saying why."""
    from app.tasks import preview

    kept = keep_upload(visitor, file, token)
    try:
        seen = preview(kept.path.read_bytes(), kept.filename)
    except BaseException:
        incoming.forget(visitor.folder, kept.token)
        raise
    return PreviewOut(
        token=kept.token,
        filename=kept.filename,
        size=kept.size,
        kind=seen.kind,
        format=seen.format,
        encoding=seen.encoding,
        columns=list(seen.columns),
        questions=dict(seen.questions),
        mapping=dict(seen.mapping),
        reasons=dict(seen.reasons),
        notes=list(seen.notes),
        message=seen.message[visitor.language],
        rows_read=seen.rows_read,
        rejected=seen.rejected,
        first_rows=[RowOut(row=number, cells=list(cells)) for number, cells in seen.first_rows],
    )


@router.post("/projects/{project}/uploads", status_code=202, summary="Upload a file")
def upload(
    project: str,
    db: ProjectDep,
    system: SystemDep,
    visitor: VisitorDep,
    response: Response,
    file: FileField = None,
    token: TokenField = None,
    kind: Annotated[
        Literal["feedback", "customers"], Form(description="What the rows are: things said, or customers.")
    ] = "feedback",
    mapping: Annotated[
        str | None,
        Form(
            description="Which column is what, as a JSON object; what it leaves out is proposed from the file.",
            examples=['{"text": ["评论内容"], "score": "评分"}'],
        ),
    ] = None,
) -> UploadOut:
    """Keep the file and put its reading in the queue; an analysis follows. The same file again changes nothing."""
    chosen = read_mapping(mapping)
    kept = keep_upload(visitor, file, token)
    job = jobs.enqueue(
        system,
        project,
        kind="ingest",
        payload={
            "token": kept.token,
            "filename": kept.filename,
            "kind": kind,
            "mapping": chosen,
            "source": kept.filename if kind == "feedback" else None,
        },
    )
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return UploadOut(job=job.id, source=kept.filename if kind == "feedback" else None, token=kept.token)


def keep_upload(visitor: Visitor, file: UploadFile | None, token: str | None) -> Incoming:
    """Return the file that was sent, or the one a preview has kept. Raises BadRequest where there is neither."""
    if token:
        return incoming.find(visitor.folder, token)
    if file is None or not file.filename:
        raise BadRequest(code="no_file")
    return incoming.keep(visitor.folder, file.filename, _chunks(file), limit=visitor.settings.max_upload_mb * 2**20)


def read_mapping(text: str | None) -> dict[str, Any] | None:
    """Return the mapping of a form field, None where it is empty. Raises BadRequest unless it is a JSON object."""
    if not text or not text.strip():
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(code="mapping_unreadable", values={"mapping": text[:80]}) from error
    if not isinstance(found, dict):
        raise BadRequest(code="mapping_unreadable", values={"mapping": text[:80]})
    return found


def _chunks(file: UploadFile) -> Iterator[bytes]:
    return iter(partial(file.file.read, CHUNK), b"")
