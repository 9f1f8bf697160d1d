"""JSON lines: one entry per line, UTF-8, for programs."""

import json
from typing import TYPE_CHECKING, BinaryIO

from sqlite_utils import Database

from app.export.entries import Entry, entries
from app.store.filters import Filters

if TYPE_CHECKING:
    from app.export import What


def write(db: Database, out: BinaryIO, *, what: "What", filters: Filters) -> None:
    """Write one line per entry."""
    for entry in entries(db, what, filters):
        out.write(line(entry))


def line(entry: Entry) -> bytes:
    """Return an entry as one line.

    U+2028 and U+2029 are escaped: several languages take them for the end of a line.
    """
    text = json.dumps(entry, ensure_ascii=False, allow_nan=False)
    return (text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n").encode("utf-8", "surrogatepass")
