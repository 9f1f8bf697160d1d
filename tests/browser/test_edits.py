"""Changing themes in a browser: without scripts, by keyboard, at phone width."""

import pytest

from tests.app.factories import DELIVERY, STAFF
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

PAGES = (
    f"themes/{DELIVERY}",
    f"themes/{DELIVERY}/units",
    "themes/none/units",
    f"themes/{DELIVERY}/split?parts=3",
    "edits",
)
READERS = [
    {"width": width, "locale": locale, "look": look}
    for width, locale, look in (("1240", "en-GB", "dark"), ("360", "zh-CN", "light"))
]


@pytest.mark.parametrize("watched", READERS, indirect=True, ids=lambda reader: "-".join(reader.values()))
def test_pages_that_change_themes_fit_and_ask_nobody_else(watched: Watched, house: str) -> None:
    page = watched.page
    unit = page.request.get(f"/api/v1/projects/demo/themes/{STAFF}/units").json()["items"][0]["id"]
    for address in (*PAGES, f"units/{unit}"):
        page.goto(f"/p/demo/{address}", wait_until="networkidle")
        for summary in page.locator(".edit-menu > summary").all():
            summary.click()
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide == 0, f"{address} scrolls sideways by {wide} px"
            summary.click()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{address} scrolls sideways by {wide} px"
    assert {url for url in watched.requests if not url.startswith((house, "data:"))} == set()
    assert watched.complaints == []


@pytest.mark.parametrize("watched", [{"script": "off"}], indirect=True, ids=["no-scripts"])
def test_without_scripts_a_theme_is_renamed_and_the_rename_undone(watched: Watched) -> None:
    page = watched.page
    page.goto(f"/p/demo/themes/{STAFF}")
    page.locator(".edit-menu > summary").first.click()
    page.locator(".edit-panel input[name=en]").first.fill("Kind staff")
    page.locator(".edit-panel button").first.click()
    assert page.locator("h1").inner_text().startswith("Kind staff")
    page.locator(".edited button").click()
    assert page.locator("h1").inner_text().startswith("Friendly staff")


def test_units_are_ticked_and_moved_by_keyboard(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/themes/none/units")
    before = page.locator(".sort-unit input").count()
    page.locator(".sort-unit input").first.focus()
    page.keyboard.press("Space")
    page.locator("select[name=theme]").focus()
    page.locator("select[name=theme]").select_option(STAFF)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**edit=*")
    assert page.locator(".sort-unit input").count() == before - 1
    page.locator(".edited button").click()
    assert page.locator(".sort-unit input").count() == before
