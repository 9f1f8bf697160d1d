"""A file's bytes → a Table of rows, and a Table with a mapping → SurveyResponse | Rejected.

Contents decide the format, not the name. A bad row is data: it comes out as Rejected with its number and a reason,
and the rest go on. Only a file that gives nothing at all raises UnreadableFile, with one sentence in both languages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from types import MappingProxyType

from pipelines.column_names import is_question, named_role
from pipelines.company_voices import company_rows
from pipelines.dates import date_order, parse_date
from pipelines.encoding import MARK, Decoded, decode, readable
from pipelines.formats import Content, ContentKind, FileFormat, RawFile, Row, recognise
from pipelines.headers import find_header, unique_names
from pipelines.mapping import ColumnMapping
from pipelines.records import Answer, CustomerRef, Rejected, Score, SurveyResponse, Turn
from pipelines.scales import Reading, read_score, read_values
from pipelines.signatures import is_binary, not_readable
from pipelines.spoken_tables import turns_from_table
from pipelines.unreadable import UnreadableFile

__all__ = ["REJECTION_REASONS", "Table", "UnreadableFile", "read_file", "responses"]

# A spreadsheet ends at 16,384 columns; a table of feedback with more than this is something else turned sideways.
MAX_COLUMNS = 3_000
RAW_LENGTH = 500
HEADER_ROWS_SEEN = 80
COLUMN_SAMPLE = 5_000

REJECTION_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "encoding": ("bytes that are not valid in the file's encoding", "含有不符合文件编码的字节"),
        "columns": ("more cells than columns", "单元格多于列数"),
        "quotes": ("a quote that is never closed", "引号没有闭合"),
        "json": ("not a readable JSON record", "不是可读取的 JSON 记录"),
        "header": ("the header repeated among the rows", "数据中重复出现的表头"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file, read: unique columns, and rows as (row number as a spreadsheet shows it, one cell per column).

    `questions` has the full question of a column where the header had several rows. A transcript has its `turns` too.
    `notes` are codes with an optional value after a colon ("title_rows:2"); docs/formats.md lists them.
    """

    format: str
    encoding: str | None
    columns: tuple[str, ...]
    rows: Sequence[Row]
    questions: Mapping[str, str] = field(default_factory=dict)
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
    kind: ContentKind = "table"
    turns: tuple[Turn, ...] = ()


def read_file(data: bytes, filename: str) -> Table:
    """Return the rows of a file of any known format. Raises UnreadableFile where there is nothing to read."""
    suffix = PurePath(filename).suffix.lower()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("empty", message_en=f"{filename} is empty.", message_zh=f"{filename} 是空文件。")
    binary = not_readable(data, filename)
    raw, form = _recognised(data, suffix)
    if form is None:
        raise binary or UnreadableFile(
            "unknown_format",
            message_en=f"{filename} is of no known format. Upload csv, tsv, xlsx, xls, json, jsonl, txt, docx, md, vtt "
            "or srt.",
            message_zh=f"无法识别 {filename} 的格式。请上传 csv、tsv、xlsx、xls、json、jsonl、txt、"
            "docx、md、vtt 或 srt。",
            details={"suffix": suffix},
        )
    content = form.read(raw)
    table = _table(content, form, raw)
    if not table.rows and not table.turns and not table.rejected:
        only_header = "only a header and no rows" if content.rows or content.columns else "no rows"
        raise UnreadableFile(
            "no_rows",
            message_en=f"{filename} has {only_header}.",
            message_zh=f"{filename} 只有表头，没有数据行。"
            if content.rows or content.columns
            else f"{filename} 没有数据行。",
        )
    return table


def _recognised(data: bytes, suffix: str) -> tuple[RawFile, FileFormat | None]:
    raw = RawFile(data=data, suffix=suffix)
    form = recognise(raw)
    if form is not None or not_readable(data, "") is not None:
        return raw, form
    decoded: Decoded = decode(data)
    if is_binary(decoded.text):
        return raw, None
    raw = replace(raw, text=decoded.text, encoding=decoded.encoding, broken=decoded.broken)
    return raw, recognise(raw)


