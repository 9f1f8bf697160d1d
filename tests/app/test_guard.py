from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.guard import BODY_MB
from app.main import create_app
from app.settings import Settings
from tests.app.factories import client_of

PROJECT = {"slug": "new", "name": "New"}


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.1.7", "x.localhost"]
)
def test_local_names_and_numeric_addresses_are_answered(tmp_path: Path, host: str) -> None:
    assert client_of(tmp_path).get("/api/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "evil.example:8000"]
)
def test_a_name_that_could_be_rebound_is_refused(tmp_path: Path, host: str) -> None:
    answer = client_of(tmp_path).get("/api/v1/projects", headers={"host": host})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "strange_host"


def test_a_name_that_was_allowed_is_answered(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(data=tmp_path, hosts="feedback.example, Other.example")))
    assert client.get("/api/v1/health", headers={"host": "feedback.example:8443"}).status_code == 200
    assert client.get("/api/v1/health", headers={"host": "other.example"}).status_code == 200
    assert client.get("/api/v1/health", headers={"host": "third.example"}).status_code == 400


def test_every_name_can_be_allowed(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(data=tmp_path, hosts="*")))
    assert client.get("/api/v1/health", headers={"host": "any.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000", "host": "localhost:8000"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_page_of_another_origin_changes_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    client = client_of(tmp_path)
    answer = client.post("/api/v1/projects", json=PROJECT, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "foreign_page"
    assert client.get("/api/v1/projects").json()["total"] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
        {"origin": "http://testserver:80"},
        {"origin": "https://localhost:8000", "host": "localhost:8000"},
    ],
)
def test_our_own_pages_and_programs_may_change_things(tmp_path: Path, headers: dict[str, str]) -> None:
    assert client_of(tmp_path).post("/api/v1/projects", json=PROJECT, headers=headers).status_code == 201


def test_following_a_link_from_elsewhere_is_no_change(tmp_path: Path) -> None:
    assert client_of(tmp_path).get("/api/v1/projects", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_an_announced_length_over_the_limit_is_refused_before_reading(tmp_path: Path) -> None:
    def never() -> Iterator[bytes]:
        yield from ()
        raise AssertionError("the body was read")

    answer = client_of(tmp_path).post(
        "/api/v1/projects",
        content=never(),
        headers={"content-length": str(BODY_MB * 2**20 + 1), "content-type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"


def test_an_unannounced_body_is_counted(tmp_path: Path) -> None:
    answer = client_of(tmp_path).post(
        "/api/v1/projects",
        content=(b" " * 2**20 for _ in range(BODY_MB + 1)),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_upload_over_its_own_limit_is_refused(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    client.post("/api/v1/projects", json=PROJECT)
    for size in (2**20 + 1, 3 * 2**20):
        answer = client.post("/api/v1/projects/new/uploads", files={"file": ("a.csv", b"x" * size)})
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] in ("file_too_large", "body_too_large")
    assert list((tmp_path / "incoming").glob("*")) == []


def test_every_answer_tells_the_browser_to_stay_here(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    for path in ("/api/v1/health", "/api/v1/nothing", "/docs"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
    assert client.get("/api/v1/health").headers["cache-control"] == "no-store"
