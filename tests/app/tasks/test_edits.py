"""Edits one by one: what each does at once, after every later run, and undone."""

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.errors import BadRequest, Conflict, NotFound
from app.store import edits, found, projects, themes, units
from app.store.filters import NO_FILTERS, Filters
from app.tasks import edit_split, edit_themes
from app.tasks.edit_suggest import nearest_themes
from app.tasks.edit_themes import Changes, Editor, Name
from pipelines.identity import identify
from tests.app.tasks.edit_factories import MODEL, SETTINGS, TOPICS, a_project, add_texts, run, said
from tests.app.tasks.test_edits_property import state_of

LIN = Editor(who=" Lin  Wei ", settings=SETTINGS)
EACH_ALONE = {topic: at for at, topic in enumerate(TOPICS)}


@pytest.fixture
def db() -> Database:
    made = a_project()
    run(made, EACH_ALONE)
    return made


def unit(topic: str, number: int) -> str:
    return identify("u", identify("v", topic, number))


def theme_of(db: Database, topic: str, number: int) -> str | None:
    return units.by_ids(db, [unit(topic, number)])[0].theme_id


def theme(db: Database, topic: str) -> str:
    """Return the theme that most of a topic's units are in, by the run."""
    row = db.conn.execute(
        "SELECT found_theme_id FROM units WHERE text LIKE ? GROUP BY 1 ORDER BY count(*) DESC", (f"{topic}%",)
    ).fetchone()
    return str(row[0])


def name(db: Database, theme_id: str) -> str:
    return themes.names(db, theme_id)[1]


def merged_with(topic: str, other: str) -> dict[str, int]:
    return {**EACH_ALONE, topic: EACH_ALONE[other]}


def test_a_rename_is_kept_by_runs_and_signed(db: Database) -> None:
    delivery = theme(db, "delivery")
    (edit,) = edit_themes.change(db, delivery, Changes(name=Name(en="  Late   parcels ")), LIN)
    assert themes.names(db, delivery) == ("主题0", "Late parcels")
    add_texts(db, 3, start=6)
    run(db, EACH_ALONE, order=5)
    assert name(db, delivery) == "Late parcels"
    view = edits.view(db, edit)
    assert (view.who, view.kind, view.name) == ("Lin Wei", "rename", {"zh": None, "en": "Late parcels"})
    assert view.names[delivery]["en"] == "Theme 0", "what it was called then"
    edit_themes.undo(db, edit, Editor(who="Ann", settings=SETTINGS))
    assert name(db, delivery) == "Theme 0"
    assert edits.view(db, edit).undone_by == "Ann"


def test_who_undoes_is_signed_as_who_edits(db: Database) -> None:
    delivery = theme(db, "delivery")
    for who, signed in (("", edit_themes.NOBODY), ("  Ann   Wei ", "Ann Wei"), ("x" * 90, "x" * 80)):
        (edit,) = edit_themes.change(db, delivery, Changes(pinned=True), LIN)
        edit_themes.undo(db, edit, Editor(who=who, settings=SETTINGS))
        assert edits.view(db, edit).undone_by == signed


def test_a_theme_is_not_put_under_itself_though_it_is_empty(db: Database) -> None:
    delivery, price = theme(db, "delivery"), theme(db, "price")
    edit_themes.change(db, delivery, Changes(pinned=True), LIN)
    edit_themes.move(db, [unit("delivery", number) for number in range(6)], LIN, theme=price)
    assert themes.view(db, delivery, NO_FILTERS).units == 0
    with pytest.raises(BadRequest) as caught:
        edit_themes.change(db, delivery, Changes(parent=delivery), LIN)
    assert caught.value.code == "not_a_parent"


def test_the_same_name_again_is_no_edit(db: Database) -> None:
    delivery = theme(db, "delivery")
    assert edit_themes.change(db, delivery, Changes(name=Name(zh="主题0", en="Theme 0"), pinned=False), LIN) == ()
    assert edits.list_views(db).total == 0


