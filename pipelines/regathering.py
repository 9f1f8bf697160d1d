"""What a theme is after edits: centroid, similarity, exemplars and size of those whose units changed; names apart."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipelines.centres import normalised, own_cosines
from pipelines.edit_state import EditState, Rows, mean_of
from pipelines.exemplars import choose_exemplars
from pipelines.records import Theme
from pipelines.theme_names import apart

# Units looked at for exemplars, nearest the centre first: as many as a run reads for a theme's words.
READ = 600


def regathered(
    state: EditState, *, named: frozenset[str], lasting: frozenset[str]
) -> tuple[tuple[Theme, ...], list[float]]:
    """Return the themes with what follows from their units, and each unit's similarity to its theme.

    What no edit touched keeps its values to the last digit. A theme without units is left out unless edits name it or
    the codebook defines it.
    """
    moved = state.place != state.found
    touched = {state.order[place] for place in np.unique(np.r_[state.place[moved], state.found[moved]]) if place >= 0}
    touched |= {one for one in state.themes if one not in state.found_ids}
    for theme_id in sorted(touched & set(state.themes)):
        if not state.is_leaf(theme_id):
            continue
        rows = state.rows_in(theme_id)
        if len(rows):
            _gather(state, theme_id, rows)
        elif theme_id in lasting or state.themes[theme_id].status == "defined":
            state.themes[theme_id] = replace(state.themes[theme_id], tentative=True, exemplars=())
        else:
            del state.themes[theme_id]
    _tidy_parents(state, lasting)
    _unthemed(state, np.flatnonzero(moved & (state.place < 0)))
    _gather_parents(state, touched)
    _tell_apart(state, named)
    themes = tuple(state.themes[one] for one in state.order if one in state.themes)
    return themes, [round(value, 4) for value in state.similarity.tolist()]


def _tidy_parents(state: EditState, lasting: frozenset[str]) -> None:
    """Take away parents that have no children left and links to parents that are none; nothing is two levels deep."""
    for theme in list(state.themes.values()):
        parent = state.themes.get(theme.parent_id or "")
        if theme.parent_id and (parent is None or parent.parent_id is not None or state.holds_units(parent.id)):
            state.themes[theme.id] = replace(theme, parent_id=None)
    for theme_id in sorted(state.shelves - state.parents - lasting):
        if theme_id in state.themes and not state.holds_units(theme_id):
            del state.themes[theme_id]


def _gather(state: EditState, theme_id: str, rows: Rows) -> None:
    vectors = normalised(state.texts.vectors(rows))
    first: dict[bytes, int] = {}
    for at, row in enumerate(rows.tolist()):
        first.setdefault(state.texts.keys[row], at)
    distinct = np.array(list(first.values()), dtype=np.int64)
    centre = mean_of(vectors[distinct])
    similarity = np.clip(own_cosines(vectors, np.broadcast_to(centre, vectors.shape)), -1.0, 1.0)
    state.similarity[rows] = similarity
    read = distinct[np.lexsort((rows[distinct], -similarity[distinct]))][:READ]
    units = state.texts.units(rows[read])
    chosen = choose_exemplars(units, vectors[read], similarity[read], state.settings.exemplars)
    state.themes[theme_id] = replace(
        state.themes[theme_id],
        centroid=centre,
        exemplars=tuple(units[at].id for at in chosen),
        tentative=len(rows) < state.settings.tentative_units,
    )


def _unthemed(state: EditState, rows: Rows) -> None:
    leaves = [one for one in sorted(state.themes) if state.is_leaf(one)]
    if len(rows) and leaves:
        vectors = normalised(state.texts.vectors(rows))
        centres = state.centres(leaves, width=vectors.shape[1])
        nearest = np.argmax(vectors @ centres.T, axis=1)
        state.similarity[rows] = np.clip(own_cosines(vectors, centres[nearest]), -1.0, 1.0)


def _gather_parents(state: EditState, touched: set[str]) -> None:
    sizes = np.bincount(state.place[state.place >= 0], minlength=len(state.order))
    for parent_id in sorted(state.parents & set(state.themes)):
        children = [theme for theme in state.themes.values() if theme.parent_id == parent_id]
        if not children:
            continue
        largest = sorted(children, key=lambda theme: (-sizes[state.order.index(theme.id)], theme.id))
        units = int(sum(sizes[state.order.index(theme.id)] for theme in children))
        parent = state.themes[parent_id]
        if state.children_found.get(parent_id) == frozenset(theme.id for theme in children) and not any(
            theme.id in touched for theme in children
        ):
            continue
        width = max(len(theme.centroid) for theme in largest)
        centres = state.centres([theme.id for theme in largest], width=width)
        weights = np.array([sizes[state.order.index(theme.id)] for theme in largest], dtype=np.float32)
        state.themes[parent_id] = replace(
            parent,
            keywords=_words(largest, state.settings.keywords),
            exemplars=tuple(theme.exemplars[0] for theme in largest if theme.exemplars)[: state.settings.exemplars],
            centroid=mean_of(centres * weights[:, None]),
            tentative=units < state.settings.tentative_units,
        )


def _words(themes: Sequence[Theme], count: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for theme in themes for word in theme.keywords[:3]))[:count]


def _tell_apart(state: EditState, named: frozenset[str]) -> None:
    """Give a found theme a name of its own where a person gave its name to another one of its level."""
    for level in (True, False):
        same = [theme for theme in state.themes.values() if (theme.id in state.parents) is level]
        chosen = [theme for theme in same if theme.id in named]
        taken_zh = {theme.name_zh.casefold() for theme in chosen}
        taken_en = {theme.name_en.casefold() for theme in chosen}
        for theme in same:
            if theme.id not in named and (theme.name_zh.casefold() in taken_zh or theme.name_en.casefold() in taken_en):
                state.themes[theme.id] = replace(
                    theme,
                    name_zh=apart(theme.name_zh, taken_zh, theme.keywords, chinese=True),
                    name_en=apart(theme.name_en, taken_en, theme.keywords, chinese=False),
                )
