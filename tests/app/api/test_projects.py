from pathlib import Path
from typing import get_args

import pytest

from app.api.projects import RedactionKind
from app.store import projects
from pipelines.redact import REDACTION_KINDS
from tests.app.factories import add_project, client_of, filled_client


def test_a_project_is_made_found_and_removed_for_good(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    made = client.post("/api/v1/projects", json={"slug": "spring", "name": "春季调研"})
    assert made.status_code == 201
    assert made.json()["name"] == "春季调研"
    assert made.json()["created_at"].endswith("+00:00")
    assert client.get(made.headers["location"]).json() == made.json()
    assert client.get("/api/v1/projects").json() == {"items": [made.json()], "next": None, "total": 1}
    client.post("/api/v1/projects/spring/runs")
    assert client.delete("/api/v1/projects/spring").status_code == 204
    assert client.get("/api/v1/projects/spring").status_code == 404
    assert client.get("/api/v1/jobs/1").status_code == 404
    assert list((tmp_path / "projects").iterdir()) == []


def test_without_a_name_the_slug_is_the_name(tmp_path: Path) -> None:
    assert client_of(tmp_path).post("/api/v1/projects", json={"slug": "spring"}).json()["name"] == "spring"


@pytest.mark.parametrize("slug", ["", "Spring", "春", "a b", "-a", "a-", "a/b", "../x", "a" * 49])
def test_a_slug_that_cannot_be_an_address_is_refused(tmp_path: Path, slug: str) -> None:
    answer = client_of(tmp_path).post("/api/v1/projects", json={"slug": slug})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_slug")


def test_a_slug_is_given_once(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    client.post("/api/v1/projects", json={"slug": "spring", "name": "First"})
    answer = client.post("/api/v1/projects", json={"slug": "spring", "name": "Second"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "slug_taken")
    assert client.get("/api/v1/projects/spring").json()["name"] == "First"


def test_all_kinds_of_personal_data_are_masked_until_some_are_switched_off(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    path = "/api/v1/projects/demo/settings"
    assert client.get(path).json()["redact"][:2] == ["phone", "email"]
    assert client.patch(path, json={"redact": ["email"]}).json() == {"redact": ["email"]}
    pushed = [{"external_id": "r-1", "text": "Call 13800138000 or write to someone@example.com please"}]
    client.post("/api/v1/projects/demo/verbatims", json=pushed)
    stored = client.get("/api/v1/projects/demo/verbatims?q=please").json()["items"][0]
    assert "13800138000" in stored["text"]
    assert "example.com" not in stored["text"]
    assert client.patch(path, json={"redact": []}).json() == {"redact": []}


def test_every_kind_can_be_switched_and_nothing_said_changes_nothing(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    path = "/api/v1/projects/demo/settings"
    assert client.get(path).json()["redact"] == list(REDACTION_KINDS) == list(get_args(RedactionKind))
    client.patch(path, json={"redact": ["plate", "phone"]})
    assert client.patch(path, json={}).json() == {"redact": ["phone", "plate"]}


def test_an_unknown_kind_of_personal_data_is_refused(tmp_path: Path) -> None:
    add_project(tmp_path)
    answer = client_of(tmp_path).patch("/api/v1/projects/demo/settings", json={"redact": ["shoe_size"]})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["problems"][0]["where"] == "body.redact.0"
    db = projects.open_project(tmp_path, "demo")
    assert projects.get_setting(db, "redact") is None
    db.close()
