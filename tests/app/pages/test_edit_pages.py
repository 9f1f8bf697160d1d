"""Changing themes on the pages: plain forms, the way back, what is shown of who did what."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.locale import LANGUAGES
from tests.app.factories import DELIVERY, PRICE, SERVICE, STAFF, filled_client

HTML = {"accept": "text/html"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with filled_client(tmp_path) as filled:
        filled.headers["accept"] = "text/html"
        yield filled


def a_unit(client: TestClient, theme: str = DELIVERY) -> str:
    return str(client.get(f"/api/v1/projects/demo/themes/{theme}/units").json()["items"][0]["id"])


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def test_a_rename_is_told_with_its_undo_and_signed(client: TestClient) -> None:
    client.post("/who", data={"who": "Lin 林", "back": "/p/demo"})
    page = client.post(
        f"/p/demo/themes/{DELIVERY}/name",
        data={"zh": "到得晚", "en": "Late <parcels>", "back": f"/p/demo/themes/{DELIVERY}?view=all"},
    )
    assert page.url.path == f"/p/demo/themes/{DELIVERY}"
    assert page.url.params["view"] == "all"
    assert "Renamed “Slow delivery” to “Late &lt;parcels&gt;”" in re.sub(r"<(?!parcels)[^>]+>", "", page.text)
    assert "by Lin 林" in page.text
    undo = re.search(r'action="(/p/demo/edits/\d+/undo)"', page.text)
    assert undo
    back = client.post(undo[1], data={"back": f"/p/demo/themes/{DELIVERY}"})
    assert "Undone:" in back.text
    assert "<h1>Slow delivery" in back.text


def test_forms_keep_to_our_own_addresses(client: TestClient) -> None:
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = client.post(
            f"/p/demo/themes/{DELIVERY}/marks", data={"pinned": "true", "back": back}, follow_redirects=False
        )
        assert answer.headers["location"].startswith(f"/p/demo/themes/{DELIVERY}"), back
        assert client.post("/who", data={"who": "x", "back": back}, follow_redirects=False).headers["location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        f"themes/{DELIVERY}/name", f"themes/{DELIVERY}/marks", f"themes/{DELIVERY}/merge", f"themes/{DELIVERY}/parent",
        f"themes/{DELIVERY}/split", "units/move", "units/reject", "edits/1/undo", "edits/1/redo",
    ],
)  # fmt: skip
def test_other_peoples_pages_change_nothing(client: TestClient, path: str) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post(f"/p/demo/{path}", data={"en": "x"}, headers=headers).status_code == 403


def test_pinned_themes_come_first_and_hidden_ones_are_counted_below(client: TestClient) -> None:
    client.post(f"/p/demo/themes/{PRICE}/marks", data={"pinned": "true"})
    client.post(f"/p/demo/themes/{DELIVERY}/marks", data={"hidden": "true"})
    page = client.get("/p/demo/themes").text
    shown, _, below = page.partition("One hidden theme, 5 opinion units")
    assert "Slow delivery" not in shown
    assert "Slow delivery" in below
    assert shown.index('class="name" lang="en">Price') < shown.index('class="name" lang="en">Service')
    overview = client.get("/p/demo").text
    assert "Slow delivery" not in overview.partition("by-volume")[2].partition("</section>")[0]
    assert "One hidden theme, 5 opinion units" in overview
    report = client.get("/api/v1/projects/demo/export?format=html").text
    assert "One hidden theme, 5 opinion units" in report
    assert "Slow delivery" in client.get(f"/p/demo/themes/{DELIVERY}").text, "reachable"


def test_a_merged_theme_says_where_it_went(client: TestClient) -> None:
    page = client.post(f"/p/demo/themes/{PRICE}/merge", data={"into": DELIVERY})
    assert page.url.path == f"/p/demo/themes/{DELIVERY}"
    assert "Merged “Price” into “Slow delivery”" in words_of(page.text)
    gone = client.get(f"/p/demo/themes/{PRICE}")
    assert gone.status_code == 200
    assert "This theme is no more" in gone.text
    assert f"/p/demo/themes/{DELIVERY}" in gone.text
    assert "/undo" in gone.text
    refused = client.post(f"/p/demo/themes/{DELIVERY}/merge", data={"into": ""})
    assert refused.status_code == 400


def test_a_unit_is_put_elsewhere_from_its_page(client: TestClient) -> None:
    unit = a_unit(client)
    page = client.get(f"/p/demo/units/{unit}")
    assert "Put here by the analysis." in page.text
    assert f'value="{STAFF}"' in page.text
    page = client.post("/p/demo/units/move", data={"unit": unit, "theme": STAFF, "back": f"/p/demo/units/{unit}"})
    assert "Put here by a person:" in page.text
    assert "the analysis found it in" in page.text
    edit = client.get("/p/demo/edits/1")
    assert f"/p/demo/units/{unit}" in edit.text
    page = client.post("/p/demo/units/reject", data={"unit": unit, "back": f"/p/demo/units/{unit}"})
    assert "One opinion unit is wrong in “Friendly staff”" in words_of(page.text)
    page = client.post(
        "/p/demo/units/move", data={"unit": unit, "theme": "new", "zh": "新的", "back": f"/p/demo/units/{unit}"}
    )
    assert "to the new theme “新的”" in words_of(page.text)


def test_units_are_sorted_by_ticking_them(client: TestClient) -> None:
    page = client.get("/p/demo/themes/none/units").text
    ticked = re.findall(r'name="unit" value="(\w+)"', page)
    assert len(ticked) == 3
    page = client.post(
        "/p/demo/units/move", data={"unit": ticked[:2], "theme": PRICE, "back": "/p/demo/themes/none/units"}
    )
    assert "Moved 2 opinion units to “Price”" in words_of(page.text)
    assert re.findall(r'name="unit" value="(\w+)"', page.text) == ticked[2:]
    assert client.post("/p/demo/units/move", data={"theme": PRICE}).status_code == 400
    assert client.post("/p/demo/units/move", data={"unit": ticked[2]}).status_code == 400


def test_a_split_is_shown_before_it_is_done(client: TestClient) -> None:
    page = client.get(f"/p/demo/themes/{DELIVERY}/split?parts=2").text
    assert len(re.findall(r'name="zh"', page)) == 2
    assert client.get("/api/v1/projects/demo/edits").json()["total"] == 0
    done = client.post(
        f"/p/demo/themes/{DELIVERY}/split", data={"parts": "2", "zh": ["甲", "乙"], "en": ["First", "Second"]}
    )
    assert "Split “Slow delivery” into “First”, “Second”" in words_of(done.text)
    assert client.get(f"/p/demo/themes/{SERVICE}/split").status_code == 400


def test_a_theme_is_put_under_a_new_parent_and_out_again(client: TestClient) -> None:
    page = client.post(f"/p/demo/themes/{PRICE}/parent", data={"parent": "new", "en": "Money"})
    assert "Put “Price” under “Money”" in words_of(page.text)
    page = client.post(f"/p/demo/themes/{PRICE}/parent", data={"parent": "none"})
    assert "Put “Price” on the top level" in words_of(page.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_edit_has_its_words(client: TestClient, language: str) -> None:
    api = "/api/v1/projects/demo"
    unit = a_unit(client, STAFF)
    for path, body in (
        (f"themes/{DELIVERY}", {"name": {"en": "Late"}, "pinned": True, "hidden": True, "locked": True}),
        (f"themes/{DELIVERY}", {"pinned": False, "hidden": False, "locked": False}),
        (f"themes/{DELIVERY}", {"parent_name": {"en": "Parcels"}}),
        (f"themes/{DELIVERY}", {"parent_id": None}),
    ):
        assert client.patch(f"{api}/{path}", json=body).status_code == 200
    for path, body in (
        (f"units/{unit}/reject", {}),
        (f"units/{unit}/move", {"theme": PRICE}),
        (f"units/{unit}/move", {"name": {"en": "Made"}}),
        (f"units/{unit}/move", {"theme": None}),
        (f"themes/{STAFF}/split", {"parts": 2}),
        (f"themes/{PRICE}/merge", {"into": DELIVERY}),
    ):
        assert client.post(f"{api}/{path}", json=body).status_code == 200, path
    page = client.get(f"/p/demo/edits?lang={language}").text
    assert "edit.did." not in page
    assert "{" not in words_of(page.partition("<main")[2].partition("</main>")[0])
    assert page.count('class="edit"') == 15
    assert client.get(f"/p/demo/edits?theme={DELIVERY}").text.count('class="edit"') == 10