def _table(content: Content, form: FileFormat, raw: RawFile) -> Table:
    if content.kind == "transcript":
        spoken: list[Row] = [
            (turn.row, (turn.speaker or "", "" if turn.start is None else f"{turn.start:g}", turn.text))
            for turn in content.turns
        ]
        return Table(
            format=form.name,
            encoding=raw.encoding,
            columns=("speaker", "start", "text"),
            rows=spoken,
            rejected=content.rejected,
            notes=content.notes,
            kind="transcript",
            turns=tuple(replace(turn, text=readable(turn.text)) for turn in content.turns)
            if raw.broken
            else content.turns,
        )
    questions: Mapping[str, str] = {}
    notes = content.notes
    if content.kind == "text":
        columns: tuple[str, ...] = ("text",)
        skipped = 0
    elif content.columns is not None:
        columns, skipped = unique_names(content.columns), 0
    else:
        header = find_header(content.rows[:HEADER_ROWS_SEEN], always_named=form.name == "md")
        columns, skipped, questions = header.columns, header.rows, header.questions
        notes += header.notes
    body = content.rows[skipped:]
    if content.columns is None and content.kind == "table":
        columns = _trimmed(columns, [cells for _, cells in content.rows[:skipped]], body, notes)
    if len(columns) > MAX_COLUMNS:
        raise UnreadableFile(
            "too_many_columns",
            message_en=f"The file has {len(columns):,} columns; the limit is {MAX_COLUMNS:,}. "
            "If rows and columns are swapped, transpose the sheet.",
            message_zh=f"文件有 {len(columns):,} 列，上限为 {MAX_COLUMNS:,} 列。如果行列颠倒，请先转置。",
            details={"columns": len(columns), "limit": MAX_COLUMNS},
        )
    header_cells = _without_bom(content.rows[skipped - 1][1]) if skipped else None
    if raw.text is not None and raw.text[:100].lstrip("\ufeff \r\n").startswith("<?xml"):
        raise UnreadableFile(
            "xml",
            message_en="This is an XML file. Open it in Excel or WPS and save it as .xlsx or csv.",
            message_zh="这是 XML 文件。请用 Excel 或 WPS 打开后另存为 .xlsx 或 csv。",
        )
    rows, rejected = _checked(body, len(columns), header=header_cells, broken=raw.broken)
    turns = turns_from_table(columns, rows) if content.kind == "table" else ()
    if turns:
        talk = replace(content, kind="transcript", turns=turns, rejected=(*content.rejected, *rejected))
        return _table(talk, form, replace(raw, broken=False))
    return Table(
        format=form.name,
        encoding=raw.encoding,
        columns=columns,
        questions=MappingProxyType({name: text for name, text in questions.items() if name in columns}),
        rows=rows,
        rejected=tuple(sorted((*content.rejected, *rejected), key=lambda bad: bad.row)),
        notes=notes,
        kind=content.kind,
    )