def test_two_themes_cannot_have_one_name(db: Database) -> None:
    with pytest.raises(Conflict) as caught:
        edit_themes.change(db, theme(db, "staff"), Changes(name=Name(en="THEME 0")), LIN)
    assert caught.value.code == "name_taken"
    assert edits.list_views(db).total == 0


def test_a_later_theme_of_a_persons_name_is_told_apart(db: Database) -> None:
    edit_themes.change(db, theme(db, "delivery"), Changes(name=Name(en="Theme 9")), LIN)
    run(db, {**EACH_ALONE, "taste": 9})
    names = [view.name_en for view in themes.list_views(db, NO_FILTERS)]
    assert len(set(names)) == len(names)


def test_a_renamed_theme_stays_where_a_run_finds_it_no_more_and_is_itself_again_later(db: Database) -> None:
    delivery, staff = theme(db, "delivery"), theme(db, "staff")
    edit_themes.change(db, delivery, Changes(name=Name(en="Late parcels")), LIN)
    add_texts(db, 2, start=6)
    run(db, {**EACH_ALONE, "delivery": -1})
    view = themes.view(db, delivery, NO_FILTERS)
    assert (view.name_en, view.status, view.units) == ("Late parcels", "kept", 8), "new units near to it come too"
    assert themes.view(db, staff, NO_FILTERS).units == 8
    run(db, EACH_ALONE)
    view = themes.view(db, delivery, NO_FILTERS)
    assert (view.name_en, view.status, view.units) == ("Late parcels", "found", 8)
    assert len(themes.list_views(db, NO_FILTERS)) == len(TOPICS), "found again under another id it is the same theme"


def test_a_theme_nobody_edited_goes_with_the_run(db: Database) -> None:
    delivery = theme(db, "delivery")
    edit_themes.change(db, theme(db, "staff"), Changes(pinned=True), LIN)
    run(db, {**EACH_ALONE, "delivery": -1})
    assert delivery not in {view.id for view in themes.list_views(db, NO_FILTERS)}


def test_merged_themes_stay_merged_when_a_run_finds_them_apart(db: Database) -> None:
    delivery, staff = theme(db, "delivery"), theme(db, "staff")
    before = state_of(db)
    edit = edit_themes.merge(db, [delivery], staff, LIN)
    assert themes.view(db, staff, NO_FILTERS).units == 12
    assert edits.gone(db, delivery) == (staff,)
    assert {theme_of(db, "delivery", 0), theme_of(db, "staff", 0)} == {staff}
    assert themes.view(db, staff, NO_FILTERS).keywords == ("word1", "word0", "word")
    add_texts(db, 2, start=6)
    run(db, EACH_ALONE)
    assert themes.view(db, staff, NO_FILTERS).units == 16
    edit_themes.undo(db, edit, LIN)
    assert themes.view(db, delivery, NO_FILTERS).units == 8
    fresh = a_project()
    run(fresh, EACH_ALONE)
    assert before == state_of(fresh)


def test_a_theme_cannot_be_merged_into_itself_or_another_level(db: Database) -> None:
    delivery, staff = theme(db, "delivery"), theme(db, "staff")
    edit_themes.change(db, delivery, Changes(new_parent=Name(en="Service")), LIN)
    parent = themes.view(db, delivery, NO_FILTERS).parent_id
    for one, other, code in ((staff, staff, "merge_itself"), (staff, parent, "merge_levels")):
        with pytest.raises(BadRequest) as caught:
            edit_themes.merge(db, [one], str(other), LIN)
        assert caught.value.code == code


def test_a_moved_unit_stays_moved_with_all_that_say_the_same(db: Database) -> None:
    delivery, price = theme(db, "delivery"), theme(db, "price")
    add_texts(db, 8, start=6)
    run(db, EACH_ALONE)
    assert said("delivery", 6) == said("delivery", 13)
    edit = edit_themes.move(db, [unit("delivery", 6)], LIN, theme=price)
    assert {theme_of(db, "delivery", 6), theme_of(db, "delivery", 13)} == {price}
    add_texts(db, 8, start=14)
    run(db, merged_with("delivery", "staff"), order=3)
    assert {theme_of(db, "delivery", number) for number in (6, 13, 20)} == {price}
    edit_themes.undo(db, edit, LIN)
    assert theme_of(db, "delivery", 6) not in (None, price)
    assert delivery


