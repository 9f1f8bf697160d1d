from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.store import jobs, projects
from tests.app.factories import DELIVERY, filled_client, settings_for

BASE = "/api/v1/projects/demo"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return filled_client(tmp_path)


def a_unit(client: TestClient, sentiment: str = "negative") -> str:
    found = client.get(f"{BASE}/themes/{DELIVERY}/units", params={"sentiment": sentiment}).json()["items"][0]["id"]
    return str(found)


def test_a_correction_shows_everywhere_at_once(client: TestClient) -> None:
    unit = a_unit(client)
    before = client.get(f"{BASE}/themes/{DELIVERY}").json()["sentiment"]
    answer = client.patch(f"{BASE}/units/{unit}", json={"sentiment": "positive", "who": "Li"})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["before"], found["held"], found["units"]) == ("negative", None, 1)
    assert (found["unit"]["sentiment"], found["unit"]["decided"], found["unit"]["confidence"]) == (
        "positive", "corrected", 1,
    )  # fmt: skip
    after = client.get(f"{BASE}/themes/{DELIVERY}").json()["sentiment"]
    assert (after["negative"], after["positive"]) == (before["negative"] - 1, before["positive"] + 1)
    exported = client.get(f"{BASE}/export?format=csv&what=units").text
    assert "corrected" in exported.splitlines()[[unit in line for line in exported.splitlines()].index(True)]


def test_the_record_names_who_and_undoing_is_one_more_row(client: TestClient) -> None:
    unit = a_unit(client)
    client.patch(f"{BASE}/units/{unit}", json={"sentiment": "neutral", "who": "Li"})
    undone = client.patch(f"{BASE}/units/{unit}", json={"sentiment": None}).json()
    assert (undone["held"], undone["unit"]["sentiment"], undone["unit"]["decided"]) == ("neutral", "negative", None)
    newest, first = client.get(f"{BASE}/corrections").json()["items"]
    assert (newest["kind"], newest["after"], newest["who"]) == ("taken_back", None, None)
    assert (first["kind"], first["after"], first["who"], first["holds"]) == ("corrected", "neutral", "Li", False)


def test_who_corrects_comes_from_the_body_or_a_header(client: TestClient) -> None:
    unit = a_unit(client)
    for headers, who, signed in (
        ({"x-who": "Ann"}, None, "Ann"),
        ({"x-who": quote("陈  晓")}, None, "陈 晓"),
        ({"x-who": "Ann"}, "Lin", "Lin"),
        ({"x-who": "x" * 90}, None, "x" * 80),
        ({"x-who": " "}, None, None),
    ):
        client.patch(f"{BASE}/units/{unit}", json={"sentiment": "neutral", "who": who}, headers=headers)
        assert client.get(f"{BASE}/corrections").json()["items"][0]["who"] == signed


@pytest.mark.parametrize("body", [{"sentiment": "mixed"}, {}, {"sentiment": "neutral", "who": "x" * 81}])
def test_what_makes_no_sense_is_refused_and_changes_nothing(client: TestClient, body: dict[str, str]) -> None:
    answer = client.patch(f"{BASE}/units/{a_unit(client)}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")
    assert client.get(f"{BASE}/corrections").json()["total"] == 0


def test_an_unknown_unit_is_told_as_such(client: TestClient) -> None:
    answer = client.patch(f"{BASE}/units/u_none", json={"sentiment": "neutral"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_unit")
    assert "u_none" in answer.json()["error"]["message"]


def test_where_learning_stands(client: TestClient) -> None:
    client.patch(f"{BASE}/units/{a_unit(client)}", json={"sentiment": "neutral", "sampled": True})
    client.patch(f"{BASE}/units/{a_unit(client)}", json={"sentiment": "negative"})
    found = client.get(f"{BASE}/refits").json()
    assert (found["corrected"], found["confirmed"], found["sampled"]) == (1, 1, 1)
    assert (found["fewest"], found["newest"], found["fits"]) == (50, None, True)


def test_refits_are_jobs_of_the_worker(client: TestClient, tmp_path: Path) -> None:
    asked = [
        client.post(f"{BASE}/refits"),
        client.post(f"{BASE}/refits", json={"anyway": True}),
        client.patch(f"{BASE}/refits", json={"active": False}),
    ]
    assert [answer.status_code for answer in asked] == [202, 202, 202]
    system = projects.open_system(settings_for(tmp_path).data)
    ids = [answer.json()["job"] for answer in asked]
    assert [jobs.payload(system, one) for one in ids] == [{}, {"anyway": True}, {"active": False}]
    assert {jobs.get(system, one).kind for one in ids} == {"refit"}
    assert asked[0].headers["location"] == f"/api/v1/jobs/{ids[0]}"
    system.close()


def test_models_in_use_are_listed_without_loading_one(client: TestClient) -> None:
    found = {one["role"]: one for one in client.get("/api/v1/models?project=demo").json()["items"]}
    assert set(found) == {"encoder", "sentiment"}
    assert all(one["verified"] and one["problem"] is None and not one["network"] for one in found.values())
    assert found["encoder"]["dim"] == 256
    assert found["sentiment"]["classes"] == ["negative", "neutral", "positive"]
    assert Path(found["encoder"]["card"]).is_file()
    assert client.get("/api/v1/models?project=gone").json()["error"]["code"] == "no_project"
