"""What only a browser shows of the map and of changes: discs by keyboard, one drawing at a time, chosen days."""

import pytest

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser


def test_discs_are_reached_and_opened_by_keyboard(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/map")
    disc = page.locator(".map-wide a.disc").first
    disc.focus()
    assert "opinions" in (disc.get_attribute("aria-label") or "")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('disc')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/demo/themes/*")
    assert watched.complaints == []


@pytest.mark.parametrize("watched", [{"width": "1240"}, {"width": "360"}], indirect=True, ids=["wide", "narrow"])
def test_one_drawing_is_shown_and_fits(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/map")
    width = page.evaluate("innerWidth")
    shown = ".map-wide" if width > 780 else ".map-narrow"
    hidden = ".map-narrow" if width > 780 else ".map-wide"
    assert page.locator(shown).is_visible()
    assert not page.locator(hidden).is_visible()
    box = page.locator(f"{shown} svg").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("watched", [{"script": "off"}], indirect=True, ids=["no-scripts"])
def test_periods_are_chosen_without_scripts(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/changes")
    page.locator(".periods input[name=from]").fill("2026-02-01")
    page.locator(".periods input[name=to]").fill("2026-03-12")
    page.locator(".periods input[name=from_before]").fill("2026-01-01")
    page.locator(".periods input[name=to_before]").fill("2026-01-31")
    page.locator(".periods button").click()
    page.wait_for_url("**/changes?*from_before=2026-01-01*")
    assert "2026-02-01 – 2026-03-12 against 2026-01-01 – 2026-01-31" in page.locator(".page-line").inner_text()
    page.locator("table.changes a.number").first.click()
    assert "from=2026-01-01" in page.url


def test_paper_has_the_map_and_no_controls(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/map")
    page.emulate_media(media="print")
    assert page.locator(".map-wide svg").is_visible()
    page.goto("/p/demo/changes")
    assert not page.locator(".periods").is_visible()
    assert page.locator("table.changes").first.is_visible()


@pytest.mark.parametrize(
    "watched", [{"width": str(width)} for width in (800, 1000, 1100)], indirect=True, ids=["800", "1000", "1100"]
)
def test_nothing_scrolls_sideways_on_a_tablet(watched: Watched) -> None:
    for address in ("/p/demo/map", "/p/demo/changes", "/p/demo/themes"):
        watched.page.goto(address)
        wide = watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{address} scrolls sideways by {wide} px"
