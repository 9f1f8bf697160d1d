"""Word documents (.docx): conversations, tables, else paragraphs."""

import io
import zipfile
from typing import TYPE_CHECKING

from pipelines.formats import Content, FileFormat, RawFile, Row
from pipelines.sheets import check_archive
from pipelines.turns import Line, turns_from_lines
from pipelines.unreadable import UnreadableFile

if TYPE_CHECKING:
    from docx.table import _Row

# A document whose tables hold more letters than its paragraphs is a table with some words around it.
TABLE_SHARE = 0.5


def looks_right(raw: RawFile) -> bool:
    """A zip archive with a Word document inside."""
    if not raw.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return raw.suffix in FORMAT.suffixes


def read(raw: RawFile) -> Content:
    """Return turns, the largest table, or one text per paragraph; raises UnreadableFile for a damaged or empty file.

    Rows are numbered by paragraph, or by row of the table. Headings are left out of plain paragraphs.
    """
    check_archive(raw.data)
    lines, headings, tables = _parts(raw.data)
    if turns := turns_from_lines(lines):
        return Content(kind="transcript", turns=turns)
    largest = max(tables, key=_letters, default=[])
    words = sum(len(text) for number, text in lines if number not in headings)
    if largest and _letters(largest) >= TABLE_SHARE * (words + _letters(largest)):
        first = [(number, cells[0]) for number, cells in largest if cells]
        joined = [(number, f"{cells[0]}：{cells[1]}") for number, cells in largest if len(cells) == 2]
        if turns := turns_from_lines(first) or turns_from_lines(joined):
            return Content(kind="transcript", turns=turns)
        return Content(kind="table", rows=largest)
    rows = [(number, (text.strip(),)) for number, text in lines if text.strip() and number not in headings]
    if not rows:
        raise UnreadableFile("empty", message_en="The document has no text.", message_zh="文档中没有文字。")
    return Content(kind="text", rows=rows)


def _parts(data: bytes) -> tuple[list[Line], set[int], list[list[Row]]]:
    """Return paragraphs as numbered lines, the numbers of those that are headings, and the filled rows of tables."""
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, SyntaxError, OpcError) as error:
        raise UnreadableFile(
            "damaged",
            message_en=f"The document is damaged and cannot be opened ({error}). Save it again and upload that.",
            message_zh=f"文档已损坏，无法打开（{error}）。请重新保存后上传。",
            details={"error": str(error)},
        ) from error
    lines: list[Line] = []
    headings: set[int] = set()
    tables: list[list[Row]] = []
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = [(place, _cells(row)) for place, row in enumerate(block.rows, start=1)]
            tables.append([(place, cells) for place, cells in rows if any(cells)])
            continue
        # A line break inside a paragraph separates a speaker from the words as often as a paragraph does.
        for text in block.text.split("\n"):
            number += 1
            lines.append((number, text))
            style = block.style.name if block.style is not None else None
            if (style or "").startswith(("Heading", "Title", "标题")):
                headings.add(number)
    return lines, headings, tables


def _cells(row: "_Row") -> tuple[str, ...]:
    return tuple(cell.text.strip() for cell in row.cells)


def _letters(rows: list[Row]) -> int:
    return sum(len(cell) for _, cells in rows for cell in cells)


FORMAT = FileFormat(
    name="docx",
    suffixes=(".docx",),
    title_en="Word document",
    title_zh="Word 文档",
    order=12,
    looks_right=looks_right,
    read=read,
)
