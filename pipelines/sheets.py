"""Spreadsheet workbooks → rows of text: which sheet to read, and cells as a spreadsheet shows them."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pipelines.formats import Content, Row
from pipelines.unreadable import UnreadableFile

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = int | float | str | bool | time | date | datetime | timedelta | None

# A real workbook shrinks to a tenth or a fiftieth; far beyond it somebody built a file to fill the memory.
MAX_UNPACKED = 1_000_000_000
MAX_RATIO = 400
RATIO_MATTERS_FROM = 50_000_000
# The reader lays a sheet out as one full rectangle, so a lone cell in the last corner would ask for 17 billion.
MAX_CELLS = 60_000_000

# Titles and filters above the header of a sheet that is compared with another.
HEADING_ROWS = 6
# A day or a city stands for all rows it is merged over; a sentence was said once.
LONGEST_REPEATED = 20

_CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


def read_workbook(data: bytes) -> Content:
    """Return the rows of the sheet with the most text, and of those with the same header; others are named in a note.

    Rows of joined sheets are counted on: row 3 of the second is the third after the last of the first. A cell merged
    over several rows says the same in each of them.

    Raises UnreadableFile for an encrypted or damaged workbook and for one without a filled cell.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_object(io.BytesIO(data))
        sheets = [
            (name, _unmerged(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges))
            for name, sheet in ((name, workbook.get_sheet_by_name(name)) for name in _visible(workbook))
        ]
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(
            "damaged",
            message_en=f"The workbook is damaged and cannot be opened ({error}). Open it and save it again as .xlsx.",
            message_zh=f"这个工作簿已损坏，无法打开（{error}）。请重新打开并另存为 .xlsx。",
            details={"error": str(error)},
        ) from error
    weights = [(_letters(rows), -place) for place, (_, rows) in enumerate(sheets)]
    if not sheets or max(weights)[0] == 0:
        raise UnreadableFile(
            "empty",
            message_en="The workbook has no filled cell.",
            message_zh="工作簿里没有任何内容。",
        )
    name, largest = sheets[-max(weights)[1]]
    heading = _heading(largest)
    filled = [(other, rows) for (other, rows), weight in zip(sheets, weights, strict=True) if weight[0]]
    joined = [(other, rows) for other, rows in filled if other == name or (heading and rows[: len(heading)] == heading)]
    rows: list[Row] = []
    start = 0
    for place, (_, cells) in enumerate(joined):
        rows += [(start + number, row) for number, row in _filled(cells) if place == 0 or number > len(heading)]
        start += len(cells)
    read = [other for other, _ in joined]
    left_out = [f"sheet_left_out:{other}" for other, _ in filled if other not in read]
    notes = (*(f"sheet:{other}" for other in read), *left_out) if len(filled) > 1 else ()
    return Content(kind="table", rows=rows, notes=notes)


def _heading(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Return the rows down to the first that could name columns: two cells or more, all of them text."""
    for place, row in enumerate(rows[:HEADING_ROWS]):
        filled = [cell for cell in row if cell not in (None, "")]
        if len(filled) >= 2:
            return list(rows[: place + 1]) if all(isinstance(cell, str) for cell in filled) else []
    return []


def _unmerged(
    rows: Sequence[Sequence[Cell]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]] | None
) -> Sequence[Sequence[Cell]]:
    """Return the rows with each short cell that is merged downwards repeated in the rows that hold anything else."""
    merged = [(top, bottom, left) for (top, left), (bottom, right) in ranges or () if left == right and bottom > top]
    if not merged:
        return rows
    laid: list[list[Cell]] = [list(row) for row in rows]
    filled = [any(cell not in (None, "") for cell in row) for row in rows]
    for top, bottom, column in merged:
        cell = laid[top][column] if top < len(laid) and column < len(laid[top]) else None
        if isinstance(cell, str) and len(cell) > LONGEST_REPEATED:
            continue
        for row in range(top + 1, min(bottom + 1, len(laid))):
            if filled[row] and column < len(laid[row]):
                laid[row][column] = cell
    return laid


def encrypted() -> UnreadableFile:
    """Return the error for a workbook that needs a password."""
    return UnreadableFile(
        "encrypted",
        message_en="The workbook is protected by a password. Remove the password in Excel or WPS and upload it again.",
        message_zh="这个工作簿有密码保护。请在 Excel 或 WPS 中取消密码后重新上传。",
    )


def cell_text(cell: Cell) -> str:
    """Return a cell as people see it: 2549 not 2549.0, ISO dates, errors (#N/A) as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # 15 digits are all that a spreadsheet keeps.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else format(cell, ".15g")
    if isinstance(cell, datetime):
        whole = cell.replace(microsecond=0)
        return whole.date().isoformat() if whole.time() == time() else whole.isoformat(sep=" ")
    if isinstance(cell, str):
        return "" if cell in _ERRORS else cell
    return str(cell)


_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})


