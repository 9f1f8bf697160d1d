"""What each kind of edit does to themes and places in a replay; a step says whether there was anything to do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from pipelines.centres import normalised
from pipelines.edit_state import EditState, Rows
from pipelines.records import EditKind, Theme, ThemeEdit

Step = Callable[[EditState, ThemeEdit], bool]


def rename(state: EditState, edit: ThemeEdit) -> bool:
    """Give a theme the names a person chose; a language left out keeps its name."""
    theme = state.themes.get(edit.theme_ids[0])
    if theme is None:
        return False
    state.themes[theme.id] = replace(
        theme, name_zh=edit.name_zh or theme.name_zh, name_en=edit.name_en or theme.name_en
    )
    return True


def set_parent(state: EditState, edit: ThemeEdit) -> bool:
    """Put a theme under a parent, one that is there or a new one of this name, or on the top level."""
    theme = state.themes.get(edit.theme_ids[0])
    if theme is None or theme.id in state.parents:
        return False
    if edit.into is not None and edit.into not in state.themes:
        if edit.name_zh is None or edit.name_en is None:
            return False
        state.add(a_new_theme(edit.into, edit, like=theme))
        state.shelves.add(edit.into)
    if edit.into is not None and not _can_be_parent(state, edit.into, of=theme.id):
        return False
    state.themes[theme.id] = replace(theme, parent_id=edit.into)
    return True


def set_flag(state: EditState, edit: ThemeEdit) -> bool:
    """Pin, hide or lock a theme, or take it back. A locked theme holds the texts it had."""
    theme_id = edit.theme_ids[0]
    if theme_id not in state.themes:
        return False
    flagged = state.flags[edit.kind]
    if not edit.on:
        flagged.discard(theme_id)
        return True
    flagged.add(theme_id)
    if edit.kind == "lock" and edit.run:
        _hold(state, theme_id, edit)
    return True


def merge(state: EditState, edit: ThemeEdit) -> bool:
    """Move everything of some themes into another one; parents give their themes."""
    into = edit.into
    sources = [one for one in edit.theme_ids if one in state.themes and one != into]
    if into not in state.themes or not sources:
        return False
    both_parents = [one for one in sources if one in state.parents and into in state.parents]
    for source in both_parents:
        for theme in list(state.themes.values()):
            if theme.parent_id == source:
                state.themes[theme.id] = replace(theme, parent_id=into)
        _end(state, source, (into,))
    leaves = [one for one in sources if state.is_leaf(one) and state.is_leaf(into)]
    state.themes[into] = replace(state.themes[into], keywords=_taking_turns(state, [into, *leaves]))
    for source in leaves:
        rows = state.rows_in(source)
        target = np.full(len(rows), state.index(into), dtype=np.int64)
        if into in state.flags["lock"] and edit.run:
            # What only later runs put in the source does not come in by the back door.
            strange = ~state.says(rows, edit.texts) & (state.texts.first_run[rows] <= edit.run) & ~state.decided[rows]
            target[strange] = state.nearest_place(rows[strange], barred=frozenset({source}))
        _put(state, rows, target, edit)
        _end(state, source, (into,))
    return bool(both_parents or leaves)


def split(state: EditState, edit: ThemeEdit) -> bool:
    """Put parts in a theme's place: each text into its part, others into the nearest; listed ones from anywhere."""
    source = edit.theme_ids[0]
    if not state.is_leaf(source):
        return False
    old = state.themes[source]
    for part in edit.parts:
        state.add(
            replace(
                old,
                id=part.id,
                name_zh=part.name_zh,
                name_en=part.name_en,
                keywords=part.keywords or old.keywords,
                exemplars=(),
                status="made",
            )
        )
    rows = state.rows_in(source)
    _put(state, rows, _parts_of(state, edit, rows), edit)
    for part in edit.parts:
        if part.chosen:
            listed = state.rows_saying(part.texts)
            _put(state, listed, np.full(len(listed), state.index(part.id)), edit)
            state.decided[listed] = True
        own = state.rows_in(part.id)
        if len(own):
            state.themes[part.id] = replace(state.themes[part.id], centroid=state.centre_of_rows(own))
        for flagged in state.flags.values():
            if source in flagged:
                flagged.add(part.id)
    _end(state, source, tuple(part.id for part in edit.parts))
    return True


