from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.app.factories import add_project, client_of, filled_client

PATH = "/api/v1/projects/demo/verbatims"


def empty_client(folder: Path) -> TestClient:
    add_project(folder)
    return client_of(folder)


def push(client: TestClient, *items: Any, key: str | None = None, **asked: str) -> Any:
    answer = client.post(PATH, json=list(items), params=asked, headers={} if key is None else {"idempotency-key": key})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_item_is_told_what_became_of_it(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    good = {"external_id": "r-1", "text": "物流太慢了，但是客服态度很好", "score": 3, "customer": "C9"}
    body = push(
        client,
        good,
        {"external_id": "r-2", "text": "无"},
        {"external_id": "r-3"},
        {"external_id": "r-4", "text": "Too long. " * 20_000},
        {"external_id": "r-5", "text": "Fine.", "score": 9},
        "just a string",
        {"external_id": "r-7", "text": "Fine.", "created_at": "some day"},
        {"external_id": "r-8", "text": "Great value.", "score": 9, "scale": "nps"},
    )
    assert [item["position"] for item in body["items"]] == list(range(8))
    assert [item["result"] for item in body["items"]] == ["created", *["rejected"] * 6, "created"]
    reasons = [item["reason"] for item in body["items"]]
    assert reasons[2:7] == ["invalid", "too_long", "off_scale", "invalid", "invalid"]
    assert reasons[1] is not None
    assert "text" in body["items"][2]["detail"]
    assert all(item["detail"] for item in body["items"] if item["result"] == "rejected")
    assert not any(item["detail"].startswith("reason.") for item in body["items"] if item["detail"])
    assert body["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 6}
    stored = client.get(f"{PATH}/{body['items'][0]['verbatims'][0]}").json()
    assert stored["text"] == good["text"]
    assert (stored["score"], stored["scale"], stored["scale_high"]) == (3, "stars", 5)
    assert (stored["customer"], stored["matched_on"]) == ("C9", "external_id")
    assert stored["source"] == "API"


def test_the_same_again_changes_nothing_and_a_correction_updates(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    item = {"external_id": "r-1", "text": "Delivery takes forever.", "created_at": "2026-03-01T09:12:00+08:00"}
    first = push(client, item)
    again = push(client, item)
    assert (again["items"][0]["result"], again["job"]) == ("unchanged", None)
    changed = push(client, {**item, "text": "Delivery took a week."})
    assert changed["items"][0]["result"] == "updated"
    assert changed["items"][0]["verbatims"] == first["items"][0]["verbatims"]
    found = client.get(PATH).json()
    assert [one["text"] for one in found["items"]] == ["Delivery took a week."]
    assert found["items"][0]["created_at"] == "2026-03-01T09:12:00+08:00"


def test_sources_are_told_apart(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    item = {"external_id": "r-1", "text": "Fine by me."}
    push(client, item, source="survey")
    assert push(client, item, source="chat")["items"][0]["result"] == "created"
    assert client.get("/api/v1/projects/demo/sources").json()["total"] == 2


def test_new_verbatims_are_analysed_once_and_soon(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    first = push(client, {"external_id": "r-1", "text": "Fine by me."})
    second = push(client, {"external_id": "r-2", "text": "Fine by us."})
    assert first["job"] == second["job"]
    assert client.get(f"/api/v1/jobs/{first['job']}").json()["kind"] == "analyse"


def test_with_themes_there_new_verbatims_are_placed_into_them(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    job = push(client, {"external_id": "r-1", "text": "Fine by me."})["job"]
    assert client.get(f"/api/v1/jobs/{job}").json()["kind"] == "extend"


def test_personal_data_is_masked_before_it_is_stored(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    push(client, {"external_id": "r-1", "text": "请打我电话13800138000，谢谢", "customer": {"phone": "13800138000"}})
    stored = client.get(PATH).json()["items"][0]
    assert "13800138000" not in stored["text"]
    assert stored["redactions"] == {"phone": 1}
    raw = b"".join(path.read_bytes() for path in (tmp_path / "projects").glob("demo.db*"))
    assert b"13800138000" not in raw


def test_a_key_gives_the_first_answer_again(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    item = {"external_id": "r-1", "text": "Fine by me."}
    first = push(client, item, key="k-1")
    answer = client.post(PATH, json=[item], headers={"idempotency-key": "k-1"})
    assert answer.json() == first
    assert answer.json()["items"][0]["result"] == "created"
    assert answer.headers["idempotency-replayed"] == "true"
    assert push(client, item, key="k-2")["items"][0]["result"] == "unchanged"


def test_a_key_with_another_body_or_address_is_a_conflict(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    item = {"external_id": "r-1", "text": "Fine by me."}
    push(client, item, key="k-1")
    for body, asked in (([{**item, "text": "Not fine."}], {}), ([item], {"source": "chat"})):
        answer = client.post(PATH, json=body, params=asked, headers={"idempotency-key": "k-1"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "key_reused")
    assert client.get(PATH).json()["items"][0]["text"] == "Fine by me."


def test_too_many_items_are_refused_before_any_is_stored(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    answer = client.post(PATH, json=[{"external_id": str(n), "text": "Fine by me."} for n in range(51)])
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_many_items")
    assert client.get(PATH).json()["total"] == 0


@pytest.mark.parametrize("body", [b"{}", b'"x"', b"null", b"[1", b"", b"[" * 100_000])
def test_a_body_that_is_no_list_is_refused(tmp_path: Path, body: bytes) -> None:
    answer = empty_client(tmp_path).post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error"}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "external_id",
            "text",
            "created_at",
            "score",
            "scale",
            "scale_low",
            "customer",
            "question",
            "touchpoint",
            "attributes",
        ]
    ),
    JSON,
    max_size=6,
)


@pytest.fixture(scope="module")
def shared_client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return empty_client(tmp_path_factory.mktemp("data"))


@settings(max_examples=40, deadline=None)
@given(items=st.lists(JSON | FIELDS, max_size=4))
def test_whatever_is_sent_each_item_gets_an_answer(shared_client: TestClient, items: list[Any]) -> None:
    body = push(shared_client, *items)
    assert [item["position"] for item in body["items"]] == list(range(len(items)))
    assert sum(body["counts"].values()) == len(items)
    assert shared_client.get(PATH).status_code == 200


def test_numbers_may_stand_for_ids_and_unknown_keys_are_told_back(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    item = {
        "external_id": 17,
        "text": "Fine by me.",
        "customer": {"external_id": 4, "id": 4},
        "creatd_at": "2026-03-01",
    }
    body = push(client, {**item, "attributes": {"paid": True, "seats": 3, "note": None}, "score": "4"})
    assert body["items"][0]["ignored"] == ["creatd_at", "customer.id"]
    stored = client.get(PATH).json()["items"][0]
    assert (stored["external_id"], stored["customer"], stored["score"]) == ("17", "4", 4)
    assert stored["attributes"] == {"paid": "true", "seats": "3"}


def test_half_a_character_is_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    client = empty_client(tmp_path)
    answer = client.post(
        PATH,
        content=rb'[{"external_id": "a", "text": "a \ud83d"}, {"external_id": "b", "text": "all \ud83d\ude00 of it"}]',
        headers={"content-type": "application/json"},
    )
    assert [item["result"] for item in answer.json()["items"]] == ["rejected", "created"]
