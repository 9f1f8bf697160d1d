"""JSON: a list of objects or texts, an object that holds such a list somewhere, or an object of records by id."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.column_names import named_role
from pipelines.formats import Content, FileFormat, RawFile
from pipelines.json_records import records_content
from pipelines.unreadable import UnreadableFile

# Where exports and APIs keep their list, nearest first; otherwise the longest list of objects is taken.
LIST_KEYS = (
    "items",
    "data",
    "records",
    "reviews",
    "results",
    "responses",
    "comments",
    "feedback",
    "rows",
    "list",
    "entries",
    "segments",
)
MAX_DEPTH = 6
# Records kept under their ids have the same fields; the parts of one record have not.
ALIKE = 0.8


def looks_right(raw: RawFile) -> bool:
    """Text that opens as JSON and is not one object per line."""
    if raw.text is None:
        return False
    start = raw.text[:200].lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        return raw.suffix == ".json" or start[1:].lstrip()[:1] in ("{", '"', "[", "]")
    if not start.startswith("{") or start[1:].lstrip()[:1] not in ('"', "}", ""):
        return False
    first = raw.text.lstrip("\ufeff \t\r\n").split("\n", 1)
    if len(first) == 2 and first[1].lstrip().startswith("{"):
        try:
            return not isinstance(json.loads(first[0]), dict)
        except (ValueError, RecursionError):
            return True
    return raw.suffix != ".jsonl"


def read(raw: RawFile) -> Content:
    """Return one row per object; raises UnreadableFile for broken JSON and for JSON without a list."""
    try:
        value = json.loads((raw.text or "").lstrip("\ufeff"), strict=False)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            "bad_json",
            message_en=f"The JSON breaks off at line {error.lineno}, column {error.colno}: {error.msg}.",
            message_zh=f"JSON 在第 {error.lineno} 行第 {error.colno} 列出错：{error.msg}。",
            details={"line": error.lineno, "column": error.colno, "error": error.msg},
        ) from error
    except RecursionError as error:
        raise UnreadableFile(
            "too_deep",
            message_en="The JSON is nested too deeply to be a list of feedback.",
            message_zh="JSON 嵌套层级过深，不像是反馈列表。",
        ) from error
    found = _list_in(value, depth=0)
    if found is None:
        raise UnreadableFile(
            "no_list",
            message_en="The JSON holds no list of records. Expected a list, or an object with one under "
            '"items", "data", "records" or "reviews".',
            message_zh="JSON 中没有记录列表。应为一个列表，或在 items、data、records、reviews 下包含列表的对象。",
        )
    return records_content([(number, item) for number, item in enumerate(found, start=1)])


def _list_in(value: object, *, depth: int) -> Sequence[object] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping) or depth >= MAX_DEPTH:
        return None
    if (turned := _from_columns(value)) is not None:
        return turned
    named = [value[key] for key in LIST_KEYS if key in value]
    for inner in named:
        if (found := _list_in(inner, depth=depth + 1)) is not None:
            return found
    lists: list[Sequence[object]] = [inner for inner in value.values() if isinstance(inner, list) and inner]
    if lists:
        return max(lists, key=len)
    if _is_record(value) and depth == 0:
        return [value]
    if _by_id(value):
        return list(value.values())
    inside = [_list_in(inner, depth=depth + 1) for inner in value.values() if isinstance(inner, Mapping)]
    found_lists = [found for found in inside if found is not None and isinstance(found[0], Mapping)]
    if not found_lists and depth == 0 and any(isinstance(inner, str) for inner in value.values()):
        return [value]
    return max(found_lists, key=len, default=None)


def _is_record(value: Mapping[str, object]) -> bool:
    return any(isinstance(inner, str) and named_role(name) == "text" for name, inner in value.items())


def _by_id(value: Mapping[str, object]) -> bool:
    """Return whether an object holds records under their ids: objects, nearly all with the same fields."""
    records = [inner for inner in value.values() if isinstance(inner, Mapping)]
    if len(records) < 2 or len(records) != len(value):
        return False
    fields = Counter(field for record in records for field in record)
    return bool(fields) and max(fields.values()) >= ALIKE * len(records) and len(fields) <= 2 * max(map(len, records))


def _from_columns(value: Mapping[str, object]) -> list[dict[str, object]] | None:
    """Return records from an object that holds one list (or one numbered object) per column, as pandas writes them."""
    columns: dict[str, list[object]] = {}
    for name, cells in value.items():
        if isinstance(cells, Mapping) and cells and all(str(key).isdigit() for key in cells):
            columns[name] = list(cells.values())
        elif isinstance(cells, list):
            columns[name] = cells
        else:
            return None
    lengths = {len(cells) for cells in columns.values()}
    nested = any(isinstance(cell, Mapping | list) for cells in columns.values() for cell in cells)
    if len(columns) < 2 or len(lengths) != 1 or nested:
        return None
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


FORMAT = FileFormat(
    name="json",
    suffixes=(".json",),
    title_en="JSON",
    title_zh="JSON",
    order=30,
    looks_right=looks_right,
    read=read,
)
