"""What moved units teach: texts that say nearly the same follow them, and rejected ones take theirs along."""

from collections.abc import Sequence

import numpy as np

from pipelines.centres import normalised
from pipelines.edit_state import EditState, Rows
from pipelines.records import ThemeEdit

# Cosine from which two texts say the same but for a word of no weight.
SAME = 0.95


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
    """A rejected text comes back to its theme by a later decision about it only."""
    kinds = {edit.id: edit for edit in live}
    for edit in live:
        if edit.kind != "reject" or edit.id in state.idle:
            continue
        place = state.index(edit.theme_ids[0])
        rows = state.rows_saying(edit.texts)
        back = rows[state.place[rows] == place] if place >= 0 else rows[:0]
        for row in back.tolist():
            by = kinds.get(int(state.by[row]))
            if by is None or by.id < edit.id or by.kind not in ("move", "split"):
                state.place[row] = -1
                state.by[row] = edit.id
                state.decided[row] = True


def _follow_moves(state: EditState, moves: Sequence[ThemeEdit]) -> None:
    rows_of = [state.distinct(state.rows_saying(edit.texts)) for edit in moves]
    edits = np.repeat(np.arange(len(moves)), [len(rows) for rows in rows_of])
    examples = np.concatenate([np.zeros(0, dtype=np.int64), *rows_of])
    sources = sorted(set().union(*(state.sources.get(edit.id, set()) for edit in moves), {-1}))
    for source in sources:
        if _is_locked(state, source):
            continue
        taught = np.array(
            [
                at
                for at, (row, number) in enumerate(zip(examples.tolist(), edits.tolist(), strict=True))
                if state.place[row] != source
                and not _is_locked(state, int(state.place[row]))
                and (source == -1 or source in state.sources.get(moves[number].id, set()))
            ],
            dtype=np.int64,
        )
        rows = np.flatnonzero((state.place == source) & ~state.decided & ~state.follows)
        if not len(taught) or not len(rows):
            continue
        near = _nearness(state, rows, examples[taught])
        best = np.argmax(near, axis=1)
        for at in np.flatnonzero(near.max(axis=1) >= SAME).tolist():
            example = taught[best[at]]
            _let_follow(state, rows[at : at + 1], int(state.place[examples[example]]), moves[edits[example]].id)


def _nearness(state: EditState, rows: Rows, examples: Rows) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    if not len(rows) or not len(examples):
        return np.zeros((len(rows), 0), dtype=np.float32)
    vectors = normalised(state.texts.vectors(rows))
    return vectors @ normalised(state.texts.vectors(examples)).T


def _let_follow(state: EditState, rows: Rows, place: int, edit_id: int) -> None:
    state.place[rows] = place
    state.by[rows] = edit_id
    state.follows[rows] = True


def _is_locked(state: EditState, place: int) -> bool:
    return place >= 0 and state.order[place] in state.flags["lock"]
