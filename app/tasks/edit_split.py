"""Split: a theme into parts, as proposed from the stored vectors or as a person lists them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from app.database import write
from app.errors import BadRequest
from app.settings import analysis_settings
from app.store import edits, found, runs, themes, units
from app.store.views import ThemeView, UnitView
from app.tasks.edit_replay import replay_now
from app.tasks.edit_themes import BLANK, Editor, Name, append, both_names, both_of, existing, free_name, texts_of_units
from pipelines.identity import identify
from pipelines.records import EmbeddedUnits, ThemePart
from pipelines.splitting import propose_parts

MOST_PARTS = 8
"""Beyond eight, parts are few units each; split again instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part as it would be: names, keywords, how many units, and units that show it."""

    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    units: int
    exemplars: tuple[UnitView, ...]
    texts: frozenset[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A part as a person wants it: its name, and the units that belong to it."""

    name: Name
    units: tuple[str, ...]


def preview_split(db: Database, theme_id: str, editor: Editor, *, parts: int) -> tuple[Part, ...]:
    """Return what a theme would be split into. Raises NotFound, or BadRequest where there is nothing to split."""
    theme = _splittable(db, theme_id)
    if not 2 <= parts <= MOST_PARTS:
        raise BadRequest(code="bad_parts", values={"parts": parts, "most": MOST_PARTS})
    run = runs.latest(db)
    numbers, keys = units.numbers_in(db, theme_id)
    records = found.records_of(db, numbers)
    model = "" if run is None else str(run["models"]["encoder"])
    others = [(one.name_zh, one.name_en) for one in themes.all_records(db) if one.id != theme_id]
    proposed = propose_parts(
        EmbeddedUnits(units=tuple(records), vectors=found.vectors_of(db, model, keys)),
        parts,
        taken=others,
        settings=analysis_settings(editor.settings),
    )
    if len(proposed) < 2:
        raise BadRequest(code="too_few_to_split", values={"theme": both_of(theme)})
    return tuple(
        Part(
            name_zh=part.name_zh,
            name_en=part.name_en,
            keywords=part.keywords,
            units=len(part.rows),
            exemplars=units.by_ids(db, [records[row].id for row in part.exemplars]),
            texts=frozenset(keys[row] for row in part.rows),
        )
        for part in proposed
    )


def split(db: Database, theme_id: str, editor: Editor, *, parts: int, names: Sequence[Name] = ()) -> int:
    """Split a theme into the parts that `preview_split` shows, with other names where they are given; return the edit.

    Raises as `preview_split`, and Conflict for a name that another theme has.
    """
    with write(db):
        made = []
        for at, part in enumerate(preview_split(db, theme_id, editor, parts=parts)):
            own = names[at] if at < len(names) else Name()
            named = both_names(Name(zh=own.zh or part.name_zh, en=own.en or part.name_en))
            made.append(_part(db, at, named, keywords=part.keywords, texts=part.texts))
        return _split(db, theme_id, made, editor)


def split_by_list(db: Database, theme_id: str, editor: Editor, *, parts: Sequence[Listed]) -> int:
    """Split a theme into parts whose units a person lists; what is listed nowhere goes to the nearest part.

    Raises NotFound, Conflict, or BadRequest where a unit is listed twice or a part is empty.
    """
    with write(db):
        _splittable(db, theme_id)
        if not 2 <= len(parts) <= MOST_PARTS:
            raise BadRequest(code="bad_parts", values={"parts": len(parts), "most": MOST_PARTS})
        made = []
        seen: frozenset[bytes] = frozenset()
        for at, part in enumerate(parts):
            texts, _ = texts_of_units(db, part.units)
            if texts & seen:
                raise BadRequest(code="in_two_parts", values={"name": part.name.zh or part.name.en or ""})
            seen |= texts
            made.append(replace(_part(db, at, both_names(part.name), keywords=(), texts=texts), chosen=True))
        return _split(db, theme_id, made, editor)


def _splittable(db: Database, theme_id: str) -> ThemeView:
    theme = existing(db, theme_id)
    if theme.is_parent:
        raise BadRequest(code="parent_has_no_units", values={"theme": both_of(theme)})
    return theme


def _part(db: Database, at: int, name: Name, *, keywords: tuple[str, ...], texts: frozenset[bytes]) -> ThemePart:
    return ThemePart(
        id=identify("t", "part", edits.next_id(db), at),
        name_zh=str(name.zh),
        name_en=str(name.en),
        keywords=keywords,
        texts=texts,
    )


def _split(db: Database, theme_id: str, made: Sequence[ThemePart], editor: Editor) -> int:
    names = [(part.name_zh.casefold(), part.name_en.casefold()) for part in made]
    for part in made:
        free_name(db, Name(zh=part.name_zh, en=part.name_en), besides=frozenset({theme_id}))
    if any(len({name[side] for name in names}) < len(names) for side in (0, 1)):
        raise BadRequest(code="parts_named_alike")
    edit = append(db, "split", editor, replace(BLANK, theme_ids=(theme_id,), parts=tuple(made)))
    replay_now(db, settings=editor.settings)
    return edit
