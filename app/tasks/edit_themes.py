"""Edit: what a person changes about themes becomes an event; all that is counted is right in the same write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sqlite_utils import Database

from app.database import write
from app.errors import BadRequest, Conflict, NotFound
from app.settings import Settings
from app.store import edits, runs, themes, units
from app.store.filters import NONE
from app.store.projects import now
from app.store.views import ThemeView
from app.tasks.edit_replay import replay_now
from pipelines.identity import identify
from pipelines.records import EditKind, ThemeEdit

LONGEST_NAME = 80
"""Letters of a theme's name: what fits on one line of a list."""
LONGEST_WHO = 80
NOBODY = "local"
"""Who edits where nobody gave a name: there are no accounts."""
BLANK = ThemeEdit(id=0, at="", who="", kind="rename")


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who changes something, in which installation."""

    who: str
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in one or both languages; None leaves a language as it is, or takes it from the other for a new theme."""

    zh: str | None = None
    en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to change about one theme; None leaves a side as it is.

    `parent` is the id of a parent theme, "none" for the top level; `new_parent` makes a parent of this name.
    """

    name: Name | None = None
    parent: str | None = None
    new_parent: Name | None = None
    pinned: bool | None = None
    hidden: bool | None = None
    locked: bool | None = None


def change(db: Database, theme_id: str, changes: Changes, editor: Editor) -> tuple[int, ...]:
    """Rename a theme, put it elsewhere, pin, hide or lock it; return the ids of the edits, none where nothing changes.

    Raises NotFound, BadRequest, or Conflict where another theme has the name.
    """
    done: list[int] = []
    with write(db):
        theme = existing(db, theme_id)
        if changes.name is not None:
            zh, en = cleaned(changes.name.zh), cleaned(changes.name.en)
            zh, en = (None if zh == theme.name_zh else zh), (None if en == theme.name_en else en)
            if zh or en:
                free_name(db, Name(zh=zh, en=en), besides=frozenset({theme_id}))
                done.append(append(db, "rename", editor, replace(BLANK, theme_ids=(theme_id,), name_zh=zh, name_en=en)))
        if changes.new_parent is not None or changes.parent is not None:
            done += _set_parent(db, theme, changes, editor)
        flags: tuple[tuple[EditKind, bool | None, bool], ...] = (
            ("pin", changes.pinned, theme.pinned),
            ("hide", changes.hidden, theme.hidden),
            ("lock", changes.locked, theme.locked),
        )
        for kind, wanted, before in flags:
            if wanted is not None and wanted != before:
                if kind == "lock" and theme.is_parent:
                    raise BadRequest(code="parent_has_no_units", values={"theme": both_of(theme)})
                held = units.texts_in(db, theme_id) if kind == "lock" and wanted else frozenset()
                done.append(append(db, kind, editor, replace(BLANK, theme_ids=(theme_id,), on=wanted, texts=held)))
        if done:
            replay_now(db, settings=editor.settings)
    return tuple(done)


def merge(db: Database, theme_ids: Sequence[str], into: str, editor: Editor) -> int:
    """Merge themes into another one; return the edit. Raises NotFound, or BadRequest where they do not go together."""
    with write(db):
        sources = tuple(dict.fromkeys(one for one in theme_ids if one != into))
        if not sources:
            raise BadRequest(code="merge_itself")
        target = existing(db, into)
        if any(existing(db, one).is_parent != target.is_parent for one in sources):
            raise BadRequest(code="merge_levels")
        held = frozenset[bytes]().union(*(units.texts_in(db, one) for one in sources if target.locked))
        edit = append(db, "merge", editor, replace(BLANK, theme_ids=sources, into=into, texts=held))
        replay_now(db, settings=editor.settings)
    return edit


def move(db: Database, unit_ids: Sequence[str], editor: Editor, *, theme: str | None, new: Name | None = None) -> int:
    """Move units to a theme, to a new one of this name, or ("none") out of all themes; return the edit.

    Every unit that says the same words goes along. Raises NotFound and BadRequest.
    """
    with write(db):
        keys, sources = texts_of_units(db, unit_ids)
        into: str | None = None
        named = Name()
        if new is not None:
            named = both_names(new)
            free_name(db, named)
            into = identify("t", "made", edits.next_id(db))
        elif theme is not None and theme != NONE:
            target = existing(db, theme)
            if target.is_parent:
                raise BadRequest(code="parent_has_no_units", values={"theme": both_of(target)})
            into = theme
        event = replace(BLANK, theme_ids=sources, into=into, texts=keys, name_zh=named.zh, name_en=named.en)
        edit = append(db, "move", editor, event, count=len(set(unit_ids)))
        replay_now(db, settings=editor.settings)
    return edit


def reject(db: Database, unit_ids: Sequence[str], editor: Editor, *, theme: str | None = None) -> int:
    """Mark units as wrong in the theme they are in; they never come back to it. Return the (last) edit.

    Raises NotFound, or BadRequest for units that are in no theme, or not in `theme` where it is given.
    """
    with write(db):
        texts_of_units(db, unit_ids)
        grouped: dict[str, list[str]] = {}
        for unit in units.by_ids(db, unit_ids):
            if unit.theme_id is None or theme not in (None, unit.theme_id):
                raise BadRequest(code="not_in_theme", values={"unit": unit.id})
            grouped.setdefault(unit.theme_id, []).append(unit.id)
        edit = 0
        for theme_id, wrong in sorted(grouped.items()):
            keys, _ = texts_of_units(db, wrong)
            edit = append(
                db, "reject", editor, replace(BLANK, theme_ids=(theme_id,), texts=keys), count=len(set(wrong))
            )
        replay_now(db, settings=editor.settings)
    return edit


def undo(db: Database, edit_id: int, editor: Editor) -> None:
    """Take an edit back; it stays in the history.

    Raises NotFound, or Conflict where it is undone already or a name that would come back has been given away since.
    """
    with write(db):
        before = _names_twice(db)
        if edits.view(db, edit_id).undone_at is not None:
            raise Conflict(code="already_undone", values={"edit": edit_id})
        edits.set_undone(db, edit_id, who=signature(editor))
        replay_now(db, settings=editor.settings)
        _no_name_twice(db, before)


def redo(db: Database, edit_id: int, editor: Editor) -> None:
    """Put an undone edit in force again, in its old place.

    Raises NotFound, or Conflict where it is in force or a name that it gives has been given away since.
    """
    with write(db):
        before = _names_twice(db)
        if edits.view(db, edit_id).undone_at is None:
            raise Conflict(code="not_undone", values={"edit": edit_id})
        edits.set_redone(db, edit_id)
        replay_now(db, settings=editor.settings)
        _no_name_twice(db, before)


def cleaned(name: str | None) -> str | None:
    """Return a name without space around and within it doubled, None where none is given.

    Raises BadRequest for one that is empty or too long.
    """
    if name is None:
        return None
    text = " ".join(name.split())
    if not text:
        raise BadRequest(code="name_empty")
    if len(text) > LONGEST_NAME:
        raise BadRequest(code="name_too_long", values={"name": text[:40], "longest": LONGEST_NAME})
    return text


def both_names(name: Name) -> Name:
    """Return a name cleaned, in both languages: one that is missing is as the other. Raises BadRequest for none."""
    zh, en = cleaned(name.zh), cleaned(name.en)
    if zh is None and en is None:
        raise BadRequest(code="name_empty")
    return Name(zh=zh or en, en=en or zh)


def free_name(db: Database, name: Name, *, besides: frozenset[str] = frozenset()) -> None:
    """Raise Conflict where another theme, none of `besides`, has the name in either language."""
    for theme in themes.all_records(db):
        if theme.id in besides:
            continue
        for own, other in ((name.zh, theme.name_zh), (name.en, theme.name_en)):
            if own is not None and own.casefold() == other.casefold():
                raise Conflict(code="name_taken", values={"name": own}, details={"theme": theme.id})


def _names_twice(db: Database) -> frozenset[tuple[str, str, str]]:
    """Return every name given by people that two themes have in one language: with the ids of both."""
    given = {name.casefold() for edit in edits.records(db) if not edit.undone for name in _names_in(edit)}
    called: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for theme in themes.all_records(db):
        for language, name in (("zh", theme.name_zh), ("en", theme.name_en)):
            if name.casefold() in given:
                called.setdefault((language, name.casefold()), []).append((theme.id, name))
    pairs = (pair for same in called.values() for pair in combinations(sorted(same), 2))
    return frozenset((name, one, other) for (one, name), (other, _) in pairs)


def _names_in(edit: ThemeEdit) -> list[str]:
    names = [edit.name_zh, edit.name_en, *(name for part in edit.parts for name in (part.name_zh, part.name_en))]
    return [name for name in names if name]


def _no_name_twice(db: Database, before: frozenset[tuple[str, str, str]]) -> None:
    """Raise Conflict where two themes share a name that they did not share `before`.

    A name that a run gave gives way by itself; of two that people gave, none is changed behind their backs.
    """
    for name, *ids in sorted(_names_twice(db) - before):
        raise Conflict(code="name_taken_since", values={"name": name}, details={"themes": ids})


def append(db: Database, kind: EditKind, editor: Editor, edit: ThemeEdit, *, count: int = 0) -> int:
    """Append an event with who and when; inside a write transaction. Return its number."""
    number = edits.next_id(db)
    about = [*edit.theme_ids, *([edit.into] if edit.into else [])]
    known = {theme.id: (theme.name_zh, theme.name_en) for theme in themes.all_records(db) if theme.id in about}
    made = replace(edit, id=number, at=now(), who=signature(editor), kind=kind, run=latest_run(db))
    edits.add(db, made, names=known, count=count)
    return number


def signature(editor: Editor) -> str:
    """Return the name that an editor's doings are recorded under."""
    return " ".join(editor.who.split())[:LONGEST_WHO] or NOBODY