def _trimmed(
    columns: tuple[str, ...], header: Sequence[tuple[str, ...]], body: Sequence[Row], notes: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the columns without those on the right that exist only because a few rows are too long."""
    if "no_header" in notes:
        widths = sorted(len(cells) for _, cells in body[:HEADER_ROWS_SEEN])
        return columns[: widths[len(widths) // 2]] if widths else columns
    named = max((place for cells in header for place, cell in enumerate(cells, start=1) if cell.strip()), default=1)
    wide = sum(any(cell.strip() for cell in cells[named:]) for _, cells in body[:HEADER_ROWS_SEEN])
    # Half of the rows reaching beyond the header is a header with names missing; fewer are rows with stray commas.
    return columns if wide * 2 > len(body[:HEADER_ROWS_SEEN]) else columns[:named]


def _checked(
    body: Sequence[Row], width: int, *, header: tuple[str, ...] | None, broken: bool
) -> tuple[list[Row], list[Rejected]]:
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for row in body:
        number, cells = row
        if broken and any(MARK in cell for cell in cells):
            rejected.append(Rejected(row=number, reason="encoding", raw=_raw(cells)))
        elif len(cells) == width:
            if (cells == header and width > 1) or (cells[0].startswith("\ufeff") and _without_bom(cells) == header):
                rejected.append(Rejected(row=number, reason="header", raw=_raw(cells)))
            else:
                rows.append(row)
        elif len(cells) < width:
            rows.append((number, cells + ("",) * (width - len(cells))))
        elif any(cell.strip() for cell in cells[width:]):
            detail = f"{len(cells)} cells, {width} columns"
            rejected.append(Rejected(row=number, reason="columns", detail=detail, raw=_raw(cells)))
        else:
            rows.append((number, cells[:width]))
    return rows, rejected


def _without_bom(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell.replace("\ufeff", "") for cell in cells)


def _raw(cells: Sequence[str]) -> str:
    return readable(",".join(cells))[:RAW_LENGTH]


def responses(table: Table, mapping: ColumnMapping) -> Iterator[SurveyResponse | Turn | Rejected]:
    """Yield every row of a table, in row order: a SurveyResponse, or the Rejected of `table.rejected`.

    In a table of support conversations the company's messages are turns of an interviewer: nobody's feedback.
    A row without a single answer yields one empty Answer, so that each row ends as a verbatim, rejected or set aside.
    A score or date that cannot be read stays visible as an attribute under its column's name.
    """
    place = {column: index for index, column in enumerate(table.columns)}
    asked = _questions(table, mapping)
    reading = _reading(table, mapping, place)
    order = date_order(_column(table, place, mapping.created_at)[:COLUMN_SAMPLE]).order
    texts = [place[column] for column in mapping.text]
    kept = [(column, place[column]) for column in mapping.attributes]
    company = company_rows(table.rows) if mapping.text else frozenset()
    rejected = iter(table.rejected)
    bad = next(rejected, None)
    for number, cells in table.rows:
        while bad is not None and bad.row < number:
            yield bad
            bad = next(rejected, None)
        if number in company:
            yield Turn(row=number, text=" ".join(cells[index].strip() for index in texts), role="interviewer")
            continue
        attributes = {column: value for column, index in kept if (value := cells[index].strip())}
        score: Score | None = None
        if mapping.score is not None and (closed := cells[place[mapping.score]].strip()):
            score = read_score(closed, reading) if reading is not None else None
            if score is None:
                attributes[mapping.score] = closed
        created_at = None
        if mapping.created_at is not None and (written := cells[place[mapping.created_at]].strip()):
            created_at = parse_date(written, order=order, numbers=True)
            if created_at is None:
                attributes[mapping.created_at] = written
        yield SurveyResponse(
            row=number,
            external_id=_cell(cells, place, mapping.external_id),
            answers=_answers(asked, _cell(cells, place, mapping.title), [cells[index].strip() for index in texts]),
            scores=(score,) if score is not None else (),
            created_at=created_at,
            customer=_customer(cells, place, mapping),
            touchpoint=_cell(cells, place, mapping.touchpoint),
            attributes=attributes,
        )
    while bad is not None:
        yield bad
        bad = next(rejected, None)


def _cell(cells: tuple[str, ...], place: Mapping[str, int], column: str | None) -> str | None:
    return None if column is None else cells[place[column]].strip() or None


def _customer(cells: tuple[str, ...], place: Mapping[str, int], mapping: ColumnMapping) -> CustomerRef | None:
    found = CustomerRef(
        external_id=_cell(cells, place, mapping.customer_id),
        email=_cell(cells, place, mapping.email),
        phone=_cell(cells, place, mapping.phone),
        name=_cell(cells, place, mapping.customer_name),
    )
    return found if found != _NOBODY else None


_NOBODY = CustomerRef()


def _answers(asked: Mapping[str, str | None], title: str | None, texts: Sequence[str]) -> tuple[Answer, ...]:
    answers: list[Answer] = []
    for place, (question, text) in enumerate(zip(asked.values(), texts, strict=True)):
        whole = text
        if place == 0 and title is not None and not text.startswith(title):
            whole = f"{title}\n{text}" if text else title
        if whole:
            answers.append(Answer(question=question, text=whole))
    return tuple(answers) or _SILENT


_SILENT = (Answer(question=None, text=""),)


def _questions(table: Table, mapping: ColumnMapping) -> dict[str, str | None]:
    """Return the question per text column: None where the column is simply *the* text, unique otherwise."""
    asked: dict[str, str | None] = {}
    for column in mapping.text:
        question: str | None = table.questions.get(column, column)
        if table.kind != "table" or (len(mapping.text) == 1 and column not in table.questions and not _asks(column)):
            question = None
        elif question in asked.values():
            question = f"{question} ({column})"
        asked[column] = question
    return asked


def _asks(column: str) -> bool:
    return is_question(column) and named_role(column) != "text"


def _reading(table: Table, mapping: ColumnMapping, place: Mapping[str, int]) -> Reading | None:
    if mapping.score is None:
        return None
    values = _column(table, place, mapping.score)[:COLUMN_SAMPLE]
    name = f"{mapping.score} {table.questions.get(mapping.score, '')}"
    found = read_values(values, name=name)
    if found is None and (mapping.scale_low is None or mapping.scale_high is None):
        return None
    low = found.low if found is not None and mapping.scale_low is None else mapping.scale_low
    high = found.high if found is not None and mapping.scale_high is None else mapping.scale_high
    return Reading(
        scale=mapping.scale or (found.scale if found is not None else "stars"),
        low=0.0 if low is None else low,
        high=0.0 if high is None else high,
        ladder=found.ladder if found is not None else None,
    )


def _column(table: Table, place: Mapping[str, int], column: str | None) -> list[str]:
    if column is None:
        return []
    index = place[column]
    return [cells[index] for _, cells in table.rows]
