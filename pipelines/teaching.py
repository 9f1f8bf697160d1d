"""What moved units teach: texts that say nearly the same follow them, and rejected ones take theirs along.

From three moved texts on, a small head decides for the other units of the theme they were moved out of: the nearest
taught text and the mean of all of them, against the theme's own centre. On the mixed themes of twelve labelled sets the
share of the others in the right place rises from 78 to 83 % with 5 texts moved, from 82 to 90 % with 20; of those that
follow, nine and eight in ten are right (docs/edits.md). A logistic head on the same vectors does no better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.centres import normalised
from pipelines.edit_state import EditState, Rows, mean_of
from pipelines.records import Matrix, ThemeEdit

# Cosine from which two texts say the same but for a word of no weight.
SAME = 0.95
# Texts moved from one theme into another before they teach more than that: one or two are right in 80 % of the cases.
LEAST_TAUGHT = 3
# Cosine to the nearest taught text below which the mean of a few is no guide.
NEAR = 0.5
# Share of the taught texts that would follow the others by that rule; below it they have no more in common than that
# somebody moved them, and only their like follow.
COHERENT = 0.5


def followed(state: EditState, live: Sequence[ThemeEdit]) -> None:
    """Let texts like those that people placed follow them; none leaves or joins a locked theme by itself."""
    _keep_out(state, live)
    moves = [edit for edit in live if edit.kind == "move" and edit.id not in state.idle]
    rejects = [edit for edit in live if edit.kind == "reject" and edit.id not in state.idle]
    _follow_moves(state, moves)
    for edit in rejects:
        place = state.index(edit.theme_ids[0])
        examples = state.distinct(state.rows_saying(edit.texts))
        if place >= 0 and len(examples) and not _is_locked(state, place):
            rows = np.flatnonzero((state.place == place) & ~state.decided)
            near = _nearness(state, rows, examples)
            _let_follow(state, rows[near.max(axis=1, initial=-1) >= SAME], -1, edit.id)


def _keep_out(state: EditState, live: Sequence[ThemeEdit]) -> None:
    """A rejected text comes back to its theme by a later decision about it only, or with what it was moved to."""
    working = [edit for edit in live if edit.id not in state.idle]
    for edit in working:
        place = state.index(edit.theme_ids[0]) if edit.kind == "reject" else -1
        if place < 0:
            continue
        decided = frozenset[bytes]().union(*(_placed_by_hand(one) for one in working if one.id > edit.id))
        rows = state.rows_saying(edit.texts - decided)
        back = rows[state.place[rows] == place]
        state.place[back] = -1
        state.by[back] = edit.id
        state.decided[back] = True


def _placed_by_hand(edit: ThemeEdit) -> frozenset[bytes]:
    """Return the texts that an edit says the place of."""
    if edit.kind == "move":
        return edit.texts
    return frozenset[bytes]().union(*(part.texts for part in edit.parts if part.chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """Texts that people moved out of one place into another: one row each, and the edit that moved it."""

    source: int
    target: int
    rows: Rows
    edits: tuple[int, ...]


def _follow_moves(state: EditState, moves: Sequence[ThemeEdit]) -> None:
    lessons = _lessons(state, moves)
    for source in sorted({lesson.source for lesson in lessons}):
        rows = np.flatnonzero((state.place == source) & ~state.decided)
        if not len(rows):
            continue
        vectors = normalised(state.texts.vectors(rows))
        # Of several lessons the one with the text nearest to a unit decides.
        best = np.full(len(rows), -1.0)
        for lesson in [one for one in lessons if one.source == source]:
            taught = normalised(state.texts.vectors(lesson.rows))
            near = vectors @ taught.T
            nearest = near.max(axis=1)
            follows = nearest >= SAME
            if len(lesson.rows) >= LEAST_TAUGHT and min(lesson.source, lesson.target) >= 0:
                centre = state.centres([state.order[source]], width=vectors.shape[1])[0]
                if _coherent(taught, centre):
                    follows |= (nearest >= NEAR) & (vectors @ mean_of(taught) > vectors @ centre)
            for at in np.flatnonzero(follows & (nearest > best)).tolist():
                best[at] = nearest[at]
                _let_follow(state, rows[at], lesson.target, lesson.edits[int(np.argmax(near[at]))])


def _coherent(taught: Matrix, centre: Matrix) -> bool:
    """Say whether most taught texts would follow the others, were they not taught themselves."""
    others = normalised(taught.sum(axis=0, keepdims=True) - taught)
    alike = np.einsum("ij,ij->i", taught, others) > taught @ centre
    return float(alike.mean()) >= COHERENT


def _lessons(state: EditState, moves: Sequence[ThemeEdit]) -> list[_Lesson]:
    """Return what the moves teach about each place that units were moved out of, the unthemed always among them."""
    found: dict[tuple[int, int], dict[int, int]] = {}
    for edit in moves:
        sources = {-1}
        for theme_id in state.sources.get(edit.id, set()):
            sources |= {
                state.index(one) for one in ((theme_id,) if theme_id in state.themes else state.ends_of(theme_id))
            }
        for row in state.distinct(state.rows_saying(edit.texts)).tolist():
            target = int(state.place[row])
            if int(state.by[row]) == edit.id and not _is_locked(state, target):
                for source in sources - {target}:
                    if not _is_locked(state, source):
                        found.setdefault((source, target), {})[row] = edit.id
    return [
        _Lesson(source=source, target=target, rows=np.array(list(rows), dtype=np.int64), edits=tuple(rows.values()))
        for (source, target), rows in sorted(found.items())
    ]


def _nearness(state: EditState, rows: Rows, examples: Rows) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    if not len(rows) or not len(examples):
        return np.zeros((len(rows), 0), dtype=np.float32)
    vectors = normalised(state.texts.vectors(rows))
    return vectors @ normalised(state.texts.vectors(examples)).T


def _let_follow(state: EditState, rows: Rows | np.int64, place: int, edit_id: int) -> None:
    state.place[rows] = place
    state.by[rows] = edit_id
    state.follows[rows] = True


def _is_locked(state: EditState, place: int) -> bool:
    return place >= 0 and state.order[place] in state.flags["lock"]
