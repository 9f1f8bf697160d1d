"""Found themes to known ones: what shares its units keeps its id and its name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from pipelines.identity import identify
from pipelines.records import Known, Theme, ThemeAssignment
from pipelines.theme_names import apart

Key = TypeVar("Key", str, bytes)
"""What a unit is known by: its id, or the key of its text."""

# A found theme is the known one when they share this much (Jaccard) of the units both runs saw. A third means that
# half of each is common; below, keeping the name would mislead.
LEAST_OVERLAP = 1 / 3


def match(
    known: Known, themes: tuple[Theme, ...], assignments: tuple[ThemeAssignment, ...]
) -> tuple[tuple[Theme, ...], tuple[ThemeAssignment, ...]]:
    """Give found themes the ids and names of the known themes whose units they share.

    Leaves are matched with leaves and parents with parents, one to one, by the largest total overlap (Hungarian
    method); a theme that is new gets an id that no known theme has.
    """
    if not known.themes:
        return themes, assignments
    held = _members(themes, assignments)
    seen = frozenset().union(*held.values(), (item.unit_id for item in assignments))
    earlier = _known_members(known)
    taken: dict[str, Theme] = {}
    parents_known = {theme.parent_id for theme in known.themes if theme.parent_id}
    parents_found = {theme.parent_id for theme in themes if theme.parent_id}
    for level in (False, True):
        old = [theme for theme in known.themes if (theme.id in parents_known) is level]
        new = [theme for theme in themes if (theme.id in parents_found) is level]
        taken |= pairs(old, new, earlier, held, seen)
    names = {theme.id: taken[theme.id].id if theme.id in taken else "" for theme in themes}
    used = {theme.id for theme in known.themes}
    for theme in themes:
        if not names[theme.id]:
            names[theme.id] = _fresh(theme.id, used)
            used.add(names[theme.id])
    renamed = _told_apart(
        tuple(_renamed(theme, taken.get(theme.id), names) for theme in themes),
        kept=frozenset(theme.id for theme in taken.values()),
    )
    moved = tuple(
        replace(item, theme_id=names[item.theme_id]) if item.theme_id is not None else item for item in assignments
    )
    return renamed, moved


def _renamed(theme: Theme, old: Theme | None, names: Mapping[str, str]) -> Theme:
    parent = names[theme.parent_id] if theme.parent_id else None
    if old is None:
        return replace(theme, id=names[theme.id], parent_id=parent)
    return replace(theme, id=old.id, parent_id=parent, name_zh=old.name_zh, name_en=old.name_en, status=old.status)


def _fresh(theme_id: str, used: set[str]) -> str:
    while theme_id in used:
        theme_id = identify("t", theme_id, "again")
    return theme_id


def _members(themes: tuple[Theme, ...], assignments: tuple[ThemeAssignment, ...]) -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = {theme.id: set() for theme in themes}
    for item in assignments:
        if item.theme_id is not None:
            held[item.theme_id].add(item.unit_id)
    for theme in themes:
        if theme.parent_id:
            held[theme.parent_id] |= held[theme.id]
    return {theme_id: frozenset(units) for theme_id, units in held.items()}


def _known_members(known: Known) -> dict[str, frozenset[str]]:
    held = {theme.id: set(known.members.get(theme.id, frozenset())) for theme in known.themes}
    for theme in known.themes:
        if theme.parent_id in held:
            held[theme.parent_id] |= known.members.get(theme.id, frozenset())
    return {theme_id: frozenset(units) for theme_id, units in held.items()}


def pairs(
    old: list[Theme],
    new: list[Theme],
    earlier: Mapping[str, frozenset[Key]],
    held: Mapping[str, frozenset[Key]],
    seen: frozenset[Key],
    known: frozenset[Key] | None = None,
) -> dict[str, Theme]:
    """Return which known theme each found one is, by the id of the found one.

    What was not `known` before (None: what was in none of the old themes) does not count against a found theme.
    """
    if not old or not new:
        return {}
    from scipy.optimize import linear_sum_assignment

    old = sorted(old, key=lambda theme: theme.id)
    new = sorted(new, key=lambda theme: theme.id)
    both = frozenset[Key]().union(*(earlier[theme.id] for theme in old)) if known is None else known
    overlap = np.zeros((len(new), len(old)))
    for column, theme in enumerate(old):
        before = earlier[theme.id] & seen
        for row, found in enumerate(new):
            shared = len(before & held[found.id])
            if shared:
                overlap[row, column] = shared / len(before | (held[found.id] & both))
    # Two pairs that are too little alike would together outweigh one that is alike enough, and nobody kept an id.
    overlap[overlap < LEAST_OVERLAP] = 0.0
    rows, columns = linear_sum_assignment(-overlap)
    return {
        new[row].id: old[column]
        for row, column in zip(rows, columns, strict=True)
        if overlap[row, column] >= LEAST_OVERLAP
    }


def _told_apart(themes: tuple[Theme, ...], *, kept: frozenset[str]) -> tuple[Theme, ...]:
    """Return the themes with no name twice: matched ones keep theirs, a new one takes a keyword to its own."""
    taken_zh = {theme.name_zh.casefold() for theme in themes if theme.id in kept}
    taken_en = {theme.name_en.casefold() for theme in themes if theme.id in kept}
    out: list[Theme] = []
    for theme in themes:
        if theme.id not in kept:
            name_zh = apart(theme.name_zh, taken_zh, theme.keywords, chinese=True)
            name_en = apart(theme.name_en, taken_en, theme.keywords, chinese=False)
            taken_zh.add(name_zh.casefold())
            taken_en.add(name_en.casefold())
            theme = replace(theme, name_zh=name_zh, name_en=name_en)
        out.append(theme)
    return tuple(out)
