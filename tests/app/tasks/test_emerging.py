"""Emerging themes: proposed when new feedback fits none, made a theme by a person, gone with the next full run."""

from pathlib import Path

import pytest
from sqlite_utils import Database
from starlette.testclient import TestClient

from app.errors import NotFound
from app.settings import Settings
from app.store import emerging, found, projects, themes, units
from app.store.filters import NO_FILTERS
from app.tasks import add_items, analyse_project, extend_project
from app.tasks.edit_themes import Editor, Name, undo
from app.tasks.emerging import accept
from pipelines.assign import reaches
from pipelines.records import Answer, SurveyResponse
from pipelines.settings import AnalysisSettings
from tests.app.factories import client_of

FIRST = (
    "物流太慢了，等了一周",
    "快递三天还没到",
    "delivery took far too long",
    "the courier was late again",
    "客服态度很好，回复很快",
    "客服耐心解答了问题",
    "support staff was friendly",
    "customer service answered politely",
    "价格有点贵",
    "性价比不高，太贵了",
    "too expensive for what it is",
    "the price is too high",
)
NEW = (
    "早餐的豆浆是馊的",
    "早餐太单一，天天白粥",
    "早餐七点半就没吃的了",
    "breakfast was cold and boring",
    "breakfast had no fruit at all",
    "早餐面包又干又硬",
    "breakfast eggs were cold",
)

PROBES = (
    "快递员打电话很客气",
    "the courier was rude on the phone",
    "送来的盒子压坏了",
    "客服电话打不通",
    "the hotline costs money",
    "退款等了很久",
    "the refund took two weeks",
    "发票开错了",
)


def responses(name: str, texts: tuple[str, ...]) -> list[SurveyResponse]:
    return [
        SurveyResponse(row=n, external_id=f"{name}{n}", answers=(Answer(question=None, text=text),))
        for n, text in enumerate(texts, start=1)
    ]


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(who="Mei", settings=Settings(data=tmp_path))


@pytest.fixture
def db(tmp_path: Path, editor: Editor) -> Database:
    """A project whose themes know nothing of breakfast, to which breakfast came."""
    projects.create(projects.open_system(tmp_path), tmp_path, slug="demo", name="Demo")
    db = projects.open_project(tmp_path, "demo")
    add_items(db, responses("a", FIRST * 2))
    analyse_project(db, settings=editor.settings)
    add_items(db, responses("b", NEW))
    extend_project(db, settings=editor.settings)
    return db


def test_what_fits_no_theme_and_is_alike_is_proposed(db: Database) -> None:
    (found,) = emerging.list_views(db)
    assert "早餐" in found.name_zh
    assert "reakfast" in found.name_en
    said = {unit.text for unit in found.units}
    assert len(said & set(NEW)) >= 5
    assert all(unit.theme_id is None for unit in found.units)
    assert found.fresh == len(found.units)
    before = found
    extend_project(db, settings=Settings())
    assert emerging.list_views(db) == (before,)


def test_a_person_makes_a_theme_of_it_and_takes_it_back(db: Database, editor: Editor) -> None:
    (found,) = emerging.list_views(db)
    edit = accept(db, found.id, editor, name=Name(zh="早餐"))
    assert emerging.list_views(db) == ()
    made = [theme for theme in themes.list_views(db, NO_FILTERS) if theme.name_zh == "早餐"]
    assert [theme.name_en for theme in made] == [found.name_en]
    assert made[0].units >= len(found.units)
    with pytest.raises(NotFound):
        accept(db, found.id, editor)
    undo(db, edit, editor)
    assert all(unit.theme_id is None for unit in units.by_ids(db, [unit.id for unit in found.units]))


def test_a_full_run_looks_for_itself(db: Database, editor: Editor) -> None:
    analyse_project(db, settings=editor.settings)
    assert emerging.list_views(db) == ()
    # What that run left over is not new any more.
    extend_project(db, settings=editor.settings)
    assert emerging.list_views(db) == ()


@pytest.fixture
def client(tmp_path: Path, db: Database) -> TestClient:
    db.close()
    return client_of(tmp_path)


def test_over_the_api(client: TestClient) -> None:
    listed = client.get("/api/v1/projects/demo/emerging").json()
    assert listed["total"] == 1
    proposal = listed["items"][0]
    assert proposal["verbatims"] == len({unit["verbatim_id"] for unit in proposal["units"]})
    made = client.post(f"/api/v1/projects/demo/emerging/{proposal['id']}/accept", json={"name": {"en": "Breakfast"}})
    assert made.status_code == 200, made.text
    edits = client.get("/api/v1/projects/demo/edits").json()["items"]
    assert edits[0]["id"] == made.json()["edit"]
    assert client.get("/api/v1/projects/demo/emerging").json()["total"] == 0
    again = client.post(f"/api/v1/projects/demo/emerging/{proposal['id']}/accept", json={})
    assert again.status_code == 404
    assert again.json()["error"]["code"] == "no_emerging"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_the_pages(client: TestClient, language: str) -> None:
    client.cookies.set("xinsheng_language", language)
    proposal = client.get("/api/v1/projects/demo/emerging").json()["items"][0]
    page = client.get("/p/demo/emerging").text
    for unit in proposal["units"]:
        assert unit["text"] in page
    for where in ("/p/demo", "/p/demo/themes/none"):
        assert "/p/demo/emerging" in client.get(where).text
    made = client.post(f"/p/demo/emerging/{proposal['id']}", data={"zh": "早餐", "en": "Breakfast"})
    assert made.status_code == 200
    assert "Breakfast" in made.text or "早餐" in made.text
    assert proposal["units"][0]["text"] not in client.get("/p/demo/emerging").text


def test_new_units_wait_beyond_the_reach_of_the_themes_own_units(tmp_path: Path) -> None:
    projects.create(projects.open_system(tmp_path), tmp_path, slug="reach", name="Reach")
    db = projects.open_project(tmp_path, "reach")
    add_items(db, responses("a", FIRST * 2))
    analyse_project(db, settings=Settings(data=tmp_path))
    reach = reaches(found.similarities(db), AnalysisSettings())
    old = set(found.first_seen(db))
    assert min(reach.values()) > AnalysisSettings().assign_similarity
    add_items(db, responses("b", PROBES))
    extend_project(db, settings=Settings(data=tmp_path))
    rows = db.conn.execute("SELECT id, found_theme_id, found_similarity, text FROM units").fetchall()
    new = [row for row in rows if row[0] not in old]
    assert all(near >= reach[theme] for _, theme, near, _ in new if theme)
    assert any(near >= AnalysisSettings().assign_similarity for _, theme, near, _ in new if not theme)
