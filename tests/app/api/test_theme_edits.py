"""Changing themes over the API: what each call does, tells and refuses, and that every count follows at once."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.app.factories import DELIVERY, PRICE, SERVICE, STAFF, filled_client

API = "/api/v1/projects/demo"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with filled_client(tmp_path) as filled:
        yield filled


def get(client: TestClient, path: str) -> Any:
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(client: TestClient, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
    answer = client.post(f"{API}/{path}", json=body or {})
    assert answer.status_code == status, answer.text
    return answer.json()


def units_of(client: TestClient, theme: str) -> list[str]:
    return [unit["id"] for unit in get(client, f"themes/{theme}/units?order=input")["items"]]


def test_one_call_changes_several_things_at_once(client: TestClient) -> None:
    body = {"name": {"zh": "到得晚", "en": "Late"}, "pinned": True, "locked": True, "parent_id": None, "who": "Lin"}
    answer = client.patch(f"{API}/themes/{DELIVERY}", json=body).json()
    assert [edit["kind"] for edit in answer["edits"]] == ["rename", "parent", "pin", "lock"]
    assert {edit["who"] for edit in answer["edits"]} == {"Lin"}
    theme = answer["theme"]
    assert theme["name"] == {"zh": "到得晚", "en": "Late"}
    assert (theme["pinned"], theme["locked"], theme["hidden"], theme["parent_id"]) == (True, True, False, None)
    assert theme["edits"] == [edit["id"] for edit in answer["edits"]]
    assert get(client, "themes")["items"][0]["id"] == DELIVERY, "pinned first"
    again = client.patch(f"{API}/themes/{DELIVERY}", json=body).json()
    assert again["edits"] == [], "the same again is no edit"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": {"en": ""}}, 400, "name_empty"),
        ({"name": {"en": "price"}}, 409, "name_taken"),
        ({"parent_id": PRICE}, 400, "not_a_parent"),
        ({"parent_id": "t_x"}, 404, "no_theme"),
        ({"colour": "red"}, 422, "invalid_request"),
        ({"pinned": "perhaps"}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    client: TestClient, body: dict[str, Any], status: int, code: str
) -> None:
    answer = client.patch(f"{API}/themes/{DELIVERY}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert get(client, "edits")["total"] == 0


def test_an_error_names_a_theme_in_the_readers_language(client: TestClient) -> None:
    told = {
        language: client.patch(f"{API}/themes/{SERVICE}?lang={language}", json={"locked": True}).json()["error"]
        for language in ("zh", "en")
    }
    assert "“服务”" in told["zh"]["message"]
    assert "“Service”" in told["en"]["message"]


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999"])
def test_no_edit_has_a_number_that_cannot_be_stored(client: TestClient, number: str) -> None:
    post(client, f"edits/{number}/undo", status=422)
    for page in ("edits", "jobs"):
        assert client.get(f"/p/demo/{page}/{number}").status_code == 422
    assert client.get(f"/p/demo/themes?edit={number}").status_code == 200, "nothing was just done"


def test_who_comes_from_the_body_or_a_header(client: TestClient) -> None:
    path = f"{API}/themes/{DELIVERY}"
    for headers, body, who in (
        ({}, {"pinned": True}, "local"),
        ({"x-who": "Ann"}, {"pinned": False}, "Ann"),
        ({"x-who": quote("陈晓")}, {"pinned": True}, "陈晓"),
        ({"x-who": "Ann"}, {"pinned": False, "who": "Lin"}, "Lin"),
    ):
        assert client.patch(path, json=body, headers=headers).json()["edits"][0]["who"] == who


def test_every_count_follows_a_merge_at_once(client: TestClient) -> None:
    before = get(client, "overview")["totals"]
    answer = post(client, f"themes/{PRICE}/merge", {"into": DELIVERY})
    assert answer["theme"]["units"] == 9
    assert get(client, "overview")["totals"] == before
    themes = get(client, "themes")["items"]
    assert PRICE not in {theme["id"] for theme in themes}
    assert sum(theme["units"] for theme in themes if not theme["is_parent"]) + before["unthemed"] == before["units"]
    assert len(units_of(client, DELIVERY)) == 9
    assert get(client, f"verbatims?theme={DELIVERY}")["total"] == 9
    exported = client.get(f"{API}/export?format=jsonl&what=units").text
    placed = [json.loads(line)["theme_id"] for line in exported.splitlines()]
    assert (placed.count(DELIVERY), placed.count(PRICE)) == (9, 0)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{API}/export?format=csv&what=themes").text.lstrip("\ufeff"))))
    assert {row["id"]: row["edited"] for row in rows}[DELIVERY] not in ("", "False", "false")
    assert get(client, f"themes/{DELIVERY}")["trend"]["counts"], "its course is counted anew"
    post(client, f"edits/{answer['edits'][0]['id']}/undo", {"who": "Ann"})
    assert get(client, f"themes/{PRICE}")["units"] == 4


def test_merging_others_into_a_theme(client: TestClient) -> None:
    assert post(client, f"themes/{DELIVERY}/merge", {"themes": [PRICE, STAFF]})["theme"]["units"] == 14
    for body, code in (({}, "merge_what"), ({"into": PRICE, "themes": [STAFF]}, "merge_what")):
        assert post(client, f"themes/{DELIVERY}/merge", body, 400)["error"]["code"] == code
    assert post(client, f"themes/{SERVICE}/merge", {"into": DELIVERY}, 400)["error"]["code"] == "merge_levels"


def test_a_split_can_be_looked_at_named_and_listed(client: TestClient) -> None:
    shown = post(client, f"themes/{STAFF}/split", {"parts": 2, "preview": True})
    assert shown["edit"] is None
    assert sum(part["units"] for part in shown["parts"]) == 5
    done = post(client, f"themes/{STAFF}/split", {"parts": 2, "names": [{"en": "One"}, {"en": "Two"}]})
    assert [part["name"]["en"] for part in done["parts"]] == ["One", "Two"]
    assert [part["units"] for part in done["parts"]] == [part["units"] for part in shown["parts"]]
    assert {get(client, f"themes/{part['id']}")["parent_id"] for part in done["parts"]} == {SERVICE}
    first, second, *_ = units_of(client, DELIVERY)
    listed = post(
        client,
        f"themes/{DELIVERY}/split",
        {"parts": [{"name": {"en": "Slow"}, "units": [first]}, {"name": {"zh": "丢件"}, "units": [second]}]},
    )
    assert sum(part["units"] for part in listed["parts"]) == 5
    assert listed["parts"][1]["name"] == {"zh": "丢件", "en": "丢件"}
    for parts, code in ((1, "bad_parts"), (9, "bad_parts")):
        assert post(client, f"themes/{PRICE}/split", {"parts": parts}, 400)["error"]["code"] == code
    assert post(client, f"themes/{SERVICE}/split", {"parts": 2}, 400)["error"]["code"] == "parent_has_no_units"


def test_units_are_moved_and_rejected(client: TestClient) -> None:
    first, second, third, *_ = units_of(client, DELIVERY)
    answer = post(client, "units/move", {"units": [first, second], "theme": PRICE})
    assert {unit["theme_id"] for unit in answer["units"]} == {PRICE}
    assert answer["edit"]["units"] == 2
    made = post(client, f"units/{third}/move", {"name": {"zh": "丢件", "en": "Lost parcels"}})
    assert made["units"][0]["theme"] == {"zh": "丢件", "en": "Lost parcels"}
    assert get(client, f"themes/{made['edit']['into']}")["status"] == "made"
    out = post(client, f"units/{first}/reject", {"theme": PRICE})
    assert out["units"][0]["theme_id"] is None
    assert post(client, f"units/{first}/reject", {}, 400)["error"]["code"] == "not_in_theme"
    assert post(client, f"units/{first}/move", {}, 400)["error"]["code"] == "move_where"
    assert post(client, f"units/{first}/move", {"theme": SERVICE}, 400)["error"]["code"] == "parent_has_no_units"
    assert post(client, "units/move", {"units": ["u_x"], "theme": PRICE}, 404)["error"]["code"] == "no_unit"
    assert post(client, "units/reject", {"units": [second]})["edit"]["kind"] == "reject"


def test_hidden_themes_are_left_out_but_counted(client: TestClient) -> None:
    client.patch(f"{API}/themes/{PRICE}", json={"hidden": True})
    listed = get(client, "themes")
    assert PRICE not in {theme["id"] for theme in listed["items"]}
    assert listed["hidden"] == {"themes": 1, "units": 4}
    assert [theme["id"] for theme in get(client, "themes?hidden=only")["items"]] == [PRICE]
    assert len(get(client, "themes?hidden=yes")["items"]) == len(listed["items"]) + 1
    assert get(client, f"themes/{PRICE}")["hidden"] is True


def test_the_history_tells_everything_and_is_never_shortened(client: TestClient) -> None:
    post(client, f"themes/{PRICE}/merge", {"into": DELIVERY, "who": "Lin"})
    client.patch(f"{API}/themes/{STAFF}", json={"name": {"en": "Kind staff"}})
    undone = post(client, "edits/1/undo", {"who": "Ann"})
    assert undone["undone_by"] == "Ann"
    history = get(client, "edits")
    assert [edit["id"] for edit in history["items"]] == [2, 1]
    assert history["items"][1]["names"][PRICE] == {"zh": "价格", "en": "Price"}
    assert [edit["id"] for edit in get(client, f"edits?about={STAFF}")["items"]] == [2]
    assert post(client, "edits/1/undo", {}, 409)["error"]["code"] == "already_undone"
    assert post(client, "edits/1/redo")["undone_at"] is None
    assert post(client, "edits/1/redo", {}, 409)["error"]["code"] == "not_undone"
    assert post(client, "edits/9/undo", {}, 404)["error"]["code"] == "no_edit"
