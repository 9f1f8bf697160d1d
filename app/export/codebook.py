"""Codebooks as files: csv for spreadsheets, REFI-QDA .qdc for NVivo, ATLAS.ti, MAXQDA and others."""

from typing import BinaryIO, Literal, get_args

from sqlite_utils import Database

from app.export.csv_rows import write_rows
from app.store import codebook as store
from app.tasks.codebook import all_as_codebook
from pipelines.codebook_qdc import write_qdc
from pipelines.codebook_tables import COLUMNS, write_cells
from pipelines.records import Codebook

CodebookFormat = Literal["csv", "qdc"]
CodebookPart = Literal["codebook", "themes"]
CODEBOOK_FORMATS: tuple[CodebookFormat, ...] = get_args(CodebookFormat)
MEDIA_TYPES: dict[CodebookFormat, str] = {"csv": "text/csv; charset=utf-8", "qdc": "application/xml"}
ORIGIN = "Xinsheng"


def write(db: Database, out: BinaryIO, *, format: CodebookFormat, what: CodebookPart) -> None:
    """Write the codebook, or all themes as one: found themes with their sentences as examples."""
    write_codebook(store.all_entries(db) if what == "codebook" else all_as_codebook(db), out, format=format)


def write_codebook(codebook: Codebook, out: BinaryIO, *, format: CodebookFormat) -> None:
    """Write any codebook; the same one gives the same bytes."""
    if format == "csv":
        write_rows(out, columns=COLUMNS, rows=write_cells(codebook))
    else:
        out.write(write_qdc(codebook, origin=ORIGIN))
