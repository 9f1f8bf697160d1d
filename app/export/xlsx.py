"""Excel workbooks for people: titles and codes in their language, frozen header, filter arrows, sensible widths."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlite_utils import Database

from app.export.columns import ATTRIBUTE, sheet
from app.export.escape import Cell, safe
from app.locale import UiLanguage, say, sentences
from app.store.filters import Filters

if TYPE_CHECKING:
    from app.export import What

ROWS_PER_SHEET = 1_000_000
"""A worksheet ends at row 1,048,576; what is more goes on a further one."""
LONGEST_CELL = 32_767
"""Characters Excel keeps in a cell; the csv and jsonl exports hold the whole text."""
CUT = "…"
WIDTHS = {"text": 60, "verbatim": 60, "question": 28, "keywords": 40, "name_zh": 22, "name_en": 28, "theme_zh": 22}
WIDTHS |= {"theme_en": 28, "themes_zh": 32, "themes_en": 36, "source": 22, "created_at": 20, "type_rule": 36}
USUAL_WIDTH = 13
WRAPPED = frozenset({"text", "verbatim", "keywords", "question", "themes_zh", "themes_en"})
CODES = {
    "sentiment": "sentiment",
    "language": "language",
    "type": "customer_type",
    "matched_on": "matched_on",
    "status": "theme_status",
    "scale": "scale",
    "decided": "corrections.kind",
}
"""Columns that hold codes, and the first part of the keys that say them in both languages."""


def write(db: Database, out: BinaryIO, *, what: "What", filters: Filters, language: UiLanguage) -> None:
    """Write a workbook with one sheet (more beyond a million rows) and a second one that says what it holds."""
    import xlsxwriter

    found = sheet(db, what, filters)
    # Text is always written as text: nothing in a cell can become a formula or a link.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        header = book.add_format({"bold": True, "bg_color": "#2f5d62", "font_color": "#ffffff", "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        plain = book.add_format({"valign": "top"})
        rows = iter(found.rows)
        number = 1
        while True:
            first = next(rows, None)
            if first is None and number > 1:
                break
            title = say(language, f"export.{what}")
            page = book.add_worksheet(title if number == 1 else f"{title} {number}")
            page.freeze_panes(1, 0)
            for position, column in enumerate(found.columns):
                page.set_column(position, position, WIDTHS.get(column, USUAL_WIDTH))
                page.write_string(0, position, _title(column, language), header)
            written = 0
            some: Iterator[list[Cell]] = iter(()) if first is None else chain([first], islice(rows, ROWS_PER_SHEET - 1))
            for written, row in enumerate(some, start=1):
                for position, (column, value) in enumerate(zip(found.columns, row, strict=True)):
                    _write(
                        page, written, position, _said(column, value, language), wrapped if column in WRAPPED else plain
                    )
            page.autofilter(0, 0, max(written, 1), len(found.columns) - 1)
            number += 1
        _about(book, filters, language)


def _write(page: Any, row: int, position: int, value: Cell, style: Any) -> None:
    value = safe(value)
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, position, value, style)
    elif isinstance(value, str):
        page.write_string(
            row, position, value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - 1] + CUT, style
        )
    else:
        page.write_number(row, position, value, style)


def _title(column: str, language: UiLanguage) -> str:
    if column.startswith(ATTRIBUTE):
        return str(safe(column.removeprefix(ATTRIBUTE)))
    return say(language, f"column.{column}")


def _said(column: str, value: Cell, language: UiLanguage) -> Cell:
    if column not in CODES or not isinstance(value, str):
        return value
    key = f"{CODES[column]}.{value}"
    return say(language, key) if key in sentences(language) else value


def _about(book: Any, filters: Filters, language: UiLanguage) -> None:
    page = book.add_worksheet(say(language, "export.about"))
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 60)
    asked: Mapping[str, str] = filters.as_query()
    lines = [(say(language, "export.filters"), "" if asked else say(language, "export.no_filters"))]
    lines += [(f"  {name}", value) for name, value in asked.items()]
    lines += [(say(language, "export.safety"), say(language, "export.safety_text"))]
    for row, (name, value) in enumerate(lines):
        page.write_string(row, 0, name)
        page.write_string(row, 1, str(safe(value)))
