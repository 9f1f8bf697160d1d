"""docs/api.md speaks of every operation there is, and of no other."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from app.asked import asked_filters
from app.guard import BODY_MB
from app.main import create_app
from app.settings import Settings
from tests.app.factories import settings_for

TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(settings_for(tmp_path_factory.mktemp("data")))


def examples() -> Iterator[tuple[str, str, set[str]]]:
    """Give (method, path, names in the query) of every curl example."""
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL):
        for line in re.findall(r"^curl .*$", block.replace("\\\n", " "), re.MULTILINE):
            address = re.search(r'\$API([^\s"]*)', line)
            assert address is not None, line
            method = re.search(r"-X (\w+)", line)
            parts = urlsplit(address[1])
            posts = " -F " in line or " -d " in line
            yield method[1] if method else "POST" if posts else "GET", parts.path, set(parse_qs(parts.query))


def test_every_example_is_an_operation_and_every_operation_has_an_example(app: FastAPI) -> None:
    operations = {
        (method.upper(), path.removeprefix("/api/v1")): {parameter["name"] for parameter in one.get("parameters", ())}
        for path, item in app.openapi()["paths"].items()
        if path.startswith("/api/v1")
        for method, one in item.items()
    }
    seen = set()
    for method, path, asked in examples():
        matches = [
            (operation, parameters)
            for operation, parameters in operations.items()
            if operation[0] == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", operation[1]), path)
        ]
        assert matches, (method, path)
        # The most literal path wins, as in the router: …/themes/none is no name of its own.
        operation, parameters = min(matches, key=lambda match: match[0][1].count("{"))
        assert asked - {"lang"} <= parameters, (method, path, asked)
        seen.add(operation)
    assert set(operations) - seen == set()


def test_every_filter_is_told() -> None:
    names = {"since": "from", "until": "to"}
    table = TEXT.split("### Filters")[1].split("##")[0]
    for name in inspect.signature(asked_filters).parameters:
        assert f"`{names.get(name, name)}`" in table


def test_the_limits_told_are_the_limits() -> None:
    fields = Settings.model_fields
    assert f"{fields['max_items'].default:,} items" in TEXT
    assert f"{fields['max_upload_mb'].default} MB (`XINSHENG_MAX_UPLOAD_MB`)" in TEXT
    assert f"any other body {BODY_MB} MB" in TEXT
