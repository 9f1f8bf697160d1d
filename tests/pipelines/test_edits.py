"""Edits replayed over what was found: a pure function that the order of rows does not touch."""

import random
from dataclasses import replace

import numpy as np
import pytest

from pipelines.centres import normalised
from pipelines.edit_state import PlacedTexts
from pipelines.edits import Replayed, replay
from pipelines.records import EditKind, KeptTheme, OpinionUnit, Theme, ThemeAssignment, ThemeEdit, ThemePart
from pipelines.settings import AnalysisSettings

SETTINGS = AnalysisSettings()
TOPICS = 3
EACH = 8
VECTORS = normalised(
    (np.eye(TOPICS, 6)[np.repeat(np.arange(TOPICS), EACH)] + np.random.default_rng(4).normal(0, 0.1, (24, 6))).astype(
        np.float32
    )
)
THEMES = tuple(
    Theme(
        id=f"t{topic}",
        parent_id="p" if topic < 2 else None,
        name_zh=f"主题{topic}",
        name_en=f"Theme {topic}",
        keywords=(f"w{topic}",),
        exemplars=(f"u{EACH * topic}",),
        centroid=normalised(VECTORS[EACH * topic : EACH * (topic + 1)].sum(axis=0)[None, :])[0],
    )
    for topic in range(TOPICS)
)
PARENT = replace(THEMES[0], id="p", parent_id=None, name_zh="上级", name_en="Parent")
PLACED = tuple(ThemeAssignment(unit_id=f"u{row}", theme_id=f"t{row // EACH}", similarity=0.5) for row in range(24))


def an_edit(
    number: int,
    kind: EditKind,
    *themes: str,
    into: str | None = None,
    texts: str = "",
    name_zh: str | None = None,
    name_en: str | None = None,
    parts: tuple[ThemePart, ...] = (),
) -> ThemeEdit:
    return ThemeEdit(
        id=number,
        at="",
        who="",
        kind=kind,
        theme_ids=themes,
        into=into,
        texts=frozenset(text.encode() for text in texts.split()),
        name_zh=name_zh,
        name_en=name_en,
        parts=parts,
        run=1,
    )


def replayed(edits: list[ThemeEdit], *, order: list[int] | None = None, kept: tuple[KeptTheme, ...] = ()) -> Replayed:
    rows = list(range(24)) if order is None else order
    return replay(
        [*THEMES, PARENT],
        [PLACED[row] for row in rows],
        edits,
        texts=PlacedTexts(
            keys=[str(row).encode() for row in rows],
            first_run=np.ones(24, dtype=np.int64),
            vectors=lambda asked: VECTORS[[rows[at] for at in asked.tolist()]],
            units=lambda asked: [a_unit(rows[at]) for at in asked.tolist()],
        ),
        kept=kept,
        settings=SETTINGS,
    )


def a_unit(row: int) -> OpinionUnit:
    return OpinionUnit(
        id=f"u{row}", verbatim_id=f"v{row}", start=0, end=9, text="some text", language="en", shadow="some text"
    )


ALL = [
    an_edit(1, "rename", "t0", name_zh="改名"),
    an_edit(2, "move", "t0", into="new", texts="0 1 2", name_zh="新", name_en="New"),
    an_edit(3, "reject", "t1", texts="9"),
    an_edit(4, "split", "t2", parts=(ThemePart(id="a", name_zh="甲", name_en="A", texts=frozenset({b"16", b"17"})),
                                     ThemePart(id="b", name_zh="乙", name_en="B", texts=frozenset({b"18", b"19"})))),
    an_edit(5, "merge", "t1", into="t0"),
    an_edit(6, "pin", "p"),
    an_edit(7, "lock", "a", texts="16 17"),
    an_edit(8, "parent", "a", into="p"),
]  # fmt: skip


def test_without_edits_nothing_is_touched() -> None:
    done = replayed([])
    assert done.themes == (*THEMES, PARENT)
    assert done.assignments == PLACED


def test_undone_edits_are_as_good_as_none() -> None:
    assert replayed([replace(edit, undone=True) for edit in ALL]).assignments == PLACED


