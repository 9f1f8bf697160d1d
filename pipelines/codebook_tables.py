"""Codebooks as tables: csv, tsv, xlsx, with column names in Chinese or English, one theme a row.

Columns: name_zh, name_en (or one `name`), parent, description, examples (parted by "|"), guid, color, codable. Only a
name is needed. A `|` inside an example is written `\\|`, a backslash before it `\\\\`.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.codebook_entries import (
    LONGEST_EXAMPLE,
    MOST_ENTRIES,
    MOST_EXAMPLES,
    BadRow,
    CodebookFile,
    guid_of,
    make_entry,
    names_of,
    sound,
    split_name,
    tidy_line,
)
from pipelines.column_names import plain_name
from pipelines.encoding import MARK, decode, readable
from pipelines.formats import Row
from pipelines.formats.csv import Dialect, read_delimited, sniff
from pipelines.records import Codebook, CodebookEntry
from pipelines.sheets import check_archive, read_workbook
from pipelines.unreadable import UnreadableFile

COLUMNS = ("guid", "name_zh", "name_en", "parent", "description", "examples", "color", "codable")
"""The columns of our own files, in order."""

CALLED = {
    "name_zh": "namezh zh 中文名 中文名称 中文 名称中文 主题中文 中文主题 主题名称中文 chinese chinesename namechinese",
    "name_en": "nameen en 英文名 英文名称 英文 名称英文 主题英文 英文主题 主题名称英文 english englishname nameenglish",
    "name": "name names theme themename themes code codename codes tag tagname tags topic label node nodename path"
    " category categoryname 主题 主题名 主题名称 名称 名字 标签 编码 代码 类别 分类 话题 节点 维度",
    "parent": "parent parentname parenttheme parentcode parentid group codegroup folder 上级 上级主题 父主题 父级 所属"
    " 所属主题 上级名称 大类 一级 一级主题 一级分类",
    "description": "description definition desc memo comment comments notes note 描述 说明 定义 备注 解释"
    " 主题描述 主题说明",
    "examples": "examples example examplephrases examplephrase phrases quotes quote samples 例句 示例 例子 示例短语"
    " 例句短语 样例 典型原声 典型例句 例 示例句",
    "guid": "guid uuid",
    "color": "color colour 颜色",
    "codable": "codable iscodable 可编码",
}
_ROLES = {name: role for role, names in CALLED.items() for name in names.split()}
_DELIMITERS = (",", "\t", ";", "，", "；")
# Above the header there may be a title; further down a word like "name" is somebody's theme.
_HEADER_SOUGHT = 6
_NO = frozenset({"false", "no", "0", "否", "n"})
_PARTS = re.compile(r"((?:\\.|[^\\|｜\n])+|\\$)")
_ESCAPED = re.compile(r"\\([\\|｜])")
# A spreadsheet's export puts an apostrophe before what would run as a formula (app/export/escape.py).
_DEFUSED = re.compile(r"^'(?=[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    row: int
    entry: CodebookEntry
    parent: str
    guid: str


def read_table(data: bytes, filename: str) -> CodebookFile:
    """Return the codebook in a table. Raises UnreadableFile where no column holds names.

    A row without a name, one that repeats an earlier one and one that cannot be decoded are `rejected`; a parent that
    has no row of its own becomes a heading.
    """
    rows, rejected, form, encoding = _rows(data)
    roles, body = _header(rows, filename)
    notes: list[tuple[str, str]] = []
    drafts: list[_Draft] = []
    seen: dict[str, tuple[int, str]] = {}
    for number, cells in body:
        if any(MARK in cell for cell in cells):
            rejected.append(BadRow(row=number, reason="encoding", detail=readable(",".join(cells))[:80]))
            continue
        draft = _draft(number, roles, cells)
        if not draft.guid and draft.parent and seen.get(draft.entry.guid, (0, draft.parent))[1] != draft.parent:
            # Under another parent the same name is another theme: "staff" below "shop" and below "phone".
            own = guid_of(draft.entry.name_zh, draft.entry.name_en, draft.parent)
            draft = replace(draft, entry=replace(draft.entry, guid=own))
        if not draft.entry.name:
            rejected.append(BadRow(row=number, reason="no_name", detail=",".join(filter(None, cells))[:80]))
        elif (first := seen.get(draft.entry.guid)) is not None:
            rejected.append(BadRow(row=number, reason="theme_repeated", detail=f"{draft.entry.name} ({first[0]})"))
        elif len(drafts) >= MOST_ENTRIES:
            rejected.append(BadRow(row=number, reason="too_many_themes", detail=str(MOST_ENTRIES)))
        else:
            seen[draft.entry.guid] = (number, draft.parent)
            drafts.append(draft)
            notes.extend(_cut(number, roles, cells))
    entries, made = _with_parents(drafts)
    notes.extend(("heading_made", name) for name in made)
    return CodebookFile(
        entries=entries,
        rejected=tuple(sorted(rejected, key=lambda bad: bad.row)),
        notes=tuple(notes),
        format=form,
        encoding=encoding,
    )


def write_cells(codebook: Sequence[CodebookEntry]) -> list[tuple[str, ...]]:
    """Return one row of cells per entry, in the order of COLUMNS; a parent is written as its GUID's name."""
    by_guid = {entry.guid: entry for entry in codebook}
    called: dict[str, int] = {}
    for entry in codebook:
        called[entry.name.casefold()] = called.get(entry.name.casefold(), 0) + 1
    return [
        (
            entry.guid,
            entry.name_zh,
            entry.name_en,
            _parent_cell(by_guid.get(entry.parent or ""), called),
            entry.description,
            "|".join(
                example.replace("\\", "\\\\").replace("|", "\\|").replace("｜", "\\｜") for example in entry.examples
            ),
            entry.color or "",
            "" if entry.codable else "false",
        )
        for entry in codebook
    ]


