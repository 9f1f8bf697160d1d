"""What holds for every chart, and what each of them counts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.charts import Chart, all_charts, chart_named, for_page, is_empty, to_svg
from app.charts.look import COLOURS, inline
from app.locale import LANGUAGES
from app.store import counts, projects
from app.store.filters import NO_FILTERS, Filters
from tests.app.factories import DELIVERY, add_project, filled_project

STATIC = Path(__file__).parents[3] / "app" / "static"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("charts")
    filled_project(folder)
    found = projects.open_project(folder, "demo")
    yield found
    found.close()


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.name)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", [None, DELIVERY])
def test_every_chart_draws(db: Database, chart: Chart, language: str, theme: str | None) -> None:
    spec = chart.spec(db, theme, NO_FILTERS, "zh" if language == "zh" else "en")
    assert set(chart.title) == set(chart.note) == set(LANGUAGES)
    assert not is_empty(spec)
    assert "datasets" not in spec
    assert to_svg({**spec, "width": 300}).startswith("<svg")


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.name)
def test_no_data_is_empty_and_no_error(tmp_path: Path, chart: Chart) -> None:
    add_project(tmp_path)
    empty = projects.open_project(tmp_path, "demo")
    assert is_empty(chart.spec(empty, None, NO_FILTERS, "en"))
    assert is_empty(chart.spec(empty, "none", Filters(language="zh"), "en"))
    empty.close()


def test_names_and_places_are_clear() -> None:
    names = [chart.name for chart in all_charts()]
    assert len(set(names)) == len(names) >= 5
    assert [chart.order for chart in all_charts()] == sorted(chart.order for chart in all_charts())
    assert chart_named("trend") is all_charts()[0]
    assert chart_named("none") is None


def test_charts_count_what_the_store_counts(db: Database) -> None:
    wanted = Filters(theme=DELIVERY)
    dated = sum(found.total for _, found in counts.by_day(db, wanted))

    def total(name: str, field: str) -> float:
        chart = chart_named(name)
        assert chart is not None
        spec = chart.spec(db, DELIVERY, NO_FILTERS, "en")
        return sum(row[field] for row in spec["data"]["values"])

    assert total("trend", "units") == dated
    assert total("sentiment", "n") == dated
    assert total("sources", "n") == counts.totals(db, wanted).units
    assert total("score_distribution", "responses") == len(counts.response_scores(db, wanted))


def test_filters_reach_the_charts(db: Database) -> None:
    for chart in all_charts():
        assert is_empty(chart.spec(db, None, Filters(since="2031-01-01"), "en")), chart.name


@pytest.mark.parametrize("name", COLOURS)
def test_charts_and_pages_have_the_same_colours(name: str) -> None:
    light = (STATIC / "tokens.css").read_text("utf-8")
    assert re.search(rf"--{name}: {COLOURS[name]};", light)
    assert f"--{name}:" in (STATIC / "dark.css").read_text("utf-8"), "and a dark value"


def test_in_a_page_colours_are_the_pages_own() -> None:
    assert for_page({"mark": {"color": COLOURS["accent"]}})["mark"] == {"color": "var(--accent)"}


def test_inline_puts_data_where_it_is_used() -> None:
    spec = {"layer": [{"data": {"name": "d"}}], "datasets": {"d": [{"a": 1}]}}
    assert inline(spec) == {"layer": [{"data": {"values": [{"a": 1}]}}]}
