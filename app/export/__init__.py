"""What leaves the project: csv and xlsx for spreadsheets, jsonl for programs, a self-contained report for people.

Everything here reads `app/store` and writes bytes; the command line, the API and the pages share it, so a number is
the same wherever it is read. docs/outputs.md lists every key of every file.
"""

from typing import BinaryIO, Literal, get_args

from sqlite_utils import Database

from app.locale import UiLanguage
from app.store.filters import Filters

Format = Literal["csv", "xlsx", "jsonl", "html"]
What = Literal["verbatims", "units", "themes", "customers"]
FORMATS: tuple[Format, ...] = get_args(Format)
WHATS: tuple[What, ...] = get_args(What)
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
    "html": "text/html; charset=utf-8",
}


def write(db: Database, out: BinaryIO, *, format: Format, what: What, filters: Filters, language: UiLanguage) -> None:
    """Write what is asked for, under the filters, in input order; in pages, so that memory stays small.

    `html` is the theme report, whatever `what` says; it holds both languages and opens in `language`.
    """
    match format:
        case "csv":
            from app.export import csv_rows

            csv_rows.write(db, out, what=what, filters=filters)
        case "xlsx":
            from app.export import xlsx

            xlsx.write(db, out, what=what, filters=filters, language=language)
        case "jsonl":
            from app.export import jsonl

            jsonl.write(db, out, what=what, filters=filters)
        case "html":
            from app.export import report

            report.write(db, out, filters=filters, language=language)