def latest_run(db: Database) -> int:
    """Return the number of the latest run, 0 before the first."""
    run = runs.latest(db)
    return 0 if run is None else int(run["id"])


def existing(db: Database, theme_id: str) -> ThemeView:
    """Return a theme, without its counts. Raises NotFound where there is none, the unthemed included."""
    return themes.brief(db, theme_id[:80])


def both_of(theme: ThemeView) -> dict[str, str]:
    """Return a theme's name as errors tell it, each reader in their language."""
    return {"zh": theme.name_zh, "en": theme.name_en}


def texts_of_units(db: Database, unit_ids: Sequence[str]) -> tuple[frozenset[bytes], tuple[str, ...]]:
    """Return the keys of what units say, and the themes they are in. Raises NotFound naming one that is not there."""
    if not unit_ids:
        raise BadRequest(code="no_units_given")
    found = units.texts_by_id(db, unit_ids)
    for unit_id in unit_ids:
        if unit_id not in found:
            raise NotFound(code="no_unit", values={"unit": unit_id[:80]})
    places = {theme_id for _, theme_id in found.values() if theme_id is not None}
    return frozenset(key for key, _ in found.values()), tuple(sorted(places))


def _set_parent(db: Database, theme: ThemeView, changes: Changes, editor: Editor) -> list[int]:
    if theme.is_parent:
        raise BadRequest(code="parent_of_parent", values={"theme": both_of(theme)})
    blank = replace(BLANK, theme_ids=(theme.id,))
    if changes.new_parent is not None:
        named = both_names(changes.new_parent)
        free_name(db, named)
        into = identify("t", "parent made", edits.next_id(db))
        return [append(db, "parent", editor, replace(blank, into=into, name_zh=named.zh, name_en=named.en))]
    parent = None if changes.parent in (None, NONE, "") else changes.parent
    if parent == theme.parent_id:
        return []
    if parent is not None:
        above = existing(db, parent)
        if above.id == theme.id or above.parent_id is not None or units.any_in(db, parent):
            raise BadRequest(code="not_a_parent", values={"theme": both_of(above)})
    return [append(db, "parent", editor, replace(blank, into=parent))]
