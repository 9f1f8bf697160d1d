from dataclasses import replace

import numpy as np

from pipelines.match import match
from pipelines.records import Known, Theme, ThemeAssignment


def a_theme(theme_id: str, name: str = "", parent_id: str | None = None) -> Theme:
    return Theme(
        id=theme_id,
        parent_id=parent_id,
        name_zh=name or f"主题{theme_id}",
        name_en=name or f"Theme {theme_id}",
        keywords=("词", "word"),
        exemplars=(),
        centroid=np.ones(2, dtype=np.float32),
    )


def placed(**members: str) -> tuple[ThemeAssignment, ...]:
    return tuple(
        ThemeAssignment(unit_id=unit, theme_id=theme_id, similarity=0.5)
        for theme_id, units in members.items()
        for unit in units
    )


def known(themes: list[Theme], **members: str) -> Known:
    return Known(themes=tuple(themes), members={theme_id: frozenset(units) for theme_id, units in members.items()})


def test_a_theme_that_shares_its_units_keeps_id_and_edited_name() -> None:
    before = known([a_theme("t_1", "物流慢（我们改的）")], t_1="abcd")
    themes, assignments = match(before, (a_theme("t_9"),), placed(t_9="abcdxyz"))
    assert [(theme.id, theme.name_zh) for theme in themes] == [("t_1", "物流慢（我们改的）")]
    assert {item.theme_id for item in assignments} == {"t_1"}


def test_new_units_do_not_count_against_a_match() -> None:
    before = known([a_theme("t_1")], t_1="ab")
    themes, _ = match(before, (a_theme("t_9"),), placed(t_9="ab" + "cdefghijklmnopqrstuvwxyz"))
    assert themes[0].id == "t_1"


def test_swapped_ids_are_matched_by_units_not_by_name() -> None:
    before = known([a_theme("t_1", "甲"), a_theme("t_2", "乙")], t_1="abc", t_2="xyz")
    themes, _ = match(before, (a_theme("t_2", "甲"), a_theme("t_1", "乙")), placed(t_2="abc", t_1="xyz"))
    assert [(theme.id, theme.name_zh) for theme in themes] == [("t_1", "甲"), ("t_2", "乙")]


def test_the_larger_part_of_a_split_theme_keeps_the_id() -> None:
    before = known([a_theme("t_1")], t_1="abcdef")
    themes, _ = match(before, (a_theme("t_8"), a_theme("t_9")), placed(t_8="abcd", t_9="ef"))
    assert [theme.id for theme in themes] == ["t_1", "t_9"]


def test_little_overlap_is_a_new_theme_with_an_id_nobody_has() -> None:
    before = known([a_theme("t_1"), a_theme("t_2")], t_1="abcdefgh", t_2="z")
    themes, assignments = match(before, (a_theme("t_1"),), placed(t_1="ahmnopqrstuv") + placed_none("bcdefg"))
    assert themes[0].id not in {"t_1", "t_2"}
    assert {item.theme_id for item in assignments} == {themes[0].id, None}


def placed_none(units: str) -> tuple[ThemeAssignment, ...]:
    return tuple(ThemeAssignment(unit_id=unit, theme_id=None, similarity=0.1) for unit in units)


def test_parents_are_matched_by_what_their_children_hold() -> None:
    old = [a_theme("p_1", "父"), a_theme("t_1", parent_id="p_1"), a_theme("t_2", parent_id="p_1")]
    before = known(old, t_1="abc", t_2="def")
    new = (a_theme("t_8", parent_id="p_9"), a_theme("t_9", parent_id="p_9"), a_theme("p_9"))
    themes, _ = match(before, new, placed(t_8="def", t_9="abc"))
    assert [(theme.id, theme.parent_id) for theme in themes] == [("t_2", "p_1"), ("t_1", "p_1"), ("p_1", None)]
    assert themes[2].name_zh == "父"


def test_a_new_theme_does_not_take_a_kept_name() -> None:
    before = known([a_theme("t_1", "物流慢")], t_1="abc")
    themes, _ = match(before, (a_theme("t_8", "别的"), a_theme("t_9", "物流慢")), placed(t_8="abc", t_9="xyz"))
    assert themes[0].name_zh == "物流慢"
    assert themes[1].name_zh != "物流慢"


def test_the_first_run_changes_nothing() -> None:
    themes, assignments = (a_theme("t_1"),), placed(t_1="ab")
    assert match(Known(), themes, assignments) == (themes, assignments)


def test_status_of_a_defined_theme_survives() -> None:
    before = known([replace(a_theme("t_1"), status="defined")], t_1="abc")
    themes, _ = match(before, (a_theme("t_9"),), placed(t_9="abc"))
    assert themes[0].status == "defined"


def test_two_pairs_too_little_alike_do_not_take_the_id_of_one_that_is_alike_enough() -> None:
    # Overlaps: t_8 with t_1 .42; t_9 with t_1 .30 and t_8 with t_2 .29, together more, and neither enough.
    before = known([a_theme("t_1"), a_theme("t_2")], t_1="abcdefghij", t_2="xy")
    themes, _ = match(before, (a_theme("t_8"), a_theme("t_9")), placed(t_8="abcdexy", t_9="fgh") + placed_none("ij"))
    assert [theme.id for theme in themes] == ["t_1", "t_9"]
