"""Delimited text: csv, tsv and everything that is nearly that, with any delimiter."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.column_names import named_role
from pipelines.formats import Content, FileFormat, RawFile, Row
from pipelines.records import Rejected

DELIMITERS = (",", "\t", ";", "|", "，", "；", "\x01", "^")
# Text under these names is a table that some program called a workbook.
SPREADSHEET_SUFFIXES = (".xls", ".xlsx")
NO_DELIMITER = "\x1f"
# The line by which a csv tells Excel its delimiter.
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)

# The standard library refuses cells above 131,072 characters; a pasted transcript in a cell is longer.
csv.field_size_limit(2**31 - 1)

SNIFFED_ROWS = 300
SNIFFED_CHARACTERS = 2_000_000
# In a real table nearly all rows have the width of the header; commas in plain prose agree in far fewer.
AGREEING = 0.5
# Below this share, and with marks that Chinese prose is full of, a known column name must be in sight as well.
SURE = 0.8
PROSE_MARKS = "，；"
# A quote that is never closed swallows the rows after it until the next quote. It shows in lines inside one cell that
# would be whole rows themselves: one such line where the row does not fit the table anyway, else this many.
SWALLOWED_LINES = 3
SWALLOWED_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the cells of a file are told apart; `agreement` is the share of rows as wide as the header."""

    delimiter: str
    width: int
    agreement: float


def sniff(text: str) -> Dialect:
    """Return the delimiter whose rows agree best in width; NO_DELIMITER where there is one column only."""
    sample = text[:SNIFFED_CHARACTERS]
    best = Dialect(delimiter=NO_DELIMITER, width=1, agreement=1.0)
    best_weight = 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(row) for row in itertools.islice(reader, SNIFFED_ROWS) if row]
        if len(widths) > 1 and len(sample) < len(text):
            widths.pop()
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        agreement = count / len(widths)
        if width < 2 or agreement < AGREEING:
            continue
        if (agreement < SURE or delimiter in PROSE_MARKS) and not _has_names(sample, delimiter):
            continue
        # Titles above the header are short rows; a file of rows shorter than its first row is prose.
        weight = agreement + 0.02 * min(width, 10) + (0.2 if widths[0] == width else 0.0)
        if weight > best_weight:
            best, best_weight = Dialect(delimiter=delimiter, width=width, agreement=agreement), weight
    return best


def _has_names(sample: str, delimiter: str) -> bool:
    """Return whether one of the first rows holds a name that columns have."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    return any(named_role(cell) is not None for row in itertools.islice(reader, 5) if len(row) > 1 for cell in row)


def read_delimited(text: str, dialect: Dialect) -> Content:
    """Return all rows; those in which a quote swallowed others are Rejected ("quotes") and reading goes on after."""
    notes = ("nul_removed",) if "\0" in text else ()
    delimiter = dialect.delimiter
    file = io.StringIO(text.replace("\0", "") if notes else text, newline="")
    rows: list[Row] = []
    rejected: list[Rejected] = []
    number = start = 0
    if match := _SEPARATOR_LINE.fullmatch(file.readline().strip()):
        delimiter, start, number = match[1], file.tell(), 1
    dialect = replace(dialect, delimiter=delimiter)
    while True:
        file.seek(start)
        reader = csv.reader(file, delimiter=delimiter)
        read = 0
        for cells in reader:
            number += 1
            if reader.line_num > read + 1 and _swallowed(_between(file, start), cells, dialect):
                file.seek(start)
                raw = file.readline().rstrip("\r\n")
                rejected.append(Rejected(row=number, reason="quotes", detail=raw[-80:], raw=raw[:500]))
                start = file.tell()
                break
            read, start = reader.line_num, file.tell()
            if any(cells) and not all(cell.isspace() for cell in cells if cell):
                rows.append((number, tuple(cells)))
        else:
            return Content(kind="table", rows=rows, rejected=tuple(rejected), notes=notes)


def _between(file: io.StringIO, start: int) -> list[str]:
    """Return the lines after the first one of the row that was just read, leaving the file where it is."""
    end = file.tell()
    file.seek(start)
    inner = io.StringIO(file.read(end - start), newline="").readlines()[1:]
    file.seek(end)
    return inner


def _swallowed(inner: Sequence[str], cells: Sequence[str], dialect: Dialect) -> bool:
    """Return whether the lines inside one parsed row are really rows of their own, after a quote never closed."""
    if dialect.delimiter == NO_DELIMITER or dialect.width < 2:
        return False
    filled = [line for line in inner if line.strip()]
    whole = sum(_is_whole(line, dialect) for line in filled)
    if len(cells) != dialect.width:
        return whole >= 1
    return whole >= SWALLOWED_LINES and whole >= SWALLOWED_SHARE * len(filled)


def _is_whole(line: str, dialect: Dialect) -> bool:
    if line.count(dialect.delimiter) < dialect.width - 1:
        return False
    return len(next(csv.reader([line], delimiter=dialect.delimiter), [])) == dialect.width


def looks_right(raw: RawFile) -> bool:
    """Any text that is named so, and other text whose lines agree on a delimiter."""
    if raw.text is None or not raw.text.strip():
        return False
    if raw.suffix in FORMAT.suffixes or raw.suffix in SPREADSHEET_SUFFIXES:
        return True
    dialect = sniff(raw.text)
    lines = sum(1 for line in raw.text[:SNIFFED_CHARACTERS].splitlines() if line.strip())
    # Under another name commas could be prose: a tab is clear, anything else needs a known column name.
    sure = dialect.delimiter == "\t" or _has_names(raw.text[:SNIFFED_CHARACTERS], dialect.delimiter)
    return lines >= 2 and dialect.width >= 2 and dialect.agreement >= 0.9 and sure


def read(raw: RawFile) -> Content:
    """Return the rows of the file, numbered as a spreadsheet would show them."""
    text = raw.text or ""
    return read_delimited(text, sniff(text))


FORMAT = FileFormat(
    name="csv",
    suffixes=(".csv", ".tsv", ".tab"),
    title_en="Comma, tab or otherwise separated text",
    title_zh="逗号、制表符等分隔的文本",
    order=50,
    looks_right=looks_right,
    read=read,
)
