"""Pages say which names a language model proposed, what is sent to it and where to, and never the key."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.database import write
from app.main import create_app
from app.naming_told import naming_told
from app.pages.jobs import steps
from app.settings import Settings
from app.store import found, projects, proposed_names, themes
from app.store.proposed_names import NameInUse
from app.store.views import JobView
from tests.app import factories

KEY = "sk-not-for-pages"


def client(folder: Path, *, llm_url: str = "") -> TestClient:
    settings = Settings(data=folder, llm_url=llm_url, llm_model="small-1", llm_key=KEY)  # type: ignore[arg-type]
    made = TestClient(create_app(settings))
    made.headers["accept-language"] = "en"
    return made


def test_a_theme_says_who_proposed_its_name_and_what_it_was_called(tmp_path: Path) -> None:
    factories.filled_project(tmp_path)
    db = projects.open_project(tmp_path, "demo")
    with write(db):
        name = NameInUse(zh="送货拖延", en="Late parcels", model="small-1", prompt="p")
        proposed_names.replace_in_use(db, {factories.DELIVERY: name})
        themes.replace(db, found.themes(db), run=1)
    db.close()
    page = client(tmp_path).get(f"/p/demo/themes/{factories.DELIVERY}").text
    assert "Late parcels" in page
    assert "Name proposed by small-1; made offline: Slow delivery" in page
    other = client(tmp_path).get(f"/p/demo/themes/{factories.PRICE}").text
    assert "proposed by" not in other


def test_settings_say_what_is_sent_and_where_to(tmp_path: Path) -> None:
    factories.filled_project(tmp_path)
    page = client(tmp_path, llm_url="https://llm.example:8443/v1?token=abc").get("/p/demo/settings").text
    assert "<code>https://llm.example:8443/v1</code>" in page
    assert "token=abc" not in page
    assert "three to five opinion units" in page
    assert "small-1" in page
    assert KEY not in page
    assert "nothing is sent" in client(tmp_path).get("/p/demo/settings").text


@pytest.mark.parametrize("stage", ["propose", "insight"])
def test_asking_comes_before_counting(stage: str) -> None:
    job = JobView(
        id=1, project="demo", kind="analyse", state="running", stage=stage, done=1, total=9, result=None, error=None,
        attempts=1, created_at="2026-01-01T00:00:00+00:00", started_at=None, finished_at=None,
    )  # fmt: skip
    assert [name for name, _ in steps(job)][-1] == "insight"
    assert ("propose", "now") in steps(job) or stage == "insight"
    assert dict(steps(job))["score"] == "done"


def test_nothing_is_told_where_nobody_was_asked() -> None:
    nothing = {"model": None, "asked": 0, "taken": 0}
    assert naming_told(None, "en") == naming_told({}, "zh") == naming_told(nothing, "en") == ()
