"""A project's codebook through runs, between runs, and under what people change by hand."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from app.errors import BadRequest, NotFound
from app.settings import Settings
from app.store import codebook as store
from app.store import projects, themes
from app.store.filters import NO_FILTERS
from app.store.views import ThemeView
from app.tasks import add_items, analyse_project, extend_project
from app.tasks.codebook import adopt, all_as_codebook, delete_entry, in_force, put_codebook, put_entry
from app.tasks.edit_themes import Changes, Editor, Name, change, merge
from pipelines.codebook_entries import make_entry
from pipelines.records import Answer, SurveyResponse
from tests.app.factories import filled_project, settings_for

SAID = (
    "物流太慢了，等了一周", "快递三天还没到", "delivery took far too long", "the courier was late again",
    "发货很慢", "shipping is slow", "客服态度很好，回复很快", "客服耐心解答了问题", "support staff was friendly",
    "customer service answered politely", "价格有点贵", "性价比不高，太贵了", "too expensive for what it is",
    "the price is too high",
)  # fmt: skip
DELIVERY = make_entry(
    name_zh="物流", name_en="Delivery", examples=["物流太慢", "快递没到", "slow delivery", "late courier"]
)
PRIVACY = make_entry(name_zh="隐私", name_en="Privacy", examples=["个人信息被泄露", "my data was leaked"])


def said(*texts: str, first: int = 0) -> list[SurveyResponse]:
    return [
        SurveyResponse(row=number, external_id=f"r{number}", answers=(Answer(question=None, text=text),))
        for number, text in enumerate(texts, start=first)
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    projects.create(projects.open_system(tmp_path), tmp_path, slug="demo", name="Demo")
    db = projects.open_project(tmp_path, "demo")
    add_items(db, said(*SAID))
    return db


def views(db: Database) -> dict[str, ThemeView]:
    return {view.id: view for view in themes.list_views(db, NO_FILTERS)}


def test_a_codebook_is_in_force_from_the_next_full_run(db: Database, settings: Settings) -> None:
    assert in_force(db)
    put_codebook(db, (DELIVERY, PRIVACY))
    assert not in_force(db)
    analyse_project(db, settings=settings)
    assert in_force(db)
    assert views(db)[DELIVERY.theme].units >= 4
    assert views(db)[PRIVACY.theme].units == 0
    put_codebook(db, (DELIVERY,))
    assert not in_force(db)
    add_items(db, said("快递又晚了两天", first=100))
    extend_project(db, settings=settings)
    assert not in_force(db), "new verbatims alone do not bring a changed codebook into force"


def test_new_verbatims_join_defined_themes_empty_ones_too(db: Database, settings: Settings) -> None:
    put_codebook(db, (DELIVERY, PRIVACY))
    analyse_project(db, settings=settings)
    before = views(db)[DELIVERY.theme].units
    add_items(db, said("我的个人信息被泄露了", "the delivery is slow", first=100))
    extend_project(db, settings=settings)
    assert views(db)[PRIVACY.theme].units == 1
    assert views(db)[DELIVERY.theme].units == before + 1


def test_what_people_change_by_hand_wins_and_empty_themes_stay(db: Database, settings: Settings) -> None:
    put_codebook(db, (DELIVERY, PRIVACY))
    analyse_project(db, settings=settings)
    editor = Editor(who="Mei", settings=settings)
    change(db, DELIVERY.theme, Changes(name=Name(zh="配送时效", en="Delivery time")), editor)
    assert views(db)[DELIVERY.theme].name_zh == "配送时效"
    assert PRIVACY.theme in views(db), "an edit elsewhere does not sweep an empty defined theme away"
    analyse_project(db, settings=settings)
    assert views(db)[DELIVERY.theme].name_zh == "配送时效"
    assert views(db)[DELIVERY.theme].status == "defined"
    assert PRIVACY.theme in views(db)
    other = next(view.id for view in views(db).values() if view.status == "found" and view.units)
    merge(db, [other], DELIVERY.theme, editor)
    units = views(db)[DELIVERY.theme].units
    analyse_project(db, settings=settings)
    assert views(db)[DELIVERY.theme].units == units
    assert other not in views(db)


def test_an_adopted_theme_keeps_its_id_through_runs(db: Database, settings: Settings) -> None:
    analyse_project(db, settings=settings)
    found = max(views(db).values(), key=lambda view: (not view.is_parent, view.units))
    entry = adopt(db, found.id)
    assert entry.examples
    assert views(db)[found.id].status == "defined"
    with pytest.raises(BadRequest):
        adopt(db, found.id)
    analyse_project(db, settings=settings)
    after = views(db)[found.id]
    assert (after.status, after.name_zh, after.name_en) == ("defined", found.name_zh, found.name_en)
    assert after.units >= 0.8 * found.units
    put_entry(db, make_entry(name_zh="新名字", examples=entry.examples), instead_of=entry.guid)
    analyse_project(db, settings=settings)
    assert views(db)[found.id].name_zh == "新名字"
    delete_entry(db, entry.guid)
    analyse_project(db, settings=settings)
    assert not store.all_entries(db)
    assert all(view.status == "found" for view in views(db).values())


def test_entries_that_are_not_there_are_refused(db: Database) -> None:
    with pytest.raises(NotFound):
        delete_entry(db, PRIVACY.guid)
    with pytest.raises(NotFound):
        put_entry(db, PRIVACY, instead_of=DELIVERY.guid)
    put_entry(db, PRIVACY)
    with pytest.raises(BadRequest):
        put_entry(db, PRIVACY)
    with pytest.raises(BadRequest):
        put_entry(db, make_entry(description="nameless"))


def test_all_themes_are_counted_once_for_a_codebook(tmp_path: Path) -> None:
    filled_project(tmp_path)
    db = projects.open_project(settings_for(tmp_path).data, "demo")
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    assert len(all_as_codebook(db)) >= 4
    db.conn.set_trace_callback(None)
    db.close()
    assert sum("WITH said AS" in one for one in asked) == 1
