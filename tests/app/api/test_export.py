import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from app.api.download import disposition
from app.export import FORMATS, MEDIA_TYPES, WHATS, Format
from tests.app.factories import SAID, filled_client

PATH = "/api/v1/projects/demo/export"


def named(header: str) -> str | None:
    found = re.search(r"filename\*=UTF-8''([\w.%~-]+)$", header)
    return None if found is None else unquote(found[1])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("what", WHATS)
def test_everything_can_be_taken_along(tmp_path: Path, format: Format, what: str) -> None:
    answer = filled_client(tmp_path).get(PATH, params={"format": format, "what": what})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPES[format]
    assert int(answer.headers["content-length"]) == len(answer.content) > 100
    part = "report" if format == "html" else what
    assert named(answer.headers["content-disposition"]) == f"Demo 演示-{part}.{format}"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="demo-{part}.{format}";')


def test_an_export_holds_what_the_filters_say(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    lines = client.get(PATH, params={"format": "jsonl"}).text.splitlines()
    assert len([json.loads(line) for line in lines]) == len(SAID)
    assert len(client.get(PATH, params={"format": "jsonl", "language": "mixed"}).text.splitlines()) == 1


def test_what_cannot_be_exported_is_told(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    assert client.get(PATH, params={"format": "pdf"}).status_code == 422
    assert client.get(PATH, params={"from": "x"}).json()["error"]["code"] == "bad_date"


@pytest.mark.parametrize("name", ['a"b', "a\r\nset-cookie: x", "演示/..\\x", "😀", "a;b'c%"])
def test_no_name_breaks_out_of_the_header(name: str) -> None:
    header = disposition(f"{name}.csv", fallback="demo.csv")
    header.encode("ascii")
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert "/" not in (named(header) or "/")
