"""Entries as rows of a sheet: one column per value, nested values joined or spread."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from app.export.entries import Entry, entries
from app.export.escape import Cell
from app.store import customers, themes, verbatims
from app.store.filters import NO_FILTERS, Filters

if TYPE_CHECKING:
    from app.export import What

JOIN = "; "
ATTRIBUTE = "attribute."
"""Prefix of a column that holds one attribute, so that none can be taken for a column of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The columns of an export and its rows, every row as long as the columns."""

    columns: tuple[str, ...]
    rows: Iterator[list[Cell]]


def sheet(db: Database, what: "What", filters: Filters) -> Sheet:
    """Return an export as a sheet; every attribute that occurs in the project has a column of its own."""
    flat, columns, attributes = _shape(db, what)
    names = (*columns, *(ATTRIBUTE + name for name in attributes))

    def rows() -> Iterator[list[Cell]]:
        for entry in entries(db, what, filters):
            cells = flat(entry)
            own = entry.get("attributes", {})
            yield [*(cells[column] for column in columns), *(_plain(own.get(name)) for name in attributes)]

    return Sheet(columns=names, rows=rows())


def _shape(db: Database, what: "What") -> tuple[Callable[[Entry], dict[str, Cell]], tuple[str, ...], tuple[str, ...]]:
    match what:
        case "verbatims":
            names = {view.id: (view.name_zh, view.name_en) for view in themes.list_views(db, NO_FILTERS)}
            return (lambda entry: _verbatim(entry, names)), VERBATIM_COLUMNS, verbatims.attribute_names(db)
        case "units":
            return _unit, UNIT_COLUMNS, ()
        case "themes":
            return _theme, THEME_COLUMNS, ()
        case "customers":
            return _customer, CUSTOMER_COLUMNS, customers.attribute_names(db)


VERBATIM_COLUMNS = (
    "id", "source", "row", "external_id", "created_at", "language", "question", "touchpoint", "text", "sentiment",
    "score", "scale", "score_low", "score_high", "themes_zh", "themes_en", "theme_ids", "units", "unthemed",
    "customer_id", "matched_on", "speaker", "start_s", "redactions",
)  # fmt: skip
UNIT_COLUMNS = (
    "id", "text", "theme_id", "theme_zh", "theme_en", "similarity", "sentiment", "confidence", "decided", "language",
    "verbatim_id", "start", "end", "verbatim", "source", "row", "external_id", "question", "created_at", "score",
    "scale", "customer_id", "touchpoint",
)  # fmt: skip
THEME_COLUMNS = (
    "id", "parent_id", "is_parent", "name_zh", "name_en", "keywords", "units", "verbatims", "customers", "share",
    "negative", "neutral", "positive", "score_impact", "score_impact_low", "score_impact_high", "scale", "status",
    "tentative", "edited", "pinned", "hidden", "locked", "exemplars",
)  # fmt: skip
CUSTOMER_COLUMNS = (
    "id", "external_id", "name", "matched_on", "known_from", "type", "type_rule", "verbatims", "units", "negative",
    "neutral", "positive", "themes", "first_at", "last_at",
)  # fmt: skip


def _verbatim(entry: Entry, names: Mapping[str, tuple[str, str]]) -> dict[str, Cell]:
    themes_of = list(dict.fromkeys(unit["theme_id"] for unit in entry["units"] if unit["theme_id"] is not None))
    return {
        **{key: entry[key] for key in VERBATIM_COLUMNS if key in entry},
        "themes_zh": "；".join(names[one][0] for one in themes_of if one in names),
        "themes_en": JOIN.join(names[one][1] for one in themes_of if one in names),
        "theme_ids": JOIN.join(themes_of),
        "units": len(entry["units"]),
        "unthemed": sum(unit["theme_id"] is None for unit in entry["units"]),
        "redactions": JOIN.join(f"{kind} {count}" for kind, count in entry["redactions"].items()),
    }


def _unit(entry: Entry) -> dict[str, Cell]:
    named = entry["theme"] or {"zh": None, "en": None}
    decided = next((kind for kind in ("corrected", "confirmed") if kind in entry), None)
    return {**entry, "theme_zh": named["zh"], "theme_en": named["en"], "decided": decided}


def _theme(entry: Entry) -> dict[str, Cell]:
    detail = entry["score_impact_detail"] or {}
    return {
        **entry,
        **entry["sentiment"],
        "name_zh": entry["name"]["zh"],
        "name_en": entry["name"]["en"],
        "keywords": JOIN.join(entry["keywords"]),
        "exemplars": JOIN.join(entry["exemplars"]),
        "score_impact_low": detail.get("low"),
        "score_impact_high": detail.get("high"),
        "scale": detail.get("scale"),
    }


def _customer(entry: Entry) -> dict[str, Cell]:
    return {
        **entry,
        **entry["sentiment"],
        "matched_on": JOIN.join(entry["matched_on"]),
        "type_rule": _plain(entry["type_rule"]),
        "themes": JOIN.join(entry["themes"]),
    }


def _plain(value: Any) -> Cell:
    """Return a value that a cell can hold; lists and objects as JSON."""
    return value if value is None or isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
