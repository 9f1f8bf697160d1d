"""Export: verbatims, opinion units, themes or customers as a file, under the same filters as everywhere."""

import tempfile
from collections.abc import Iterator
from functools import partial
from os import SEEK_END
from typing import Annotated, BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from app.access import ProjectDep, SystemDep, VisitorDep
from app.asked import FiltersDep
from app.export import MEDIA_TYPES, Format, What, write
from app.store import projects

router = APIRouter(tags=["export"])

CHUNK = 1 << 16


def scratch_file() -> Iterator[BinaryIO]:
    """Give a file without a name that is gone once the response has been sent."""
    with tempfile.TemporaryFile() as file:
        yield file


class Download(StreamingResponse):
    """A file of any of the kinds an export can be."""

    media_type = "application/octet-stream"


@router.get(
    "/projects/{project}/export",
    summary="Export as a file",
    response_class=Download,
    responses={
        200: {
            "description": "The file, as a download.",
            "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES.values()},
        }
    },
)
def export(
    project: str,
    db: ProjectDep,
    system: SystemDep,
    visitor: VisitorDep,
    filters: FiltersDep,
    file: Annotated[BinaryIO, Depends(scratch_file)],
    *,
    format: Annotated[Format, Query(description="`html` is the theme report: one file that opens offline.")] = "csv",
    what: Annotated[What, Query(description="What the rows are; `html` is always the report.")] = "verbatims",
) -> StreamingResponse:
    """Return a download. Cells that a spreadsheet would run as a formula are defused."""
    name = projects.get(system, project).name
    write(db, file, format=format, what=what, filters=filters, language=visitor.language)
    size = file.seek(0, SEEK_END)
    part = "report" if format == "html" else what
    return StreamingResponse(
        chunks_of(file),
        media_type=MEDIA_TYPES[format],
        headers={
            "content-disposition": disposition(f"{name}-{part}.{format}", fallback=f"{project}-{part}.{format}"),
            "content-length": str(size),
        },
    )


def disposition(filename: str, *, fallback: str) -> str:
    """Return a Content-Disposition that names the file in any script (RFC 6266, RFC 8187), and an ASCII fallback."""
    kept = "".join(letter for letter in filename if letter.isprintable() and letter not in '/\\:*?"<>|')
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(kept, safe='')}"


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    """Give a file from its start, in pieces."""
    file.seek(0)
    return iter(partial(file.read, CHUNK), b"")
