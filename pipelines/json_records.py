"""JSON values → a table: nested objects and short lists of them become dotted columns."""

import json
import re
from collections.abc import Mapping, Sequence

from pipelines.formats import Content
from pipelines.records import Rejected

TEXT_COLUMN = "text"
# A record nested deeper, or with more fields in one inner object, is a document or a dictionary and stays JSON text.
MOST_LEVELS = 4
MOST_FIELDS = 60
MOST_ITEMS = 12
# Feeds wrap each value: {"label": "5", "attributes": {…}} is 5.
_WRAPPING = ({"label"}, {"label", "attributes"})
# An escape such as \\ud83d without its other half is no character and cannot be stored. MARK (U+DCFF) is kept: it
# stands for bytes that did not decode, by which the row is found later.
_HALF = re.compile("[\ud800-\udcfe\udd00-\udfff]")


def records_content(items: Sequence[tuple[int, object]], rejected: Sequence[Rejected] = ()) -> Content:
    """Return a table of (row number, value) pairs: objects give columns, bare texts one column named text.

    Columns come in the order in which they are first met. Anything else (a number, null) is Rejected ("json").
    """
    columns: dict[str, int] = {}
    flat: list[tuple[int, dict[str, str]]] = []
    bad = list(rejected)
    for number, item in items:
        if isinstance(item, str):
            fields = {TEXT_COLUMN: item}
        elif isinstance(item, Mapping):
            fields = _flatten(item)
        elif isinstance(item, list) and all(isinstance(cell, str | int | float) for cell in item):
            fields = {f"column {place}": _text(cell) for place, cell in enumerate(item, start=1)}
        else:
            raw = _text(item)
            bad.append(Rejected(row=number, reason="json", detail=type(item).__name__, raw=raw[:500]))
            continue
        for name in fields:
            columns.setdefault(name, len(columns))
        flat.append((number, fields))
    names = tuple(columns)
    rows = [(number, tuple(fields.get(name, "") for name in names)) for number, fields in flat]
    return Content(kind="table", rows=rows, columns=names or (TEXT_COLUMN,), rejected=tuple(bad))


def _flatten(item: Mapping[str, object], *, prefix: str = "", level: int = 1) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in item.items():
        held = value["label"] if isinstance(value, Mapping) and set(value) in _WRAPPING else value
        if isinstance(held, list) and 0 < len(held) <= MOST_ITEMS and all(isinstance(one, Mapping) for one in held):
            # Answers of one response, as survey tools keep them: answers.1.text, answers.2.number.
            held = {str(place): one for place, one in enumerate(held, start=1)}
        if isinstance(held, Mapping) and level < MOST_LEVELS and 0 < len(held) <= MOST_FIELDS:
            fields |= _flatten(held, prefix=f"{prefix}{name}.", level=level + 1)
        else:
            fields[_text(f"{prefix}{name}")] = _text(held)
    return fields


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isascii() else _HALF.sub("�", value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        # A choice of several: joined as 问卷星 joins them.
        return "┋".join(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
