"""Output files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import BadRequest


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give a file to write beside `out`, moved into its place at the end and removed after a failure.

    Raises BadRequest where `out` is a folder.
    """
    if out.is_dir():
        raise BadRequest(code="is_a_folder", values={"path": str(out)})
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        # mkstemp makes files that only their owner reads; results are as readable as any other file.
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