def _parent_cell(parent: CodebookEntry | None, called: dict[str, int]) -> str:
    if parent is None:
        return ""
    return parent.name if called[parent.name.casefold()] == 1 else parent.guid


def split_examples(cell: str) -> tuple[str, ...]:
    """Return the examples in a cell: parted by |, by its full-width form, or by lines; `\\|` is a | inside one."""
    parts = (_ESCAPED.sub(r"\1", part).strip() for part in _PARTS.findall(cell.replace("\r", "\n")))
    return tuple(part for part in parts if part)


def _rows(data: bytes) -> tuple[list[Row], list[BadRow], str, str | None]:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        if data.startswith(b"PK"):
            check_archive(data)
        return list(read_workbook(data).rows), [], "xlsx", None
    decoded = decode(data)
    text = decoded.text
    known, dialect = max((_dialect(text, delimiter) for delimiter in _DELIMITERS), key=lambda found: found[0])
    content = read_delimited(text, dialect if known else sniff(text))
    rejected = [BadRow(row=bad.row, reason=bad.reason, detail=bad.detail) for bad in content.rejected]
    return list(content.rows), rejected, "csv", decoded.encoding


def _dialect(text: str, delimiter: str) -> tuple[int, Dialect]:
    """Return how many columns that we know the first rows name when cut at a delimiter, and the way to cut."""
    reader = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
    best, width = 0, 1
    for _, cells in zip(range(_HEADER_SOUGHT), reader, strict=False):
        known = len({role for cell in cells if (role := _ROLES.get(plain_name(cell)))})
        if known > best:
            best, width = known, len(cells)
    return best, Dialect(delimiter=delimiter, width=width, agreement=1.0)


def _header(rows: Sequence[Row], filename: str) -> tuple[dict[str, int], Sequence[Row]]:
    for place, (_, cells) in enumerate(rows[:_HEADER_SOUGHT]):
        roles: dict[str, int] = {}
        for column, cell in enumerate(cells):
            role = _ROLES.get(plain_name(cell))
            if role is not None:
                roles.setdefault(role, column)
        if roles.keys() & {"name", "name_zh", "name_en"}:
            return roles, rows[place + 1 :]
    if rows and all(sum(bool(cell.strip()) for cell in cells) <= 1 for _, cells in rows):
        return {"name": 0}, rows
    named = "、".join(tidy_line(cell) for cell in rows[0][1] if cell.strip())[:120] if rows else ""
    raise UnreadableFile(
        "no_theme_names",
        message_en=f"{filename} has no column of theme names. Name one “name_zh”, “name_en” or “name”"
        f" (the first row is: {named}).",
        message_zh=f"{filename} 中没有主题名称这一列。请把列名写成“中文名”“英文名”或“名称”（第一行是：{named}）。",
        details={"first_row": named},
    )


def _draft(number: int, roles: dict[str, int], cells: Sequence[str]) -> _Draft:
    def cell(role: str) -> str:
        place = roles.get(role)
        return _DEFUSED.sub("", cells[place].strip()) if place is not None and place < len(cells) else ""

    zh, en = cell("name_zh"), cell("name_en")
    if name := cell("name"):
        own_zh, own_en = split_name(name)
        zh, en = zh or own_zh, en or own_en
    entry = make_entry(
        name_zh=zh,
        name_en=en,
        description=cell("description"),
        examples=split_examples(cell("examples")),
        guid=cell("guid"),
        color=cell("color"),
        codable=cell("codable").casefold() not in _NO,
    )
    return _Draft(row=number, entry=entry, parent=tidy_line(cell("parent")), guid=cell("guid"))


def _cut(number: int, roles: dict[str, int], cells: Sequence[str]) -> list[tuple[str, str]]:
    place = roles.get("examples")
    found = split_examples(cells[place]) if place is not None and place < len(cells) else ()
    notes = [("examples_left_out", str(number))] if len(set(found)) > MOST_EXAMPLES else []
    return notes + ([("example_cut", str(number))] if any(len(one) > LONGEST_EXAMPLE for one in found) else [])


def _with_parents(drafts: Sequence[_Draft]) -> tuple[Codebook, list[str]]:
    by_name: dict[str, str] = {}
    for draft in drafts:
        for name in names_of(draft.entry):
            by_name.setdefault(name, draft.entry.guid)
    known = {draft.entry.guid for draft in drafts}
    made: list[str] = []
    entries: list[CodebookEntry] = []
    for draft in drafts:
        wanted = draft.parent
        parent: str | None = None
        if wanted:
            parent = by_name.get(wanted.casefold()) or (wanted.upper() if wanted.upper() in known else None)
            if parent is None:
                zh, en = split_name(wanted)
                heading = make_entry(name_zh=zh, name_en=en, guid=guid_of("heading", wanted), codable=False)
                made.append(heading.name)
                entries.append(heading)
                by_name[wanted.casefold()] = parent = heading.guid
        entries.append(replace(draft.entry, parent=parent if parent != draft.entry.guid else None))
    return sound(entries), made
