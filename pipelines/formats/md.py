"""Markdown: conversations with bold speakers, tables, else paragraphs and list items."""

import re
from collections.abc import Sequence

from pipelines.formats import Content, FileFormat, RawFile, Row
from pipelines.formats.txt import numbered_lines
from pipelines.turns import Line, turns_from_lines

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+\S", re.MULTILINE)
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?P<text>.+)$")
_SEPARATOR = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_LINK = re.compile(r"!?\[(?P<text>[^\]]*)\]\((?:[^)]*)\)")
_EMPHASIS = re.compile(r"(\*\*|__|`|~~)(?P<text>.+?)\1", re.DOTALL)
# Most of the lines of a table file are table lines; a small table in prose is an illustration.
TABLE_SHARE = 0.5


def looks_right(raw: RawFile) -> bool:
    """Text named so; otherwise a heading and either a table or bold labels."""
    if raw.text is None or not raw.text.strip():
        return False
    if raw.suffix in FORMAT.suffixes:
        return True
    head = raw.text[:20_000]
    return raw.suffix not in (".csv", ".tsv") and _HEADING.search(head) is not None and (
        any(_SEPARATOR.match(line) and "|" in line for line in head.splitlines()) or "**" in head
    )  # fmt: skip


def read(raw: RawFile) -> Content:
    """Return turns, a table, or one text per paragraph and list item; headings, rules and code fences are left out."""
    lines = numbered_lines(raw.text or "")
    table = _table(lines)
    if table:
        spoken = _spoken(table)
        if spoken is not None:
            return spoken
        if len(table) >= TABLE_SHARE * sum(1 for _, text in lines if text.strip()):
            return Content(
                kind="table", rows=[(number, tuple(plain(cell) for cell in cells)) for number, cells in table]
            )
    if turns := turns_from_lines([(number, "" if _HEADING.match(text) else text) for number, text in lines]):
        return Content(kind="transcript", turns=turns)
    return Content(kind="text", rows=_paragraphs(lines))


def plain(text: str) -> str:
    """Return the words without links' addresses and emphasis marks."""
    return _EMPHASIS.sub(lambda match: match["text"], _LINK.sub(lambda match: match["text"], text)).strip()


def _table(lines: Sequence[Line]) -> list[Row]:
    """Return the cells of all table rows, header first, without the separator lines."""
    if not any(_SEPARATOR.match(text) and "|" in text for _, text in lines):
        return []
    return [
        (number, tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", text.strip().strip("|"))))
        for number, text in lines
        if text.strip().startswith("|") and not _SEPARATOR.match(text)
    ]


def _spoken(table: Sequence[Row]) -> Content | None:
    """Return the turns of the first column that is a conversation; a translation beside it is left out, with a note."""
    width = max(len(cells) for _, cells in table)
    columns = [
        turns_from_lines([(number, cells[place] if place < len(cells) else "") for number, cells in table])
        for place in range(width)
    ]
    first = next((turns for turns in columns if turns), None)
    if first is None:
        return None
    notes = ("translation_left_out",) if sum(bool(turns) for turns in columns) > 1 else ()
    return Content(kind="transcript", turns=first, notes=notes)


def _paragraphs(lines: Sequence[Line]) -> list[Row]:
    rows: list[Row] = []
    block: list[Line] = []
    fenced = False

    def close() -> None:
        if block:
            rows.append((block[0][0], (plain("\n".join(text for _, text in block)),)))
            block.clear()

    for number, text in lines:
        if text.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            close()
        elif fenced or not text.strip() or _HEADING.match(text) or _RULE.match(text):
            close()
        elif item := _ITEM.match(text):
            close()
            block.append((number, item["text"]))
        else:
            block.append((number, text.strip().lstrip("> ")))
    close()
    return [row for row in rows if row[1][0]]


FORMAT = FileFormat(
    name="md",
    suffixes=(".md", ".markdown"),
    title_en="Markdown",
    title_zh="Markdown",
    order=40,
    looks_right=looks_right,
    read=read,
)
