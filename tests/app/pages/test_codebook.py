"""The codebook page: define, change, delete, import with a preview, adopt; plain forms throughout."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.app.factories import DELIVERY, filled_client

PAGE = "/p/demo/codebook"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return filled_client(tmp_path)


def guids(client: TestClient) -> list[str]:
    return list(dict.fromkeys(re.findall(r"codebook/entries/([0-9A-F-]{36})", client.get(PAGE).text)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_codebook_offers_three_ways(client: TestClient, lang: str) -> None:
    text = client.get(PAGE, params={"lang": lang}).text
    for way in ("codebook/starter", "codebook/import", "codebook/new"):
        assert f"{PAGE.removesuffix('/codebook')}/{way}" in text
    assert "codebook." not in re.sub(r"codebook\.css", "", re.sub(r"<[^>]+>", " ", text)), "no bare key"


def test_a_theme_is_defined_changed_and_deleted(client: TestClient) -> None:
    form = {"name_zh": "配送", "examples": "物流太慢\r\n\r\nlate again\n物流太慢", "description": "多久送到"}
    saved = client.post(f"{PAGE}/entries", data=form, follow_redirects=False)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PAGE}?done=saved")
    (guid,) = guids(client)
    text = client.get(PAGE).text
    assert "配送" in text
    assert "late again" in text
    assert "changed since the last" in text, "the next run is offered"
    client.post(f"{PAGE}/entries", data={"name_en": "Below", "parent": guid})
    below = next(one for one in guids(client) if one != guid)
    shown = client.get(f"{PAGE}/entries/{guid}").text
    assert "物流太慢\nlate again" in shown
    assert f'<option value="{below}"' not in shown, "nothing stands below itself"
    client.post(f"{PAGE}/entries", data={**form, "guid": guid, "name_zh": "送货"})
    assert guids(client) == [guid, below], "a changed name keeps its entry"
    assert "送货" in client.get(PAGE).text
    client.post(f"{PAGE}/delete", data={"guid": guid})
    assert guids(client) == [below]
    assert client.get(f"{PAGE}/entries/{guid}").status_code == 404
    refused = client.post(f"{PAGE}/entries", data={"description": "nothing else"}, headers={"accept": "text/html"})
    assert refused.status_code == 400
    assert "no name" in refused.text


def test_a_file_is_looked_at_before_it_is_taken_over(client: TestClient) -> None:
    data = b"name,examples\nDelivery,late|slow\n,nameless\n<b>Odd</b>,x\n"
    kept = client.post(f"{PAGE}/import", files={"file": ("mine.csv", data)}, follow_redirects=False)
    check = kept.headers["location"]
    text = client.get(check).text
    assert "row 3" in text
    assert "the theme has no name" in text
    assert "&lt;b&gt;Odd&lt;/b&gt;" in text
    assert guids(client) == []
    done = client.post(check, data={"how": "add"}, follow_redirects=False)
    assert done.headers["location"] == f"{PAGE}?done=imported"
    assert len(guids(client)) == 2
    assert client.get(check).status_code == 404, "the file is gone once it is read"
    second = client.post(f"{PAGE}/import", files={"file": ("n.csv", b"name\nOther\n")}, follow_redirects=False)
    client.post(second.headers["location"], data={"how": "replace"})
    assert len(guids(client)) == 1


def test_a_file_that_is_none_is_refused_and_not_kept(client: TestClient, tmp_path: Path) -> None:
    refused = client.post(f"{PAGE}/import", files={"file": ("x.qdc", b"<html/>")}, headers={"accept": "text/html"})
    assert refused.status_code == 422
    assert "no codes" in refused.text
    assert not list((tmp_path / "incoming").glob("*"))


def test_a_found_theme_goes_into_the_codebook_from_its_page(client: TestClient) -> None:
    page = f"/p/demo/themes/{DELIVERY}"
    assert "codebook/adopt" in client.get(page).text
    adopted = client.post(f"{PAGE}/adopt", data={"theme": DELIVERY}, follow_redirects=False)
    assert guids(client)[0] in adopted.headers["location"]
    text = client.get(page).text
    assert "codebook/adopt" not in text
    led = client.get(f"{PAGE}/themes/{DELIVERY}", follow_redirects=False)
    assert led.headers["location"] == adopted.headers["location"]
    assert client.get(f"{PAGE}/themes/t_gone", follow_redirects=False).headers["location"] == PAGE


def test_the_starter_is_one_click(client: TestClient) -> None:
    assert client.post(f"{PAGE}/starter", follow_redirects=False).status_code == 303
    text = client.get(PAGE).text
    assert "Customer service" in text
    assert "codebook/starter" not in text, "it is not offered twice"


@pytest.mark.parametrize(
    ("examples", "told"),
    [
        ("\n".join(f"late {number}" for number in range(201)), "There are 201 examples; an entry holds 200."),
        ("late " * 101, "is longer than 500 characters"),
    ],
)
def test_examples_are_refused_rather_than_cut_unseen(client: TestClient, examples: str, told: str) -> None:
    answer = client.post("/p/demo/codebook/entries", data={"name_en": "Delivery", "examples": examples})
    assert answer.status_code == 400
    assert told in answer.text
    assert client.get("/api/v1/projects/demo/codebook").json()["entries"] == []
