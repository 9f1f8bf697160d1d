"""A name that people gave to another theme since does not come back by undoing or redoing an edit."""

from collections.abc import Callable

import pytest
from sqlite_utils import Database

from app.errors import Conflict
from app.store import edits
from app.tasks import edit_themes
from app.tasks.edit_themes import Changes, Name
from tests.app.tasks.edit_factories import a_project, run
from tests.app.tasks.test_edits import EACH_ALONE, LIN, name, theme
from tests.app.tasks.test_edits_property import state_of


@pytest.fixture
def db() -> Database:
    made = a_project()
    run(made, EACH_ALONE)
    return made


def renamed(db: Database, theme_id: str, en: str) -> int:
    (edit,) = edit_themes.change(db, theme_id, Changes(name=Name(en=en)), LIN)
    return edit


def refused(db: Database, ask: Callable[[], None]) -> str:
    before = state_of(db)
    with pytest.raises(Conflict, match="name_taken_since") as caught:
        ask()
    assert state_of(db) == before
    return str(caught.value.values["name"])


def test_a_name_given_away_since_does_not_come_back_by_redoing(db: Database) -> None:
    staff, price = theme(db, "staff"), theme(db, "price")
    first = renamed(db, staff, "People")
    edit_themes.undo(db, first, LIN)
    second = renamed(db, price, "people")
    assert refused(db, lambda: edit_themes.redo(db, first, LIN)).casefold() == "people"
    assert edits.view(db, first).undone_at is not None
    edit_themes.undo(db, second, LIN)
    edit_themes.redo(db, first, LIN)
    assert name(db, staff) == "People"


def test_a_name_given_away_since_does_not_come_back_by_undoing_a_rename(db: Database) -> None:
    staff, price = theme(db, "staff"), theme(db, "price")
    renamed(db, staff, "People")
    later = renamed(db, staff, "Humans")
    renamed(db, price, "People")
    assert refused(db, lambda: edit_themes.undo(db, later, LIN)) == "People"
    assert (name(db, staff), name(db, price)) == ("Humans", "People")


def test_a_name_given_away_since_does_not_come_back_by_undoing_a_merge(db: Database) -> None:
    staff, price = theme(db, "staff"), theme(db, "price")
    renamed(db, staff, "People")
    merged = edit_themes.merge(db, [staff], theme(db, "delivery"), LIN)
    renamed(db, price, "People")
    assert refused(db, lambda: edit_themes.undo(db, merged, LIN)) == "People"


def test_a_name_that_a_run_gave_gives_way_when_a_rename_is_undone(db: Database) -> None:
    staff, price = theme(db, "staff"), theme(db, "price")
    found_name = name(db, staff)
    first = renamed(db, staff, "People")
    renamed(db, price, found_name)
    edit_themes.undo(db, first, LIN)
    assert name(db, price) == found_name
    assert name(db, staff) not in (found_name, "People")
