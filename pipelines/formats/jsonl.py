"""JSON lines: one object (or text) per line; a broken line loses only itself."""

import json
import re

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.json_records import records_content
from pipelines.records import Rejected

_FILLED = re.compile(r"\S")


def looks_right(raw: RawFile) -> bool:
    """Text in which the first filled lines are mostly JSON objects of their own."""
    if raw.text is None:
        return False
    head = [line for line in raw.text[:200_000].split("\n")[:20] if line.strip()]
    if raw.suffix in FORMAT.suffixes:
        return bool(head) and head[0].lstrip("\ufeff").lstrip()[:1] in ("{", "[", '"')
    return len(head) > 1 and sum(line.lstrip("\ufeff").lstrip().startswith("{") for line in head) > len(head) / 2


def read(raw: RawFile) -> Content:
    """Return one row per line, numbered by line; objects spread over several lines are read one after the other."""
    text = (raw.text or "").lstrip("\ufeff")
    items: list[tuple[int, object]] = []
    rejected: list[Rejected] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            items.append((number, json.loads(line, strict=False)))
        except (json.JSONDecodeError, RecursionError) as error:
            detail = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            rejected.append(Rejected(row=number, reason="json", detail=detail, raw=line.strip()[:500]))
    if len(rejected) > len(items) and (spread := _spread(text)):
        return records_content(spread)
    return records_content(items, rejected)


def _spread(text: str) -> list[tuple[int, object]]:
    """Return the objects of a stream that does not keep to lines, with the line each begins on; empty if it breaks."""
    decoder = json.JSONDecoder(strict=False)
    items: list[tuple[int, object]] = []
    place, line = 0, 1
    while (found := _FILLED.search(text, place)) is not None:
        start = found.start()
        line += text.count("\n", place, start)
        try:
            item, end = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            return []
        items.append((line, item))
        line += text.count("\n", start, end)
        place = end
    return items


FORMAT = FileFormat(
    name="jsonl",
    suffixes=(".jsonl", ".ndjson"),
    title_en="JSON lines",
    title_zh="JSON Lines",
    order=31,
    looks_right=looks_right,
    read=read,
)