def test_three_moved_units_bring_their_like_along() -> None:
    db = a_project(12)
    run(db, merged_with("delivery", "staff"))
    mixed = theme(db, "delivery")
    edit_themes.move(db, [unit("delivery", one) for one in (0, 1)], LIN, theme=None, new=Name(en="Parcels"))
    made = theme_of(db, "delivery", 0)
    assert made is not None
    second = edit_themes.move(db, [unit("delivery", 2)], LIN, theme=made)
    there = [number for number in range(12) if theme_of(db, "delivery", number) == made]
    assert len(there) >= 10
    assert {theme_of(db, "staff", number) for number in range(12)} == {mixed}
    follower = next(number for number in there if number > 2)
    assert units.placement(db, unit("delivery", follower)).follows
    edit_themes.undo(db, second, LIN)
    assert theme_of(db, "delivery", follower) == mixed or follower in there, "what two taught is less"


def test_a_rejected_unit_never_comes_back_but_by_hand(db: Database) -> None:
    delivery = theme(db, "delivery")
    edit_themes.reject(db, [unit("delivery", 0)], LIN)
    assert theme_of(db, "delivery", 0) is None
    add_texts(db, 2, start=6)
    run(db, EACH_ALONE, order=2)
    assert theme_of(db, "delivery", 0) is None
    run(db, merged_with("delivery", "staff"))
    edit_themes.move(db, [unit("delivery", 0)], LIN, theme=theme_of(db, "delivery", 1))
    assert theme_of(db, "delivery", 0) == theme_of(db, "delivery", 1)
    assert delivery


def test_a_locked_theme_keeps_its_texts_and_takes_only_new_ones(db: Database) -> None:
    delivery = theme(db, "delivery")
    edit_themes.change(db, delivery, Changes(locked=True), LIN)
    run(db, merged_with("staff", "delivery"))
    assert {theme_of(db, "delivery", number) for number in range(6)} == {delivery}
    assert delivery not in {theme_of(db, "staff", number) for number in range(6)}, "known texts do not come in"
    add_texts(db, 2, start=7)
    run(db, EACH_ALONE)
    assert theme_of(db, "delivery", 8) == delivery, "new ones do"


def test_a_split_theme_stays_split_and_its_parts_take_what_is_new() -> None:
    db = a_project(8)
    run(db, merged_with("delivery", "staff"))
    mixed = theme(db, "delivery")
    shown = edit_split.preview_split(db, mixed, LIN, parts=2)
    assert edits.list_views(db).total == 0
    edit = edit_split.split(db, mixed, LIN, parts=2, names=[Name(en="First part")])
    parts = [part["id"] for part in edits.view(db, edit).parts]
    assert [themes.view(db, part, NO_FILTERS).units for part in parts] == [part.units for part in shown]
    assert sum(part.units for part in shown) == 16
    assert edits.gone(db, mixed) == tuple(parts)
    assert name(db, parts[0]) == "First part"
    assert {themes.view(db, part, NO_FILTERS).status for part in parts} == {"made"}
    delivery, staff = theme_of(db, "delivery", 0), theme_of(db, "staff", 0)
    assert {delivery, staff} == set(parts), "what lies apart comes apart"
    add_texts(db, 4, start=8)
    run(db, merged_with("delivery", "staff"))
    assert {theme_of(db, "delivery", number) for number in (8, 9, 10)} == {delivery}
    run(db, {**EACH_ALONE, "delivery": -1, "staff": -1})
    assert theme_of(db, "delivery", 0) == delivery, "a run that does not find the old theme takes nothing away"


