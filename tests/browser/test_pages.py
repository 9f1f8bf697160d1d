import pytest

from tests.app.factories import DELIVERY, SAID, SHOP
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

PAGES = (
    "/projects", "/p/demo", "/p/demo/themes", f"/p/demo/themes/{DELIVERY}", "/p/demo/themes/none", "/p/demo/verbatims",
    "/p/demo/map", "/p/demo/changes", "/p/demo/corrections",
    "/p/demo/verbatims?q=退款", "/p/demo/customers", "/p/demo/sources", f"/p/demo/sources/{SHOP.id}", "/p/demo/jobs",
    "/p/demo/settings", "/p/demo/upload",
)  # fmt: skip
READERS = [
    {"width": width, "locale": locale, "look": look}
    for width, locale, look in (
        ("1240", "en-GB", "light"),
        ("1240", "zh-CN", "dark"),
        ("360", "en-GB", "dark"),
        ("360", "zh-CN", "light"),
    )
]
FILE = "编号,评论内容,评分\n" + "\n".join(f"{n},第{n}台机器用了两周就漏水，很失望,{n % 5 + 1}" for n in range(30))


@pytest.mark.parametrize("watched", READERS, indirect=True, ids=lambda reader: "-".join(reader.values()))
def test_pages_fit_and_ask_nobody_else(watched: Watched, house: str) -> None:
    for address in PAGES:
        watched.page.goto(address, wait_until="networkidle")
        wide = watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{address} scrolls sideways by {wide} px"
    assert {url for url in watched.requests if not url.startswith((house, "data:"))} == set()
    assert watched.complaints == []


def test_charts_are_drawn_without_eval(watched: Watched) -> None:
    watched.page.goto(f"/p/demo/themes/{DELIVERY}", wait_until="networkidle")
    places = watched.page.locator("[data-chart]")
    assert places.count() >= 4
    for at in range(places.count()):
        assert places.nth(at).locator("svg").count() == 1
    assert watched.complaints == []


def test_a_mark_of_a_chart_opens_what_it_counts(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo", wait_until="networkidle")
    page.locator('[data-chart="score_distribution"] path[aria-roledescription="bar"]').last.click()
    page.wait_for_url("**/verbatims?scale=stars&score=5")
    told = page.locator(".list-count").inner_text()
    assert told.startswith(f"{sum(said.score == 5 for said in SAID)} verbatims")


@pytest.mark.parametrize("watched", [{"script": "off"}], indirect=True, ids=["no-scripts"])
def test_without_scripts_everything_is_there(watched: Watched) -> None:
    watched.page.goto("/p/demo", wait_until="networkidle")
    assert watched.page.locator("figure noscript img, figure img").count() >= 1
    watched.page.locator("select[name=language]").select_option("en")
    watched.page.locator(".filters-apply").click()
    assert "language=en" in watched.page.url


def test_the_keyboard_reaches_everything(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/themes")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.locator("tbody .row-name").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className") == "row-name"
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/demo/themes/*")


def test_choosing_a_filter_is_enough(watched: Watched) -> None:
    watched.page.goto("/p/demo/verbatims")
    watched.page.locator("select[name=sentiment]").select_option("negative")
    watched.page.wait_for_url("**/verbatims?sentiment=negative")
    assert watched.page.locator(".span-meant.span-negative").count() > 0
    assert watched.page.locator(".span-meant.span-positive").count() == 0


@pytest.mark.parametrize("watched", [{"look": "dark"}], indirect=True, ids=["dark"])
def test_the_look_switch_turns_and_stays(watched: Watched) -> None:
    page = watched.page
    ground = "getComputedStyle(document.body).backgroundColor"
    page.goto("/p/demo")
    dark = page.evaluate(ground)
    page.locator("[data-look-form] button").click()
    light = page.evaluate(ground)
    assert light != dark
    page.reload()
    assert page.evaluate(ground) == light


def test_paper_is_always_light(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo")
    page.locator("[data-look-form] button").click()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".top").is_visible()


def test_the_language_switch_keeps_the_page(watched: Watched) -> None:
    watched.page.goto(f"/p/demo/themes/{DELIVERY}?language=en")
    watched.page.locator("[data-language]").click()
    assert watched.page.locator("html").get_attribute("lang") == "zh-Hans"
    assert "language=en" in watched.page.url


def test_a_dropped_file_is_corrected_and_read(watched: Watched) -> None:
    page = watched.page
    page.goto("/p/demo/upload")
    page.locator("input[type=file]").set_input_files(
        {"name": "评价.csv", "mimeType": "text/csv", "buffer": FILE.encode("gb18030")}
    )
    page.wait_for_url("**/upload/check?**")
    assert page.get_by_text("很失望").count() > 0
    roles = page.locator("select[data-preview]")
    text = next(roles.nth(at) for at in range(roles.count()) if roles.nth(at).input_value() == "text")
    text.select_option("none")
    page.locator('[role="alert"]').wait_for()
    page.locator('select[data-preview][name$=":1"]').select_option("text")
    page.locator('[role="alert"]').wait_for(state="detached")
    page.locator("button[value=read]").click()
    page.wait_for_url("**/jobs/*")
    assert page.locator(".step").count() >= 3
    assert watched.complaints == []
