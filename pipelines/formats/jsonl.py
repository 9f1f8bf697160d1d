"""JSON lines: one object (or text) per line; a broken line loses only itself."""

import json

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.json_records import records_content
from pipelines.records import Rejected


def looks_right(raw: RawFile) -> bool:
    """Text in which the first filled lines are mostly JSON objects of their own."""
    if raw.text is None:
        return False
    head = [line for line in raw.text[:200_000].split("\n")[:20] if line.strip()]
    if raw.suffix in FORMAT.suffixes:
        return bool(head) and head[0].lstrip("\ufeff").lstrip()[:1] in ("{", "[", '"')
    return len(head) > 1 and sum(line.lstrip("\ufeff").lstrip().startswith("{") for line in head) > len(head) / 2


def read(raw: RawFile) -> Content:
    """Return one row per line, numbered by line."""
    items: list[tuple[int, object]] = []
    rejected: list[Rejected] = []
    for number, line in enumerate((raw.text or "").lstrip("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            items.append((number, json.loads(line, strict=False)))
        except (json.JSONDecodeError, RecursionError) as error:
            detail = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            rejected.append(Rejected(row=number, reason="json", detail=detail, raw=line.strip()[:500]))
    return records_content(items, rejected)


FORMAT = FileFormat(
    name="jsonl",
    suffixes=(".jsonl", ".ndjson"),
    title_en="JSON lines",
    title_zh="JSON Lines",
    order=31,
    looks_right=looks_right,
    read=read,
)
