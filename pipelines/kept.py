"""Themes that people edited and that a later run does not find again: they stay, with the texts they had."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pipelines.centres import normalised
from pipelines.edit_state import EditState, Rows, mean_of
from pipelines.match import pairs
from pipelines.records import KeptTheme, Theme, ThemeEdit


def named_by(live: Sequence[ThemeEdit]) -> dict[str, tuple[int, ...]]:
    """Return the ids of the edits that name each theme, in order."""
    found: dict[str, list[int]] = {}
    for edit in live:
        named = (*edit.theme_ids, *((edit.into,) if edit.into else ()), *(part.id for part in edit.parts))
        if edit.kind == "move":
            named = (edit.into,) if edit.into else ()
        for theme_id in dict.fromkeys(named):
            found.setdefault(theme_id, []).append(edit.id)
    return {theme_id: tuple(edits) for theme_id, edits in found.items()}


def cared_for(live: Sequence[ThemeEdit]) -> dict[str, int]:
    """Return the themes that stay whatever a run finds, each with the first edit that is the reason.

    Whatever names a theme is one, be it that a pin was taken back; that a unit is wrong in it is none.
    """
    found: dict[str, int] = {}
    for edit in live:
        if edit.kind == "move":
            found.setdefault(edit.into or "", edit.id)
        elif edit.kind != "reject":
            for theme_id in (*edit.theme_ids, edit.into or ""):
                found.setdefault(theme_id, edit.id)
    found.pop("", None)
    return found


def lasting(live: Sequence[ThemeEdit]) -> frozenset[str]:
    """Return the themes that stay even without units: those renamed, pinned, hidden or locked, or no longer so."""
    return frozenset(edit.theme_ids[0] for edit in live if edit.kind in ("rename", "pin", "hide", "lock"))


def keep(state: EditState, kept: Sequence[KeptTheme], live: Sequence[ThemeEdit]) -> None:
    """Bring back the themes that edits name and the run did not find; inside, before any edit is replayed.

    One whose texts the run found together under another id is that theme again. Any other takes the texts it had, and
    of those that are new since then the ones nearer to it than to where the run put them.
    """
    reasons = cared_for(live)
    missing = sorted(
        (one for one in kept if one.theme.id in reasons and one.theme.id not in state.themes),
        key=lambda one: (one.run, one.theme.id),
    )
    if not missing:
        return
    again = _found_again(state, [one for one in missing if not one.is_parent], reasons)
    for one in missing:
        if one.is_parent:
            _keep_parent(state, one)
        elif one.theme.id in again:
            _rename_found(state, one.theme, again[one.theme.id])
        else:
            _keep_leaf(state, one, reason=reasons[one.theme.id])


def _found_again(state: EditState, missing: Sequence[KeptTheme], reasons: Mapping[str, int]) -> dict[str, str]:
    """Return which found theme, that no edit cares for, is which of the missing ones."""
    free = [theme for theme in state.themes.values() if state.is_leaf(theme.id) and theme.id not in reasons]
    held = {theme.id: frozenset(state.texts.keys[row] for row in state.rows_in(theme.id).tolist()) for theme in free}
    seen = frozenset(state.texts.keys)
    latest = max((one.run for one in missing), default=0)
    known = frozenset(state.texts.keys[row] for row in np.flatnonzero(state.texts.first_run <= latest).tolist())
    earlier = {one.theme.id: one.texts for one in missing}
    found = pairs([one.theme for one in missing], free, earlier, held=held, seen=seen, known=known)
    return {theme.id: found_id for found_id, theme in found.items()}


def _rename_found(state: EditState, theme: Theme, found_id: str) -> None:
    found = state.themes.pop(found_id)
    state.gone[found_id] = (theme.id,)
    rows = state.rows_in(found_id)
    state.add(replace(found, id=theme.id, name_zh=theme.name_zh, name_en=theme.name_en, status=theme.status))
    state.place[rows] = state.index(theme.id)


def _keep_leaf(state: EditState, one: KeptTheme, *, reason: int) -> None:
    state.add(replace(one.theme, status="kept", exemplars=()))
    place = state.index(one.theme.id)
    own = state.rows_saying(one.texts)
    state.by[own] = reason
    state.place[own] = place
    fresh = np.flatnonzero((state.texts.first_run > one.run) & (state.place != place))
    if not len(own) or not len(fresh):
        return
    vectors = state.texts.vectors(state.distinct(own))
    centre = mean_of(vectors)
    state.themes[one.theme.id] = replace(state.themes[one.theme.id], centroid=centre)
    nearer = fresh[_nearer(state, fresh, centre)]
    state.by[nearer] = reason
    state.place[nearer] = place


def _nearer(state: EditState, rows: Rows, centre: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Rows:
    """Return which of the rows are nearer to a centre than to the theme they are in, and near enough."""
    vectors = normalised(state.texts.vectors(rows))
    ids = [one if one in state.themes else None for one in state.order]
    centres = np.zeros((len(ids) + 1, vectors.shape[1]), dtype=np.float32)
    known = [number for number, one in enumerate(ids) if one is not None]
    centres[known] = state.centres([state.order[number] for number in known], width=vectors.shape[1])
    now = np.einsum("ij,ij->i", vectors, centres[state.place[rows]])
    there = vectors @ centre
    return np.flatnonzero((there > now) & (there >= state.settings.assign_similarity))


def _keep_parent(state: EditState, one: KeptTheme) -> None:
    """Put the themes whose texts were mostly under this parent, and that no other parent has, under it again."""
    state.add(replace(one.theme, status="kept", parent_id=None))
    state.shelves.add(one.theme.id)
    for theme in list(state.themes.values()):
        if theme.parent_id is not None or not state.is_leaf(theme.id):
            continue
        rows = state.rows_in(theme.id)
        if len(rows) and state.says(rows, one.texts).mean() > 0.5:
            state.themes[theme.id] = replace(theme, parent_id=one.theme.id)
