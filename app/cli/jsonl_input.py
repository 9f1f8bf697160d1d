"""One text per line of a jsonl file: checked whole before the slow work begins, then read in batches."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.cli.sources import STDIN, STDIN_NAME
from app.errors import BadRequest, Unusable

BATCH = 4_096
"""Texts held at once: enough to keep an encoder busy, some megabytes of memory."""
SPOOL_BYTES = 64 * 2**20
"""Standard input beyond this is kept in a temporary file rather than in memory: it is read twice."""


@contextmanager
def open_lines(path: str) -> Iterator[BinaryIO]:
    """Give a file, or standard input for `-`, that can be read twice. Raises Unusable where there is none."""
    if path == STDIN:
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.seek(0)
            # A spooled file is a binary file in all but its declared type.
            yield kept  # type: ignore[misc]
        return
    place = Path(path)
    if not place.exists():
        raise Unusable(code="no_such_file", values={"path": path})
    if place.is_dir():
        raise BadRequest(code="is_a_folder", values={"path": path})
    with place.open("rb") as opened:
        yield opened


def count_texts(lines: BinaryIO, *, field: str, path: str) -> int:
    """Return how many lines there are and rewind. Raises Unusable naming the first line without a text in `field`."""
    number = sum(1 for _ in texts(lines, field=field, path=path))
    if number == 0:
        raise Unusable(code="file_is_empty", values={"path": STDIN_NAME if path == STDIN else path})
    lines.seek(0)
    return number


def batches(lines: BinaryIO, *, field: str, path: str) -> Iterator[list[str]]:
    """Give the texts in order, up to BATCH at a time."""
    held: list[str] = []
    for text in texts(lines, field=field, path=path):
        held.append(text)
        if len(held) == BATCH:
            yield held
            held = []
    if held:
        yield held


def texts(lines: BinaryIO, *, field: str, path: str) -> Iterator[str]:
    """Give the text of every line; text i is line i. Raises Unusable naming the line that has none.

    Blank lines at the end are no lines; one in between is a line without a text.
    """
    for number, raw in _filled_to_the_end(lines):
        values: dict[str, object] = {"path": STDIN_NAME if path == STDIN else path, "line": number, "field": field}
        try:
            item = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else error.reason
            raise Unusable(code="line_not_json", values={**values, "reason": reason}) from error
        text = item.get(field) if isinstance(item, dict) else None
        if not isinstance(text, str):
            raise Unusable(code="line_without_text", values=values)
        yield text


def _filled_to_the_end(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    blank: list[tuple[int, bytes]] = []
    for number, raw in enumerate(lines, start=1):
        if raw.isspace():
            blank.append((number, raw))
            continue
        yield from blank
        blank.clear()
        yield number, raw
