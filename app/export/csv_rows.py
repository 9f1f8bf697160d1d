"""Comma-separated values as Excel opens them rightly: UTF-8 with BOM, CRLF, formulas made harmless (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from sqlite_utils import Database

from app.export.columns import sheet
from app.export.escape import Cell, safe
from app.store.filters import Filters

if TYPE_CHECKING:
    from app.export import What


def write(db: Database, out: BinaryIO, *, what: "What", filters: Filters) -> None:
    """Write a header with the stable column names and one row per entry."""
    found = sheet(db, what, filters)
    write_rows(out, columns=found.columns, rows=found.rows)


def write_rows(out: BinaryIO, *, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write any rows the same way; the BOM is what tells Excel that Chinese follows."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="surrogatepass", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([safe(column) for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    text.flush()
    text.detach()


def _cell(value: Cell) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(value)
