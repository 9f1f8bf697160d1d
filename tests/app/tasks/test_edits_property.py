"""Edits are law: random edits, undos and runs over changing data, after which nothing is lost and all adds up."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.database import write
from app.errors import Conflict, XinshengError
from app.store import counts, edits, themes
from app.store.filters import NO_FILTERS
from app.tasks import edit_split, edit_themes
from app.tasks.edit_replay import replay_now
from app.tasks.edit_themes import Changes, Editor, Name
from pipelines.records import ThemeEdit
from tests.app.tasks.edit_factories import SETTINGS, TOPICS, a_project, add_texts, run

LIN = Editor(who="Lin", settings=SETTINGS)
LABELS = st.fixed_dictionaries({topic: st.integers(-1, 5) for topic in TOPICS})
PARENTS = st.dictionaries(st.integers(0, 5), st.integers(0, 1))


def state_of(db: Any) -> tuple[Any, ...]:
    """Return all that a reader of themes can see, but for when each was seen first."""
    columns = (
        "id, parent_id, name_zh, name_en, keywords, exemplars, centroid, tentative, status, pinned, hidden, locked"
    )
    return (
        db.conn.execute(f"SELECT {columns}, impact, trend FROM themes ORDER BY id").fetchall(),
        db.conn.execute("SELECT id, theme_id, similarity, placed_by, follows FROM units ORDER BY id").fetchall(),
    )


class EditedProject(RuleBasedStateMachine):
    """Two projects with the same runs: one is edited, the other never."""

    def __init__(self) -> None:
        super().__init__()
        self.db = a_project()
        self.untouched = a_project()
        self.texts = 6

    @initialize(together=LABELS, parents=PARENTS)
    def first_run(self, together: dict[str, int], parents: dict[int, int]) -> None:
        self._run({**together, "delivery": 0, "staff": 1, "price": 2}, parents, order=0)

    @rule(together=LABELS, parents=PARENTS, more=st.integers(0, 2), order=st.integers(0, 9))
    def run_again(self, together: dict[str, int], parents: dict[int, int], more: int, order: int) -> None:
        for db in (self.db, self.untouched):
            add_texts(db, more, start=self.texts, order=order)
        self.texts += more
        self._run(together, parents, order=order)

    @rule(data=st.data(), number=st.integers(0, 999))
    def rename(self, data: st.DataObject, number: int) -> None:
        self._try(Changes(name=Name(zh=f"名字{number}", en=f"Name {number}")), data)

    @rule(data=st.data(), on=st.booleans(), mark=st.sampled_from(("pinned", "hidden", "locked")))
    def mark(self, data: st.DataObject, on: bool, mark: str) -> None:
        changes = {"pinned": Changes(pinned=on), "hidden": Changes(hidden=on), "locked": Changes(locked=on)}
        self._try(changes[mark], data)

    @rule(data=st.data(), number=st.integers(0, 999), fresh=st.booleans())
    def put_under(self, data: st.DataObject, number: int, fresh: bool) -> None:
        parents = sorted(theme.id for theme in self._themes() if theme.is_parent)
        if fresh or not parents:
            self._try(Changes(new_parent=Name(en=f"Group {number}")), data)
        else:
            self._try(Changes(parent=data.draw(st.sampled_from([*parents, "none"]))), data)

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        ids = self._ids()
        if len(ids) >= 2:
            one, other = data.draw(st.permutations(ids))[:2]
            self._allowed(lambda: edit_themes.merge(self.db, [one], other, LIN))

    @rule(data=st.data(), number=st.integers(0, 999))
    def move(self, data: st.DataObject, number: int) -> None:
        moved = data.draw(st.lists(st.sampled_from(self._units()), min_size=1, max_size=5, unique=True))
        where = data.draw(st.sampled_from([*self._ids(), "none", "new"]))
        new = Name(en=f"Made {number}") if where == "new" else None
        self._allowed(lambda: edit_themes.move(self.db, moved, LIN, theme=where, new=new))

    @rule(data=st.data())
    def reject(self, data: st.DataObject) -> None:
        unit = data.draw(st.sampled_from(self._units()))
        self._allowed(lambda: edit_themes.reject(self.db, [unit], LIN))

    @rule(data=st.data(), parts=st.integers(2, 3))
    def split(self, data: st.DataObject, parts: int) -> None:
        ids = self._ids()
        if ids:
            theme = data.draw(st.sampled_from(ids))
            self._allowed(lambda: edit_split.split(self.db, theme, LIN, parts=parts))

    @rule(data=st.data())
    def undo_or_redo(self, data: st.DataObject) -> None:
        known = edits.records(self.db)
        if known:
            edit = data.draw(st.sampled_from(known))
            before = state_of(self.db)
            try:
                (edit_themes.redo if edit.undone else edit_themes.undo)(self.db, edit.id, LIN)
            except Conflict:
                assert state_of(self.db) == before, "a name has been given away since: refused, and nothing half done"
                return
            self._put(edit.id, undone=edit.undone)
            assert state_of(self.db) == before, "back and forth changes nothing"
            self._put(edit.id, undone=not edit.undone)

    @invariant()
    def every_number_adds_up(self) -> None:
        views = self._themes()
        leaves = {theme.id: theme for theme in views if not theme.is_parent}
        totals = counts.totals(self.db, NO_FILTERS)
        assert totals.units == 6 * self.texts
        assert sum(theme.units for theme in leaves.values()) + totals.unthemed == totals.units
        for parent in views:
            if parent.is_parent:
                children = [theme for theme in leaves.values() if theme.parent_id == parent.id]
                assert parent.units == sum(theme.units for theme in children)
                assert parent.parent_id is None
        places = {row[0] for row in self.db.conn.execute("SELECT DISTINCT theme_id FROM units") if row[0] is not None}
        assert places <= set(leaves), "every unit is in a theme that is there, and in no parent"
        assert {theme.parent_id for theme in views} <= {None, *(theme.id for theme in views)}

    @invariant()
    def what_people_said_holds(self) -> None:
        views = {theme.id: theme for theme in self._themes()}
        live = [edit for edit in edits.records(self.db) if not edit.undone]
        idle = {view.id for view in edits.list_views(self.db, limit=10_000).items if view.idle}
        working = [edit for edit in live if edit.id not in idle]
        for edit in working:
            if edit.kind in ("rename", "pin", "hide", "lock") and edit is _last(working, edit):
                theme = views.get(edit.theme_ids[0])
                if theme is None:
                    assert edits.gone(self.db, edit.theme_ids[0]) is not None, "gone only by people's hands"
                elif edit.kind == "rename":
                    assert theme.name_en == edit.name_en
                else:
                    flag = {"pin": "pinned", "hide": "hidden", "lock": "locked"}[edit.kind]
                    assert getattr(theme, flag) or not edit.on
        place = dict(self.db.conn.execute("SELECT vector_hash, theme_id FROM units").fetchall())
        for edit in working:
            for text in edit.texts if edit.kind in ("move", "reject") else ():
                later = [one for one in working if one.id > edit.id and _speaks_of(one, text)]
                if edit.kind == "move" and not later and text in place:
                    assert place[text] in _ends(self.db, edit.into), "moved stays moved"
                if edit.kind == "reject" and not [one for one in later if one.kind != "reject"]:
                    assert place.get(text) != edit.theme_ids[0], "rejected never comes back"

    def teardown(self) -> None:
        before = state_of(self.db)
        made = [edit for edit in edits.records(self.db) if not edit.undone]
        for edit in made:
            self._put(edit.id, undone=True)
        assert state_of(self.db) == state_of(self.untouched), "without edits it is as if there had never been any"
        for edit in made:
            self._put(edit.id, undone=False)
        assert state_of(self.db) == before

    def _put(self, edit: int, *, undone: bool) -> None:
        """Undo or redo an edit whatever two themes are called on the way: people are refused that, the law is not."""
        with write(self.db):
            edits.set_undone(self.db, edit, who="Lin") if undone else edits.set_redone(self.db, edit)
            replay_now(self.db, settings=SETTINGS)

    def _run(self, together: dict[str, int], parents: dict[int, int], *, order: int) -> None:
        run(self.db, together, parents=parents, order=order)
        run(self.untouched, together, parents=parents, order=order + 1)

    def _themes(self) -> tuple[Any, ...]:
        return themes.list_views(self.db, NO_FILTERS)

    def _ids(self) -> list[str]:
        return sorted(theme.id for theme in self._themes())

    def _units(self) -> list[str]:
        return [row[0] for row in self.db.conn.execute("SELECT id FROM units ORDER BY id")]

    def _try(self, changes: Changes, data: st.DataObject) -> None:
        ids = self._ids()
        if ids:
            theme = data.draw(st.sampled_from(ids))
            self._allowed(lambda: edit_themes.change(self.db, theme, changes, LIN))

    def _allowed(self, edit: Any) -> None:
        """Make an edit; one that is refused in words changes nothing."""
        before = state_of(self.db)
        try:
            edit()
        except XinshengError:
            assert state_of(self.db) == before


def _last(working: list[ThemeEdit], edit: ThemeEdit) -> ThemeEdit:
    same = [one for one in working if one.kind == edit.kind and one.theme_ids == edit.theme_ids]
    return same[-1]


def _speaks_of(edit: ThemeEdit, text: bytes) -> bool:
    return (text in edit.texts and edit.kind in ("move", "reject")) or any(
        part.chosen and text in part.texts for part in edit.parts
    )


def _ends(db: Any, theme_id: str | None) -> set[str | None]:
    gone = edits.gone(db, theme_id) if theme_id is not None else None
    return {theme_id} if gone is None else set(gone)


TestEditedProject = EditedProject.TestCase
TestEditedProject.settings = settings(
    max_examples=30,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Making a failing history smaller takes minutes; `test_long_histories` does it.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


@pytest.mark.slow
def test_long_histories() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        EditedProject,
        settings=settings(
            max_examples=80, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