def move(state: EditState, edit: ThemeEdit) -> bool:
    """Put texts where a person says they belong, whatever a run finds; a theme that is new is made for them."""
    rows = state.rows_saying(edit.texts)
    into = edit.into
    if into is not None and into not in state.themes:
        ends = state.ends_of(into)
        if ends:
            into = ends[0]
        elif edit.name_zh is None or edit.name_en is None:
            return False
        else:
            near = next((state.themes[one] for one in edit.theme_ids if one in state.themes), None)
            state.add(a_new_theme(into, edit, like=near, centroid_of=(state, rows)))
    if into is not None and not state.is_leaf(into):
        return False
    state.sources[edit.id] = {
        *edit.theme_ids,
        *(state.order[one] for one in set(state.place[rows].tolist()) if one >= 0),
    }
    _put(state, rows, np.full(len(rows), state.index(into)), edit)
    state.decided[rows] = True
    return bool(len(rows)) or into is not None


def reject(state: EditState, edit: ThemeEdit) -> bool:
    """Take texts out of a theme they are wrong in; they are unthemed until something else holds them."""
    theme_id = edit.theme_ids[0]
    if theme_id not in state.themes:
        return False
    rows = state.rows_saying(edit.texts)
    wrong = rows[state.place[rows] == state.index(theme_id)]
    _put(state, wrong, np.full(len(wrong), -1), edit)
    state.decided[wrong] = True
    return bool(len(rows))


def a_new_theme(
    theme_id: str, edit: ThemeEdit, *, like: Theme | None, centroid_of: tuple[EditState, Rows] | None = None
) -> Theme:
    """Return a theme that a person made; it stands on the top level, with the centre of the rows given, if any."""
    if centroid_of is not None and len(centroid_of[1]):
        state, rows = centroid_of
        centroid = state.centre_of_rows(rows)
    else:
        centroid = like.centroid if like is not None else np.zeros(1, dtype=np.float32)
    return Theme(
        id=theme_id,
        parent_id=None,
        name_zh=str(edit.name_zh),
        name_en=str(edit.name_en),
        keywords=(),
        exemplars=(),
        centroid=centroid,
        status="made",
    )


def _can_be_parent(state: EditState, theme_id: str, *, of: str) -> bool:
    return theme_id != of and state.themes[theme_id].parent_id is None and not state.holds_units(theme_id)


def _hold(state: EditState, theme_id: str, edit: ThemeEdit) -> None:
    """Bring the texts a locked theme had back to it, and send away those that were elsewhere when it was locked.

    Texts that no run had seen then may join it.
    """
    held = state.rows_saying(edit.texts)
    held = held[~state.decided[held]]
    _put(state, held, np.full(len(held), state.index(theme_id)), edit)
    inside = state.rows_in(theme_id)
    strange = inside[
        ~state.says(inside, edit.texts) & (state.texts.first_run[inside] <= edit.run) & ~state.decided[inside]
    ]
    _put(state, strange, state.nearest_place(strange, barred=frozenset({theme_id})), edit)


def _parts_of(state: EditState, edit: ThemeEdit, rows: Rows) -> Rows:
    """Return the place of each row of a split theme: the part that has its text, else the part nearest to it."""
    part_of = {key: number for number, part in enumerate(edit.parts) for key in part.texts}
    places = np.array([state.order.index(part.id) for part in edit.parts], dtype=np.int64)
    numbers = np.fromiter((part_of.get(state.texts.keys[row], -1) for row in rows.tolist()), np.int64, len(rows))
    new = np.flatnonzero(numbers < 0)
    if len(new):
        filled = [number for number in range(len(edit.parts)) if (numbers == number).any()]
        if not filled:
            numbers[new] = 0
        else:
            centres = np.stack([state.centre_of_rows(rows[numbers == number]) for number in filled])
            near = normalised(state.texts.vectors(rows[new])) @ centres.T
            numbers[new] = np.array(filled)[np.argmax(near, axis=1)]
    return places[numbers]


def _put(state: EditState, rows: Rows, places: Rows, edit: ThemeEdit) -> None:
    """Place rows, noting the edit for those that were elsewhere."""
    elsewhere = state.place[rows] != places
    state.by[rows[elsewhere]] = edit.id
    state.place[rows] = places


def _end(state: EditState, theme_id: str, went_to: tuple[str, ...]) -> None:
    """Take a theme out, saying where what it held is now."""
    del state.themes[theme_id]
    state.gone[theme_id] = went_to
    for flagged in state.flags.values():
        flagged.discard(theme_id)


def _taking_turns(state: EditState, theme_ids: list[str]) -> tuple[str, ...]:
    """Return the keywords of some themes, the strongest of each first."""
    turns = zip_longest(*(state.themes[one].keywords for one in theme_ids))
    words = dict.fromkeys(word for turn in turns for word in turn if word)
    return tuple(words)[: state.settings.keywords]


STEPS: Mapping[EditKind, Step] = {
    "rename": rename,
    "parent": set_parent,
    "pin": set_flag,
    "hide": set_flag,
    "lock": set_flag,
    "merge": merge,
    "split": split,
    "move": move,
    "reject": reject,
}
