"""Few opinions are said to be few, wherever a number about them stands."""

from pathlib import Path

import pytest

from app import measures
from app.store import projects
from tests.app.factories import DELIVERY, SAID, add_project, filled_client

UNITS = sum(len(said.parts) for said in SAID)


@pytest.mark.parametrize("page", ["", "/themes", f"/themes/{DELIVERY}"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Themes are tentative: {} opinions"), ("zh", "主题尚不确定：{}个观点")]
)
def test_pages_say_how_few_there_are(tmp_path: Path, page: str, language: str, words: str) -> None:
    html = filled_client(tmp_path).get(f"/p/demo{page}?lang={language}").text
    assert words.format(UNITS) in html
    assert "–" in html.split('class="interval"', 1)[1][:60] or "95" in html


def test_the_report_says_it_in_both_languages(tmp_path: Path) -> None:
    html = filled_client(tmp_path).get("/api/v1/projects/demo/export?format=html").text
    assert f"Themes are tentative: {UNITS} opinions" in html
    assert f"主题尚不确定：{UNITS}个观点" in html


def test_filters_do_not_make_few_of_many(tmp_path: Path) -> None:
    """What is tentative is the project's themes, not a look at a part of them."""
    html = filled_client(tmp_path).get("/p/demo?language=mixed&lang=en").text
    assert f"Themes are tentative: {UNITS} opinions" in html


def test_many_are_not_few_and_none_are_not_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_project(tmp_path)
    db = projects.open_project(tmp_path, "demo")
    assert measures.few_units(db) is None
    db.close()
    monkeypatch.setattr(measures, "SMALL", UNITS - 1)
    assert "tentative:" not in filled_client(tmp_path / "filled").get("/p/demo?lang=en").text


def test_few_points_make_no_trend(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    spec = client.get(f"/api/v1/projects/demo/themes/{DELIVERY}/charts/trend?lang=en").json()
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["bar"], "counts, but no line through them"
    assert "Too few" in spec["usermeta"]["note"]
    assert "spark-line" not in client.get("/p/demo?lang=en").text
    assert "Too few" in client.get(f"/p/demo/themes/{DELIVERY}?lang=en").text


def test_few_units_are_not_compared(tmp_path: Path) -> None:
    assert "pts" not in filled_client(tmp_path).get("/p/demo?lang=en").text