def test_the_order_of_rows_and_of_the_list_of_edits_says_nothing() -> None:
    first = replayed(ALL)
    order = random.Random(3).sample(range(24), 24)
    second = replayed(random.Random(1).sample(ALL, len(ALL)), order=order)
    where = {item.unit_id: item.theme_id for item in first.assignments}
    assert {item.unit_id: item.theme_id for item in second.assignments} == where
    assert {theme.id: theme.name_zh for theme in first.themes} == {theme.id: theme.name_zh for theme in second.themes}
    assert first.marks == second.marks


def test_each_edit_does_its_part() -> None:
    done = replayed(ALL)
    where = {item.unit_id: item.theme_id for item in done.assignments}
    themes = {theme.id: theme for theme in done.themes}
    assert set(themes) == {"t0", "p", "new", "a", "b"}
    assert (themes["t0"].name_zh, themes["t0"].name_en) == ("改名", "Theme 0")
    assert [where[f"u{row}"] for row in (0, 1, 2)] == ["new"] * 3
    assert where["u9"] is None
    assert where["u10"] == "t0"
    assert {where[f"u{row}"] for row in range(16, 24)} == {"a", "b"}
    assert themes["a"].parent_id == "p"
    assert done.gone == {"t1": ("t0",), "t2": ("a", "b")}
    assert done.marks["p"].pinned
    assert done.marks["a"].locked
    assert done.idle == frozenset()
    assert done.placed_by[0] == 2


def test_what_no_edit_touched_keeps_its_values_to_the_last_digit() -> None:
    done = replayed([an_edit(1, "merge", "t1", into="t0")])
    assert next(theme for theme in done.themes if theme.id == "t2") == THEMES[2]
    assert done.assignments[16:] == PLACED[16:]
    assert done.assignments[0].similarity != 0.5


@pytest.mark.parametrize(
    "edit",
    [
        an_edit(1, "rename", "gone", name_zh="x"),
        an_edit(1, "merge", "gone", into="t0"),
        an_edit(1, "merge", "t0", into="gone"),
        an_edit(1, "merge", "t0", into="p"),
        an_edit(1, "split", "p"),
        an_edit(1, "move", "t0", into="gone", texts="0"),
        an_edit(1, "move", "t0", into="p", texts="0"),
        an_edit(1, "parent", "t0", into="t2"),
        an_edit(1, "parent", "p", into="t2"),
        an_edit(1, "reject", "gone", texts="0"),
        an_edit(1, "pin", "gone"),
    ],
)
def test_an_edit_that_has_nothing_to_work_on_waits(edit: ThemeEdit) -> None:
    done = replayed([edit])
    assert done.idle == {1}
    assert done.assignments == PLACED
    assert {theme.id for theme in done.themes} == {"t0", "t1", "t2", "p"}


def test_a_kept_theme_takes_its_texts_back_and_no_others() -> None:
    lost = replace(THEMES[0], id="lost", parent_id=None, name_en="Lost")
    kept = KeptTheme(theme=lost, texts=frozenset({b"0", b"1", b"8"}), run=1)
    done = replayed([an_edit(1, "rename", "lost", name_en="Lost and found")], kept=(kept,))
    held = {item.unit_id for item in done.assignments if item.theme_id == "lost"}
    assert held == {"u0", "u1", "u8"}
    theme = next(theme for theme in done.themes if theme.id == "lost")
    assert (theme.name_en, theme.status) == ("Lost and found", "kept")
    assert replayed([], kept=(kept,)).assignments == PLACED


def test_a_kept_theme_that_was_found_under_another_id_is_that_one() -> None:
    lost = replace(THEMES[2], id="lost")
    kept = KeptTheme(theme=lost, texts=frozenset(str(row).encode() for row in range(16, 22)), run=1)
    done = replayed([an_edit(1, "pin", "lost")], kept=(kept,))
    assert {item.theme_id for item in done.assignments[16:]} == {"lost"}
    assert done.gone == {"t2": ("lost",)}


def test_nothing_follows_into_or_out_of_a_locked_theme() -> None:
    moved = an_edit(2, "move", "t0", into="t2", texts="0 1 2 3 4")
    free = replayed([moved])
    assert sum(free.follows) == 3, "the rest of a kind follows"
    locked_in = replayed([an_edit(1, "lock", "t2", texts=" ".join(map(str, range(16, 24)))), moved])
    locked_out = replayed([an_edit(1, "lock", "t0", texts=" ".join(map(str, range(8)))), moved])
    for done in (locked_in, locked_out):
        assert not any(done.follows)
        assert [item.theme_id for item in done.assignments[:5]] == ["t2"] * 5
