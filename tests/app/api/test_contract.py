"""What holds for every address of the API, read from its own OpenAPI description."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.access import visitor
from app.errors import Forbidden
from app.main import create_app
from tests.app.factories import DELIVERY, PRICE, SHOP, filled_client, filled_project, settings_for

METHODS = ("get", "post", "patch", "put", "delete")
BODIES: dict[str, Any] = {
    "change_theme": {"pinned": True},
    "split_theme": {"parts": 2},
    "merge_themes": {"into": PRICE},
    "move_unit": {"theme": PRICE},
    "move_units": {"units": ["u"], "theme": PRICE},
    "redo_edit": {},
    "reject_unit": {},
    "reject_units": {"units": ["u"]},
    "undo_edit": {},
    "create_project": {"slug": "other"},
    "push_verbatims": [{"external_id": "r-1", "text": "Fine."}],
    "change_settings": {"redact": []},
    "correct_unit": {"sentiment": "neutral"},
    "accept_emerging": {},
    "switch_refit": {"active": False},
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("data")
    filled_project(folder)
    return create_app(settings_for(folder))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in app.openapi()["paths"].items():
        if path.startswith("/api/"):
            for method in METHODS:
                if method in item:
                    yield method, path, item[method]


def filled_in(path: str, client: TestClient) -> str:
    """Return the path with things that are there in place of its parameters."""
    first = client.get("/api/v1/projects/demo/verbatims?sentiment=positive").json()["items"][0]
    customer = client.get("/api/v1/projects/demo/customers").json()["items"][0]
    values = {
        "project": "demo",
        "job_id": "1",
        "theme_id": DELIVERY,
        "verbatim_id": first["id"],
        "customer_id": customer["id"],
        "source_id": SHOP.id,
        "edit_id": "1",
        "unit_id": first["units"][0]["id"],
        "name": "trend",
        "emerging_id": "e_1",
    }
    return re.sub(r"{(\w+)}", lambda match: values[match[1]], path)


def lists(app: FastAPI) -> list[str]:
    found = []
    for method, path, operation in operations(app):
        schema = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if method == "get" and "/ListOut_" in schema.get("$ref", ""):
            found.append(path)
    return found


def test_every_operation_says_what_it_does(app: FastAPI) -> None:
    names = [operation["operationId"] for _, _, operation in operations(app)]
    assert len(names) == len(set(names)) >= 25
    for method, path, operation in operations(app):
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        assert operation["tags"], (method, path)
        assert "4XX" in operation["responses"], (method, path)
        assert "422" not in operation["responses"], (method, path)


def test_every_parameter_and_shape_is_described(app: FastAPI) -> None:
    for method, path, operation in operations(app):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] != "path":
                assert parameter.get("description"), (method, path, parameter["name"])
    for name, schema in app.openapi()["components"]["schemas"].items():
        if not name.startswith(("Body_", "ListOut_")):
            assert schema.get("description"), name


def test_every_operation_stands_behind_the_one_dependency(app: FastAPI) -> None:
    """With the dependency refusing, nothing answers: neither the API nor the documentation pages."""

    def nobody() -> None:
        raise Forbidden(code="foreign_page", values={"origin": "test"})

    app.dependency_overrides[visitor] = nobody
    try:
        client = TestClient(app)
        for method, path, _ in operations(app):
            plain = re.sub(r"{\w+}", "1", path)
            assert client.request(method, plain).status_code == 403, (method, path)
        assert client.get("/docs").status_code == 403
    finally:
        app.dependency_overrides.clear()


def test_every_list_pages_without_losing_or_repeating(app: FastAPI, client: TestClient) -> None:
    client.post("/api/v1/projects/demo/runs")
    client.post("/api/v1/projects/demo/runs", json={"kind": "extend"})
    client.patch(filled_in("/api/v1/projects/demo/units/{unit_id}", client), json={"sentiment": "neutral"})
    client.patch(f"/api/v1/projects/demo/themes/{PRICE}", json={"pinned": True, "locked": True, "hidden": True})
    found = lists(app)
    assert len(found) >= 11
    for path in found:
        address = filled_in(path, client)
        extra = {"by": "language"} if path.endswith("/counts") else {}
        whole = client.get(address, params={"limit": 500, **extra}).json()
        assert set(whole) == {"items", "next", "total"}, path
        assert len(whole["items"]) == whole["total"], path
        assert whole["next"] is None, path
        assert whole["total"] > 0, path
        gathered: list[Any] = []
        after = None
        while True:
            page = client.get(address, params={"limit": 2, **extra, **({"after": after} if after else {})}).json()
            gathered += page["items"]
            assert page["total"] == whole["total"], path
            after = page["next"]
            if after is None:
                break
            assert len(page["items"]) == 2, path
        assert gathered == whole["items"], path


def test_every_list_refuses_limits_and_pages_that_make_no_sense(app: FastAPI, client: TestClient) -> None:
    for path in lists(app):
        address = filled_in(path, client)
        extra = {"by": "language"} if path.endswith("/counts") else {}
        for asked in ({"limit": "0"}, {"limit": "501"}, {"limit": "x"}, {"after": "!!"}, {"after": "x" * 100}):
            answer = client.get(address, params={**asked, **extra})
            assert answer.status_code in (400, 422), (path, asked)
            assert set(answer.json()["error"]) == {"code", "message", "hint", "details"}, path


def test_every_address_below_a_project_knows_when_there_is_none(app: FastAPI, client: TestClient) -> None:
    for method, path, operation in operations(app):
        if "{project}" not in path:
            continue
        address = filled_in(path, client).replace("/demo", "/gone")
        name = operation["operationId"].split("_api_v1")[0]
        sent: dict[str, Any] = {"json": BODIES[name]} if name in BODIES else {}
        if "uploads" in path:
            sent = {"files": {"file": ("a.csv", b"text\nfine\n")}}
        if path.endswith("/counts"):
            sent = {"params": {"by": "language"}}
        answer = client.request(method, address, **sent)
        assert answer.status_code == 404, (method, path, answer.text)
        assert answer.json()["error"]["code"] == "no_project", (method, path)


def test_unknown_ids_are_told_as_such(client: TestClient) -> None:
    for noun, code in (
        ("themes/x", "no_theme"),
        ("themes/x/units", "no_theme"),
        ("themes/x/charts/trend", "no_theme"),
        (f"themes/{DELIVERY}/charts/x", "no_chart"),
        ("charts/x", "no_chart"),
        ("verbatims/x", "no_verbatim"),
        ("customers/x", "no_customer"),
        ("sources/x", "no_source"),
        ("sources/x/rejected", "no_source"),
        ("sources/x/set-aside", "no_source"),
    ):
        answer = client.get(f"/api/v1/projects/demo/{noun}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, code), noun


def test_the_same_filters_are_taken_wherever_feedback_is_counted_or_listed(app: FastAPI) -> None:
    names = {
        "theme", "sentiment", "language", "source", "customer", "customer_type", "segment", "touchpoint", "question",
        "from", "to",
    }  # fmt: skip
    expected = {
        "overview", "changes", "map", "counts", "themes", "units", "verbatims", "customers", "export", "{name}",
        "{theme_id}",
    }  # fmt: skip
    seen = set()
    for method, path, operation in operations(app):
        asked = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"}
        if method == "get" and asked & names:
            assert names <= asked, path
            seen.add(path.rsplit("/", 1)[-1])
    assert seen == expected


def test_many_readers_at_once(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    paths = ["overview", "themes", "verbatims?q=物流", "customers", "sources", "segments", "jobs", "runs"]

    def read(number: int) -> int:
        return TestClient(client.app).get(f"/api/v1/projects/demo/{paths[number % len(paths)]}").status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(read, range(200))) == {200}
