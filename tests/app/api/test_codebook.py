"""The codebook over the API: put, read, import with preview and bad rows, export, starter, adopt."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.factories import DELIVERY, NAMES, SERVICE, filled_client

BASE = "/api/v1/projects/demo"
ENTRIES: list[dict[str, Any]] = [
    {"name": {"zh": "物流", "en": "Delivery"}, "examples": ["物流太慢", "late again", "late again"]},
    {"name": {"en": "Price"}, "description": "What it costs", "color": "#00aa11", "codable": False},
]


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return filled_client(tmp_path)


def upload(client: TestClient, data: bytes, name: str = "codebook.csv", **fields: str) -> Any:
    return client.post(f"{BASE}/codebook/import", files={"file": (name, data)}, data=fields)


def test_a_codebook_is_put_and_read(client: TestClient) -> None:
    empty = client.get(f"{BASE}/codebook").json()
    assert empty == {"sha256": "", "in_force": True, "entries": []}
    put = client.put(f"{BASE}/codebook", json={"entries": ENTRIES})
    assert put.status_code == 200
    read = client.get(f"{BASE}/codebook").json()
    assert read == put.json()
    assert not read["in_force"], "no run has used it yet"
    first, second = read["entries"]
    assert first["examples"] == ["物流太慢", "late again"]
    assert (first["units"], first["parent"]) == (None, None)
    assert (second["name"], second["color"], second["codable"]) == ({"zh": "", "en": "Price"}, "#00AA11", False)
    again = client.put(f"{BASE}/codebook", json={"entries": read["entries"]})
    assert again.json() == read, "what is read can be put"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"name": {"en": "x" * 201}}], "invalid_request"),
        ([{**ENTRIES[0], "examples": ["x" * 501]}], "invalid_request"),
        ([{**ENTRIES[0], "examples": [f"late {number}" for number in range(201)]}], "invalid_request"),
        ([{**ENTRIES[0], "description": "x" * 10_001}], "invalid_request"),
        ([{"name": {}}], "theme_without_name"),
        ([ENTRIES[0], ENTRIES[0]], "theme_defined_already"),
        ([{**ENTRIES[0], "parent": "11111111-1111-4111-8111-111111111111"}], "no_such_parent"),
    ],
)
def test_an_entry_at_fault_changes_nothing(client: TestClient, entries: list[Any], code: str) -> None:
    client.put(f"{BASE}/codebook", json={"entries": ENTRIES})
    refused = client.put(f"{BASE}/codebook", json={"entries": entries})
    assert refused.json()["error"]["code"] == code
    assert refused.status_code == (422 if code == "invalid_request" else 400)
    assert len(client.get(f"{BASE}/codebook").json()["entries"]) == 2


def test_a_file_is_previewed_and_taken_over_with_its_bad_rows_listed(client: TestClient) -> None:
    client.put(f"{BASE}/codebook", json={"entries": ENTRIES})
    data = "中文名,英文名,例句\n物流,Delivery,到得太晚\n客服,,很耐心\n,,没有名字\n".encode("gb18030")
    seen = upload(client, data, preview="true").json()
    assert [seen[key] for key in ("added", "changed", "removed", "unchanged")] == [1, 1, 0, 1]
    assert seen["rejected"] == [
        {"row": 4, "reason": "no_name", "message": "the theme has no name", "detail": "没有名字"}
    ]
    assert len(client.get(f"{BASE}/codebook").json()["entries"]) == 2, "a preview changes nothing"
    taken = upload(client, data).json()
    assert [one["name"]["zh"] for one in taken["codebook"]["entries"]] == ["物流", "", "客服"]
    replaced = upload(client, data, replace="true").json()
    assert replaced["removed"] == 1
    assert len(replaced["codebook"]["entries"]) == 2


def test_what_is_no_codebook_is_refused_in_words(client: TestClient) -> None:
    evil = b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/hostname">]><CodeBook><Codes><Code name="&x;"/></Codes>'
    for data, code in ((evil, "xml_declarations"), (b"a,b\n1,2\n", "no_theme_names"), (b"<CodeBook>", "xml_broken")):
        refused = upload(client, data)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, code)
        assert refused.json()["error"]["message"]
    assert upload(client, b"x" * (5 * 2**20 + 10)).status_code in (413, 422)


@pytest.mark.parametrize("format", ["csv", "qdc"])
def test_exported_imported_and_exported_again_a_file_is_the_same(client: TestClient, format: str) -> None:
    client.post(f"{BASE}/codebook/starter")
    first = client.get(f"{BASE}/codebook/export", params={"format": format})
    assert first.headers["content-disposition"].endswith(f"codebook.{format}")
    assert first.headers["content-length"] == str(len(first.content))
    client.put(f"{BASE}/codebook", json={"entries": []})
    assert upload(client, first.content, f"x.{format}").json()["added"] == 20
    assert client.get(f"{BASE}/codebook/export", params={"format": format}).content == first.content


def test_a_file_that_would_make_the_codebook_too_large_to_put_is_refused(client: TestClient) -> None:
    def themes(first: int, count: int) -> bytes:
        return ("name_en\n" + "".join(f"theme {number}\n" for number in range(first, first + count))).encode()

    assert upload(client, themes(0, 1_999)).json()["added"] == 1_999
    for preview in ("true", "false"):
        refused = upload(client, themes(5_000, 2), preview=preview)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "codebook_too_full")
    kept = client.get(f"{BASE}/codebook").json()["entries"]
    assert len(kept) == 1_999
    asked = [{key: one[key] for key in ("guid", "name", "parent")} for one in kept]
    assert client.put(f"{BASE}/codebook", json={"entries": asked}).status_code == 200
    assert upload(client, themes(5_000, 2), replace="true").status_code == 200


def test_a_codebook_too_long_for_a_file_is_refused(client: TestClient) -> None:
    client.put(f"{BASE}/codebook", json={"entries": ENTRIES})
    long = [{"name": {"en": f"theme {at}"}, "description": "长" * 9_000} for at in range(200)]
    refused = client.put(f"{BASE}/codebook", json={"entries": long})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "codebook_too_long")
    assert len(client.get(f"{BASE}/codebook").json()["entries"]) == 2


def test_the_starter_is_added_once(client: TestClient) -> None:
    client.put(f"{BASE}/codebook", json={"entries": ENTRIES})
    once = client.post(f"{BASE}/codebook/starter").json()
    assert (once["added"], once["rejected"], once["notes"]) == (20, [], [])
    again = client.post(f"{BASE}/codebook/starter").json()
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 22)


def test_every_theme_of_the_starter_speaks_both_languages() -> None:
    from app.tasks.codebook import starter
    from pipelines.han import A_HAN

    entries = starter().entries
    leaves = [entry for entry in entries if entry.codable]
    assert 12 <= len(leaves) <= 16
    for entry in entries:
        assert entry.name_zh
        assert entry.name_en
    said = [phrase for entry in leaves for phrase in entry.examples]
    assert len(set(said)) == len(said), "no phrase belongs to two themes"
    for entry in leaves:
        chinese = sum(bool(A_HAN.search(phrase)) for phrase in entry.examples)
        assert 8 <= chinese <= 15
        assert 8 <= len(entry.examples) - chinese <= 15


def test_a_found_theme_is_adopted_with_its_sentences(client: TestClient) -> None:
    adopted = client.post(f"{BASE}/codebook/adopt", json={"theme": DELIVERY})
    assert adopted.status_code == 201
    entry = adopted.json()
    assert (entry["name"]["zh"], entry["name"]["en"]) == NAMES[DELIVERY]
    assert entry["theme"] == DELIVERY
    assert entry["examples"]
    assert entry["units"] > 0
    assert client.get(f"{BASE}/themes/{DELIVERY}").json()["status"] == "defined"
    twice = client.post(f"{BASE}/codebook/adopt", json={"theme": DELIVERY})
    assert (twice.status_code, twice.json()["error"]["code"]) == (400, "theme_defined_already")
    assert client.post(f"{BASE}/codebook/adopt", json={"theme": "none"}).status_code == 400
    assert client.post(f"{BASE}/codebook/adopt", json={"theme": "t_gone"}).status_code == 404


def test_all_themes_leave_as_a_codebook(client: TestClient) -> None:
    client.put(f"{BASE}/codebook", json={"entries": ENTRIES})
    data = client.get(f"{BASE}/codebook/export", params={"format": "qdc", "what": "themes"}).content
    client.put(f"{BASE}/codebook", json={"entries": []})
    entries = upload(client, data, "themes.qdc").json()["codebook"]["entries"]
    named = {one["name"]["en"]: one for one in entries}
    assert {name[1] for name in NAMES.values()} | {"Delivery", "Price"} == set(named)
    assert named[NAMES[DELIVERY][1]]["parent"] == named[NAMES[SERVICE][1]]["guid"]
    assert named[NAMES[DELIVERY][1]]["examples"]
