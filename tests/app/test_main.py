from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.access import SystemDep
from app.errors import Conflict
from app.locale import LANGUAGES
from app.main import create_app
from tests.app.factories import add_project, client_of, settings_for


def envelope(answer: Response) -> dict[str, object]:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "hint", "details"}
    return dict(body["error"])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "no_such_address"),
        ("GET", "/api/v1/projects/none-such", 404, "no_project"),
        ("GET", "/api/v1/projects/Not%20A%20Slug", 404, "no_project"),
        ("GET", "/api/v1/projects/..%2Fsystem", 404, "no_such_address"),
        ("PUT", "/api/v1/projects", 405, "method_not_allowed"),
        ("GET", "/api/v1/jobs/99", 404, "no_job"),
        ("GET", "/api/v1/jobs/99999999999999999999", 422, "invalid_request"),
        ("GET", "/api/v1/projects?limit=0", 422, "invalid_request"),
        ("GET", "/api/v1/projects?after=%E9%A1%B5", 400, "bad_after"),
        ("GET", "/api/v1/projects?after=abc", 400, "bad_after"),
        ("GET", "/api/v1/projects?after=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", 400, "bad_after"),
        ("GET", "/api/v1/projects?after=LTE%3D", 400, "bad_after"),
    ],
)
def test_every_error_is_an_envelope(tmp_path: Path, method: str, path: str, status: int, code: str) -> None:
    answer = client_of(tmp_path).request(method, path)
    assert answer.status_code == status
    error = envelope(answer)
    assert error["code"] == code
    assert not str(error["message"]).startswith("error.")
    assert not str(error["hint"]).startswith("hint.")
    assert "{" not in str(error["message"])


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b'"x"', b"\xff\xfe", b'{"slug": 1}', b'{"slug": "\\ud800"}', b"[" * 100_000]
)
def test_a_broken_body_is_told_and_never_a_fault(tmp_path: Path, body: bytes) -> None:
    answer = client_of(tmp_path).post("/api/v1/projects", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    envelope(answer)


def test_errors_are_told_in_the_language_asked_for(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    told = {lang: client.get(f"/api/v1/projects/gone?lang={lang}").json()["error"]["message"] for lang in LANGUAGES}
    assert told["zh"] == "没有项目“gone”。"
    assert told["en"] == "There is no project “gone”."
    asked = client.get("/api/v1/projects/gone", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert asked.json()["error"]["message"] == told["zh"]


def test_a_fault_of_ours_shows_nothing_of_its_insides(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))

    def broken() -> None:
        raise RuntimeError("/secret/path")

    app.add_api_route("/api/v1/broken", broken)
    answer = TestClient(app, raise_server_exceptions=False).get("/api/v1/broken")
    assert answer.status_code == 500
    assert envelope(answer)["code"] == "internal"
    assert "secret" not in answer.text


def test_an_error_of_a_dependency_is_told_and_the_database_closed(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    seen = []

    def conflicting(system: SystemDep) -> None:
        seen.append(system)
        raise Conflict(code="slug_taken", values={"slug": "x"})

    app.add_api_route("/api/v1/conflict", conflicting)
    assert TestClient(app).get("/api/v1/conflict").status_code == 409
    with pytest.raises(Exception, match="closed"):
        seen[0].conn.execute("SELECT 1")


def test_the_documentation_needs_no_other_host(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    page = client.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    assert client.get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Xinsheng 心声"


def test_the_web_process_stays_light(tmp_path: Path) -> None:
    import subprocess
    import sys

    heavy = ("torch", "sklearn", "scipy", "hdbscan", "transformers", "pandas", "altair", "jieba", "opencc", "lingua")
    code = f"import sys, app.main; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_the_framework_refuses_says_why(tmp_path: Path) -> None:
    add_project(tmp_path)
    answer = client_of(tmp_path).post(
        "/api/v1/projects/demo/uploads", content=b"x", headers={"content-type": "multipart/form-data"}
    )
    assert answer.status_code == 400
    assert "boundary" in str(envelope(answer)["details"])
