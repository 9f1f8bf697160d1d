"""JSON values → a table: one level of nesting becomes dotted columns, anything deeper stays JSON text."""

import json
import re
from collections.abc import Mapping, Sequence

from pipelines.formats import Content
from pipelines.records import Rejected

TEXT_COLUMN = "text"
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


def _flatten(item: Mapping[str, object]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, Mapping):
            for inner, deeper in value.items():
                fields[_text(f"{name}.{inner}")] = _text(deeper)
        else:
            fields[_text(name)] = _text(value)
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
