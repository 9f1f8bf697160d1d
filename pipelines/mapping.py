"""Which column of a file plays which part, as proposed by the program or said by a person."""

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args

from pipelines.records import ScaleName

SCALES: tuple[ScaleName, ...] = get_args(ScaleName)
MOST_NEAR = 3


class MappingError(ValueError):
    """A mapping that does not fit the file: names what is wrong and what was probably meant."""

    def __init__(self, message: str, *, wrong: str, near: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.wrong = wrong
        self.near = tuple(near)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Which column is what. Several `text` columns make one verbatim per answered question of a row.

    `title` is put in front of the first text column, so that a review with a headline stays one verbatim.
    `scale_low` and `scale_high` are the ends of the score's scale as asked; None means: read them from the values.
    `given` holds the fields that a person set (see `merge`) and takes no part in comparisons.
    """

    text: tuple[str, ...] = ()
    title: str | None = None
    score: str | None = None
    scale: ScaleName | None = None
    scale_low: float | None = None
    scale_high: float | None = None
    created_at: str | None = None
    external_id: str | None = None
    customer_id: str | None = None
    email: str | None = None
    phone: str | None = None
    customer_name: str | None = None
    touchpoint: str | None = None
    attributes: tuple[str, ...] = ()
    given: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


ONE_COLUMN = (
    "title", "score", "created_at", "external_id", "customer_id", "email", "phone", "customer_name", "touchpoint",
)  # fmt: skip
MANY_COLUMNS = ("text", "attributes")
KEYS = tuple(item.name for item in fields(ColumnMapping) if item.name != "given")


def mapping_from_json(value: object, columns: Sequence[str]) -> ColumnMapping:
    """Return the mapping that a JSON object describes; keys left out are left to the proposal (see `merge`).

    Column names may differ in case, width and spaces around them. Raises MappingError for an unknown key, an unknown
    column (naming the near ones), a scale that is none, or a value of the wrong type.
    """
    if not isinstance(value, Mapping):
        raise MappingError(f"A mapping is a JSON object, but this is {type(value).__name__}.", wrong=repr(value)[:80])
    found: dict[str, Any] = {}
    for key, setting in value.items():
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, n=MOST_NEAR)
            hint = f" Did you mean {_listed(near)}?" if near else f" Known keys: {', '.join(KEYS)}."
            raise MappingError(f"A mapping has no key {str(key)!r}.{hint}", wrong=str(key), near=near)
        if key in MANY_COLUMNS:
            found[key] = _columns(key, setting, columns)
        elif key in ONE_COLUMN:
            found[key] = None if setting in (None, "") else _column(key, setting, columns)
        elif key == "scale":
            found[key] = _scale(setting)
        else:
            found[key] = _number(key, setting)
    low, high = found.get("scale_low"), found.get("scale_high")
    if low is not None and high is not None and low >= high:
        raise MappingError(f"scale_low ({low:g}) must be below scale_high ({high:g}).", wrong="scale_low")
    return ColumnMapping(**found, given=frozenset(found))


def mapping_to_json(mapping: ColumnMapping) -> dict[str, object]:
    """Return the mapping as a JSON object with every key, ready for `mapping_from_json`."""
    settings = {key: getattr(mapping, key) for key in KEYS}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in settings.items()}


def merge(said: ColumnMapping, proposed: ColumnMapping) -> ColumnMapping:
    """Return what a person said, completed from the proposal; a column the person placed leaves its proposed place."""
    placed = {column for key in said.given if key in ONE_COLUMN or key in MANY_COLUMNS for column in _held(said, key)}
    merged: dict[str, Any] = {}
    for key in KEYS:
        if key in said.given:
            merged[key] = getattr(said, key)
        elif key in MANY_COLUMNS:
            merged[key] = tuple(column for column in getattr(proposed, key) if column not in placed)
        elif key in ONE_COLUMN:
            merged[key] = None if getattr(proposed, key) in placed else getattr(proposed, key)
        else:
            merged[key] = getattr(proposed, key)
    if "score" in said.given and said.score != proposed.score:
        # The scale proposed belongs to another column.
        merged |= {key: None for key in ("scale", "scale_low", "scale_high") if key not in said.given}
    return replace(ColumnMapping(**merged), given=said.given)


def _held(mapping: ColumnMapping, key: str) -> tuple[str, ...]:
    value = getattr(mapping, key)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _columns(key: str, setting: object, columns: Sequence[str]) -> tuple[str, ...]:
    if setting is None:
        return ()
    names = [setting] if isinstance(setting, str) else setting
    if not isinstance(names, list | tuple):
        raise MappingError(f"{key!r} takes a column name or a list of them, not {setting!r}.", wrong=repr(setting))
    return tuple(dict.fromkeys(_column(key, name, columns) for name in names))


def _column(key: str, name: object, columns: Sequence[str]) -> str:
    if not isinstance(name, str):
        raise MappingError(f"{key!r} takes a column name, not {name!r}.", wrong=repr(name))
    if name in columns:
        return name
    plain = {_plain(column): column for column in reversed(columns)}
    if _plain(name) in plain:
        return plain[_plain(name)]
    near = [plain[found] for found in difflib.get_close_matches(_plain(name), plain, n=MOST_NEAR)]
    hint = f"Did you mean {_listed(near)}?" if near else f"It has: {_listed(columns[:20])}."
    raise MappingError(f"{key!r} names a column {name!r}, which the file does not have. {hint}", wrong=name, near=near)


def _scale(setting: object) -> ScaleName | None:
    if setting is None:
        return None
    for scale in SCALES:
        if setting == scale:
            return scale
    raise MappingError(
        f"{setting!r} is not a scale. Choose from {', '.join(SCALES)}.", wrong=repr(setting), near=SCALES
    )


def _number(key: str, setting: object) -> float | None:
    if setting is None:
        return None
    if isinstance(setting, bool) or not isinstance(setting, int | float):
        raise MappingError(f"{key!r} takes a number, not {setting!r}.", wrong=repr(setting))
    return float(setting)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