def test_listed_parts_hold_their_units_whatever_a_run_finds() -> None:
    db = a_project(8)
    run(db, merged_with("delivery", "staff"))
    mixed = theme(db, "delivery")
    lists = [
        edit_split.Listed(name=Name(en="Odd"), units=(unit("delivery", 1), unit("staff", 1))),
        edit_split.Listed(name=Name(en="Even"), units=(unit("delivery", 2), unit("staff", 2))),
    ]
    edit_split.split_by_list(db, mixed, LIN, parts=lists)
    odd = theme_of(db, "delivery", 1)
    assert odd == theme_of(db, "staff", 1) != theme_of(db, "staff", 2)
    run(db, EACH_ALONE)
    assert theme_of(db, "delivery", 1) == theme_of(db, "staff", 1) == odd
    twice = [lists[0], edit_split.Listed(name=Name(en="Other"), units=(unit("delivery", 1),))]
    with pytest.raises(BadRequest) as caught:
        edit_split.split_by_list(db, str(theme_of(db, "price", 0)), LIN, parts=twice)
    assert caught.value.code == "in_two_parts"


def test_parents_made_by_hand_hold_and_fall_with_their_edits(db: Database) -> None:
    delivery, staff, price = (theme(db, topic) for topic in ("delivery", "staff", "price"))
    edit_themes.change(db, delivery, Changes(new_parent=Name(zh="服务")), LIN)
    parent = str(themes.view(db, delivery, NO_FILTERS).parent_id)
    edit_themes.change(db, staff, Changes(parent=parent), LIN)
    view = themes.view(db, parent, NO_FILTERS)
    assert (view.is_parent, view.name_en, view.units) == (True, "服务", 12)
    run(db, EACH_ALONE, order=4)
    assert themes.view(db, staff, NO_FILTERS).parent_id == parent
    for unfit, code in ((price, "not_a_parent"), ("t_gone", None)):
        with pytest.raises(BadRequest if code else NotFound):
            edit_themes.change(db, staff, Changes(parent=unfit), LIN)
    edit_themes.change(db, staff, Changes(parent="none"), LIN)
    edit_themes.change(db, delivery, Changes(parent="none"), LIN)
    assert parent not in {one.id for one in themes.list_views(db, NO_FILTERS)}


def test_hidden_themes_are_flagged_and_counted(db: Database) -> None:
    delivery = theme(db, "delivery")
    edit_themes.change(db, delivery, Changes(new_parent=Name(en="Service")), LIN)
    parent = str(themes.view(db, delivery, NO_FILTERS).parent_id)
    edit_themes.change(db, parent, Changes(hidden=True), LIN)
    assert themes.view(db, delivery, NO_FILTERS).hidden, "with its parent"
    assert units.list_views(db, Filters(theme=delivery)).total == 6


def test_an_edit_whose_theme_is_not_there_waits(db: Database) -> None:
    delivery, staff = theme(db, "delivery"), theme(db, "staff")
    made = edit_themes.move(db, [unit("price", 0)], LIN, theme=None, new=Name(en="Made"))
    target = str(theme_of(db, "price", 0))
    edit_themes.change(db, target, Changes(name=Name(en="Made well")), LIN)
    edit_themes.undo(db, made, LIN)
    rename = edits.list_views(db).items[0]
    assert rename.idle
    edit_themes.redo(db, made, LIN)
    assert name(db, target) == "Made well"
    assert delivery
    assert staff


def test_what_is_not_there_is_told(db: Database) -> None:
    for ask, code in (
        (lambda: edit_themes.change(db, "t_x", Changes(pinned=True), LIN), "no_theme"),
        (lambda: edit_themes.change(db, "none", Changes(pinned=True), LIN), "no_theme"),
        (lambda: edit_themes.move(db, ["u_x"], LIN, theme="none"), "no_unit"),
        (lambda: edit_themes.undo(db, 7, LIN), "no_edit"),
        (lambda: edit_themes.move(db, [], LIN, theme="none"), "no_units_given"),
        (lambda: edit_themes.change(db, theme(db, "staff"), Changes(name=Name(en=" ")), LIN), "name_empty"),
        (lambda: edit_themes.change(db, theme(db, "staff"), Changes(name=Name(en="x" * 81)), LIN), "name_too_long"),
        (lambda: edit_split.split(db, theme(db, "staff"), LIN, parts=1), "bad_parts"),
    ):
        with pytest.raises((NotFound, BadRequest)) as caught:
            ask()
        assert caught.value.code == code


