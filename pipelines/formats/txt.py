"""Plain text: a conversation where lines carry speakers, else paragraphs between blank lines, else lines."""

from collections.abc import Sequence

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.turns import Line, turns_from_lines

# Blank lines separate paragraphs when the blocks between them are longer than a line; otherwise they are just air.
LEAST_PARAGRAPHS = 2


def looks_right(raw: RawFile) -> bool:
    """Any text at all: this format is asked last."""
    return raw.text is not None and bool(raw.text.strip())


def read(raw: RawFile) -> Content:
    """Return turns or one text per line or paragraph, numbered by line."""
    return text_content(numbered_lines(raw.text or ""))


def numbered_lines(text: str) -> list[Line]:
    """Return the lines of a text, numbered from 1 as an editor does."""
    plain = text.lstrip("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return list(enumerate(plain.split("\n"), start=1))


def text_content(lines: Sequence[Line]) -> Content:
    """Return turns where the lines are a conversation, else paragraphs or lines."""
    if turns := turns_from_lines(lines):
        return Content(kind="transcript", turns=turns)
    blocks: list[list[Line]] = [[]]
    for number, text in lines:
        if text.strip():
            blocks[-1].append((number, text.strip()))
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    if len(blocks) >= LEAST_PARAGRAPHS and sum(len(block) > 1 for block in blocks) * 2 >= len(blocks):
        rows = [(block[0][0], ("\n".join(text for _, text in block),)) for block in blocks]
    else:
        rows = [(number, (text,)) for block in blocks for number, text in block]
    return Content(kind="text", rows=rows)


FORMAT = FileFormat(
    name="txt",
    suffixes=(".txt", ".text", ".log"),
    title_en="Plain text",
    title_zh="纯文本",
    order=90,
    looks_right=looks_right,
    read=read,
)
