import pytest

from tests.app.factories import DELIVERY
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser


def test_one_text_after_another_without_the_page_jumping(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/corrections", wait_until="networkidle")
    page.evaluate("window.here = true")
    first = page.locator(".judge li p").first.inner_text()
    page.locator(".judge li").first.locator("button[value=negative]").click()
    page.wait_for_function("was => document.querySelector('.judge li p').innerText !== was", arg=first)
    assert page.evaluate("window.here"), "the page was not loaded anew"
    assert page.url.endswith("/p/demo/corrections")
    assert page.locator(".corrected").is_visible()
    assert page.evaluate("document.activeElement.closest('.judge') !== null"), "the next answer is one key away"
    page.locator(".corrected button").click()
    page.wait_for_function("was => document.querySelector('.judge li p').innerText === was", arg=first)
    assert watched.complaints == []


def test_a_unit_is_corrected_where_it_is_read(watched: Watched) -> None:
    page = watched.page
    page.goto(f"/p/demo/themes/{DELIVERY}?view=all", wait_until="networkidle")
    before = page.locator(".correct").count()
    article = page.locator("article", has=page.locator(".correct")).first
    name = article.get_attribute("id")
    article.locator(".correct > summary").click()
    article.locator("button[value=neutral]").click()
    page.wait_for_url(f"**#{name}")
    there = page.locator(f"#{name}")
    assert there.locator(".correct > summary").inner_text().startswith("·")
    assert there.is_visible()
    page.locator(".corrected button").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".correct").count() == before
    assert watched.complaints == []


@pytest.mark.parametrize("watched", [{"width": "390", "locale": "zh-CN", "look": "dark"}], indirect=True)
def test_the_menu_stays_on_a_narrow_screen(watched: Watched) -> None:
    page = watched.page
    page.goto(f"/p/demo/themes/{DELIVERY}?view=all", wait_until="networkidle")
    for at in range(page.locator(".correct").count()):
        one = page.locator(".correct").nth(at)
        one.locator("summary").click()
        box = one.locator(".menu-panel").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        one.locator("summary").click()