def test_undoing_twice_is_told(db: Database) -> None:
    (edit,) = edit_themes.change(db, theme(db, "staff"), Changes(pinned=True), LIN)
    with pytest.raises(Conflict, match="not_undone"):
        edit_themes.redo(db, edit, LIN)
    edit_themes.undo(db, edit, LIN)
    with pytest.raises(Conflict, match="already_undone"):
        edit_themes.undo(db, edit, LIN)


def test_a_unit_is_offered_the_themes_nearest_to_it(db: Database) -> None:
    near = nearest_themes(db, unit("price", 1))
    assert near[0][0] == theme(db, "price")
    assert [cosine for _, cosine in near] == sorted((cosine for _, cosine in near), reverse=True)


def test_an_edit_that_is_interrupted_changes_nothing(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state_of(db)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(themes, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        edit_themes.merge(db, [theme(db, "delivery")], theme(db, "staff"), LIN)
    monkeypatch.undo()
    assert state_of(db) == before
    assert edits.list_views(db).total == 0


def test_a_run_that_is_interrupted_keeps_edits_and_themes(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    edit_themes.change(db, theme(db, "delivery"), Changes(name=Name(en="Late parcels")), LIN)
    before = state_of(db)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(edits, "set_gone", killed)
    with pytest.raises(KeyboardInterrupt):
        run(db, {**EACH_ALONE, "delivery": -1})
    monkeypatch.undo()
    assert state_of(db) == before
    assert edits.kept(db) == ()


def test_a_project_of_before_edits_opens_with_what_its_run_found(tmp_path: Path) -> None:
    made = a_project()
    run(made, EACH_ALONE)
    known = state_of(made)
    path = tmp_path / "old.db"
    made.conn.execute("VACUUM INTO ?", (str(path),))
    old = sqlite3.connect(path)
    for table in ("theme_event_texts", "theme_events", "found_themes", "kept_texts", "kept_themes", "gone_themes"):
        old.execute(f"DROP TABLE {table}")
    old.execute("DROP INDEX units_by_placement")
    for table, columns in (
        ("themes", ("pinned", "hidden", "locked", "edits")),
        ("units", ("found_theme_id", "found_similarity", "first_run", "placed_by", "follows")),
    ):
        for column in columns:
            old.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    old.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_theme_edits'")
    old.commit()
    old.close()
    opened = projects.prepare_project(connect(path))
    assert state_of(opened) == known
    assert {one.id for one in found.themes(opened)} == {one.id for one in themes.all_records(opened)}
    edit = edit_themes.merge(opened, [theme(opened, "delivery")], theme(opened, "staff"), LIN)
    edit_themes.undo(opened, edit, LIN)
    assert state_of(opened) == known
    assert MODEL


def test_writes_of_an_edit_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "two.db"
    made = a_project()
    run(made, EACH_ALONE)
    made.conn.execute("VACUUM INTO ?", (str(path),))
    one, other = connect(path), connect(path)
    other.conn.execute("PRAGMA busy_timeout = 50")
    with write(one), pytest.raises(sqlite3.OperationalError):
        edit_themes.change(other, theme(one, "staff"), Changes(pinned=True), LIN)
    edit_themes.change(other, theme(one, "staff"), Changes(pinned=True), LIN)
    assert edits.live(one) == 1


def test_a_rejected_unit_comes_back_with_the_theme_it_was_moved_to(db: Database) -> None:
    delivery, staff = theme(db, "delivery"), theme(db, "staff")
    edit_themes.reject(db, [unit("delivery", 0)], LIN)
    edit_themes.move(db, [unit("delivery", 0)], LIN, theme=staff)
    edit_themes.merge(db, [staff], delivery, LIN)
    assert theme_of(db, "delivery", 0) == delivery
