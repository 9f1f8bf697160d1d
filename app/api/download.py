"""Download: a file made for one request, sent in pieces under a name in any script and gone afterwards."""

import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from os import SEEK_END
from typing import Annotated, Any, BinaryIO
from urllib.parse import quote

from fastapi import Depends
from fastapi.responses import StreamingResponse

CHUNK = 1 << 16


class Download(StreamingResponse):
    """A file of any of the kinds an export can be."""

    media_type = "application/octet-stream"


def scratch_file() -> Iterator[BinaryIO]:
    """Give a file without a name that is gone once the response has been sent."""
    with tempfile.TemporaryFile() as file:
        yield file


ScratchDep = Annotated[BinaryIO, Depends(scratch_file)]


def described(media_types: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """Return what the documentation says of a route that answers with a file of one of these media types."""
    content = {media: {"schema": {"type": "string", "format": "binary"}} for media in media_types}
    return {200: {"description": "The file, as a download.", "content": content}}


def download(file: BinaryIO, *, media_type: str, filename: str, fallback: str) -> StreamingResponse:
    """Return a written file as a response with its length; `fallback` is its name for programs that know ASCII only."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    return StreamingResponse(
        iter(partial(file.read, CHUNK), b""),
        media_type=media_type,
        headers={"content-disposition": disposition(filename, fallback=fallback), "content-length": str(size)},
    )


def disposition(filename: str, *, fallback: str) -> str:
    """Return a Content-Disposition that names the file in any script (RFC 6266, RFC 8187), and an ASCII fallback."""
    kept = "".join(letter for letter in filename if letter.isprintable() and letter not in '/\\:*?"<>|')
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(kept, safe='')}"