def check_archive(data: bytes) -> None:
    """Raise UnreadableFile where an archive would unpack to far more than it should, or a sheet is absurdly wide.

    Sizes that an archive declares may lie, so every sheet is unpacked once, in pieces, and counted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = 0
            for entry in archive.infolist():
                total += entry.file_size
                _check_size(total, packed=len(data))
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    _check_sheet(_unpacked(data, entry, packed=len(data)), entry.filename)
                else:
                    for _ in _unpacked(data, entry, packed=len(data)):
                        pass
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise UnreadableFile(
            "damaged",
            message_en=f"The file is damaged and cannot be opened ({error}). Save it again and upload the new copy.",
            message_zh=f"文件已损坏，无法打开（{error}）。请重新保存后上传。",
            details={"error": str(error)},
        ) from error


def _check_size(unpacked: int, *, packed: int) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_MATTERS_FROM and unpacked > MAX_RATIO * packed):
        raise UnreadableFile(
            "too_large",
            message_en=f"The file would unpack to {unpacked / 1e6:,.0f} MB or more, which no ordinary file does. "
            "Export the data as csv instead.",
            message_zh=f"文件解压后将超过 {unpacked / 1e6:,.0f} MB，不像正常文件。请改为导出 csv。",
            details={"unpacked": unpacked, "packed": packed},
        )


def _unpacked(data: bytes, entry: zipfile.ZipInfo, *, packed: int) -> Iterator[bytes]:
    head = entry.header_offset
    names = int.from_bytes(data[head + 26 : head + 28], "little") + int.from_bytes(
        data[head + 28 : head + 30], "little"
    )
    start = head + 30 + names
    body = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield bytes(body)
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(f"compression method {entry.compress_type}")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size, pending = 0, bytes(body)
    while pending and not inflater.eof:
        piece = inflater.decompress(pending, 4_000_000)
        pending = inflater.unconsumed_tail
        size += len(piece)
        _check_size(size, packed=packed)
        yield piece


def _check_sheet(pieces: Iterable[bytes], name: str) -> None:
    widest, longest, tail = 1, 1, b""
    for piece in pieces:
        for match in _CELL_REFERENCE.finditer(tail + piece):
            widest = max(widest, _column_number(match[1]))
            longest = max(longest, int(match[2]))
        tail = piece[-24:]
    if widest * longest > MAX_CELLS:
        raise UnreadableFile(
            "too_large",
            message_en=f"The sheet {name} reaches to row {longest:,} and column {widest:,}, which is more than can be "
            "laid out. Delete the stray far cell, or export the data as csv.",
            message_zh=f"工作表 {name} 延伸到第 {longest:,} 行、第 {widest:,} 列，超出可处理的范围。"
            "请删除远处的零星单元格，或改为导出 csv。",
            details={"rows": longest, "columns": widest, "limit_cells": MAX_CELLS},
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _visible(workbook: "CalamineWorkbook") -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return shown or [sheet.name for sheet in sheets]


def _letters(rows: Sequence[Sequence[Cell]]) -> int:
    return sum(len(cell) if isinstance(cell, str) else 1 for row in rows for cell in row if cell not in (None, ""))


def _filled(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    texts = ((number, tuple(cell_text(cell) for cell in row)) for number, row in enumerate(rows, start=1))
    return [(number, cells) for number, cells in texts if any(cell.strip() for cell in cells)]
