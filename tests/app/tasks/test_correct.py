"""A person settles the sentiment of a unit: everything counted from it is right at once, and no run undoes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.errors import NotFound
from app.store import corrections, customers, projects, sources, themes, units, verbatims
from app.store.filters import NO_FILTERS, Filters
from app.store.views import UnitView
from app.tasks import analyse_project
from app.tasks.correct import correct_unit
from tests.app import factories
from tests.app.factories import DELIVERY, SHOP, STAFF


@pytest.fixture
def db() -> Iterator[Database]:
    made = projects.prepare_project(connect(":memory:"))
    factories.fill(made)
    with write(made):
        made.conn.execute("UPDATE uploads SET counts = json_set(counts, '$.answers_read', 13)")
    yield made
    made.close()


def unit_saying(db: Database, text: str) -> UnitView:
    return next(unit for unit in units.list_views(db, NO_FILTERS, limit=500).items if text in unit.text)


def test_unit_verbatim_theme_and_customer_follow_at_once(db: Database) -> None:
    unit = unit_saying(db, "物流太慢了")
    before = themes.view(db, DELIVERY, NO_FILTERS).sentiment
    assert verbatims.view(db, unit.verbatim_id).sentiment == "mixed"
    done = correct_unit(db, unit.id, sentiment="neutral", who="Li")
    assert (done.before, done.sentiment, done.kind, done.held, done.units) == (
        "negative", "neutral", "corrected", None, 1,
    )  # fmt: skip
    after = themes.view(db, DELIVERY, NO_FILTERS).sentiment
    assert (after.negative, after.neutral) == (before.negative - 1, before.neutral + 1)
    view = verbatims.view(db, unit.verbatim_id)
    assert view.sentiment == "positive"
    assert next((one.sentiment, one.decided, one.confidence) for one in view.units) == ("neutral", "corrected", 1.0)
    assert unit.id not in {one.id for one in units.list_views(db, Filters(sentiment="negative"), limit=500).items}


def test_the_type_of_the_customer_follows(db: Database) -> None:
    def types() -> dict[str | None, str | None]:
        return {one.external_id: one.type for one in customers.list_views(db, NO_FILTERS).items}

    found = {}
    for sentiment in ("negative", "positive"):
        for text in ("Arrived three days late", "Quick and friendly answers"):
            correct_unit(db, unit_saying(db, text).id, sentiment=sentiment)  # type: ignore[arg-type]
        found[sentiment] = types()
    assert found["negative"]["C004"] == "dissatisfied"
    assert found["positive"]["C004"] != "dissatisfied"
    assert {name: kind for name, kind in found["negative"].items() if name != "C004"} == {
        name: kind for name, kind in found["positive"].items() if name != "C004"
    }


def test_the_same_words_follow_everywhere(db: Database) -> None:
    first, second = (unit_saying(db, text) for text in ("Arrived three days late", "Too expensive"))
    with write(db):
        db.conn.execute(
            "UPDATE units SET shadow = 'same', vector_hash = (SELECT vector_hash FROM units WHERE id = ?) WHERE id = ?",
            (first.id, second.id),
        )
    done = correct_unit(db, first.id, sentiment="positive")
    assert done.units == 2
    assert {one.sentiment for one in units.by_ids(db, [first.id, second.id])} == {"positive"}
    assert {verbatims.view(db, one.verbatim_id).sentiment for one in (first, second)} == {"positive"}


def test_confirming_is_no_correction(db: Database) -> None:
    unit = unit_saying(db, "Arrived three days late")
    assert correct_unit(db, unit.id, sentiment="negative", sampled=True).kind == "confirmed"
    assert units.by_ids(db, [unit.id])[0].decided == "confirmed"
    assert corrections.counts(db) == corrections.DecisionCounts(corrected=0, confirmed=1, sampled=1)


def test_giving_back_restores_what_the_model_said(db: Database) -> None:
    unit = unit_saying(db, "客服很耐心")
    correct_unit(db, unit.id, sentiment="negative")
    done = correct_unit(db, unit.id, sentiment=None)
    assert (done.kind, done.sentiment, done.held) == ("taken_back", "positive", "negative")
    assert units.by_ids(db, [unit.id])[0] == unit
    assert corrections.counts(db).total == 0
    assert corrections.judged_texts(db) == ()


def test_what_a_person_said_before_undoes(db: Database) -> None:
    unit = unit_saying(db, "客服很耐心")
    correct_unit(db, unit.id, sentiment="neutral")
    done = correct_unit(db, unit.id, sentiment="negative")
    assert done.held == "neutral"
    correct_unit(db, unit.id, sentiment=done.held)
    assert units.by_ids(db, [unit.id])[0].sentiment == "neutral"


def test_no_run_overwrites_it(db: Database, tmp_path: Path) -> None:
    settings = factories.settings_for(tmp_path)
    analyse_project(db, settings=settings)
    unit = unit_saying(db, "物流太慢了")
    assert (unit.sentiment, unit.decided) == ("negative", None)
    correct_unit(db, unit.id, sentiment="positive")
    analyse_project(db, settings=settings)
    again = unit_saying(db, "物流太慢了")
    assert (again.sentiment, again.decided) == ("positive", "corrected")
    assert verbatims.view(db, unit.verbatim_id).sentiment == "positive"
    correct_unit(db, again.id, sentiment=None)
    assert unit_saying(db, "物流太慢了") == unit


def test_the_record_keeps_every_decision(db: Database) -> None:
    unit = unit_saying(db, "物流太慢了")
    for sentiment in ("positive", "neutral", None):
        correct_unit(db, unit.id, sentiment=sentiment, who="Li")  # type: ignore[arg-type]
    page = corrections.list_decisions(db, limit=2)
    assert (page.total, len(page.items)) == (3, 2)
    assert [(one.before, one.after, one.kind, one.holds) for one in page.items] == [
        ("neutral", None, "taken_back", False),
        ("positive", "neutral", "corrected", False),
    ]
    correct_unit(db, unit.id, sentiment="positive")
    newest = corrections.list_decisions(db).items[0]
    assert (newest.holds, newest.who, newest.text, newest.units) == (True, None, unit.text, 1)
    assert newest.at.endswith("+00:00")


def test_nothing_of_the_words_stays_once_their_source_is_gone(db: Database) -> None:
    unit = unit_saying(db, "物流太慢了")
    correct_unit(db, unit.id, sentiment="neutral")
    with write(db):
        sources.delete(db, SHOP.id)
    assert corrections.list_decisions(db).total == 0
    assert corrections.judged_texts(db) == ()
    stored = " ".join(str(row) for row in db.conn.execute("SELECT * FROM corrections").fetchall())
    assert "物流" not in stored


def test_a_unit_that_is_not_there_is_named(db: Database) -> None:
    with pytest.raises(NotFound) as caught:
        correct_unit(db, "u_none", sentiment="neutral")
    assert caught.value.code == "no_unit"
    assert corrections.list_decisions(db).total == 0


def test_the_sample_draws_each_text_once_and_leaves_out_what_is_decided(db: Database) -> None:
    drawn = corrections.sample(db, limit=100)
    assert len(drawn) == len(set(drawn)) == len(corrections.distinct_texts(db))
    correct_unit(db, drawn[0], sentiment="neutral", sampled=True)
    assert corrections.sample(db, limit=100) == drawn[1:]
    assert len(corrections.other_texts(db, limit=100)) == len(drawn) - 1
    assert unit_saying(db, "客服态度很好").theme_id == STAFF
