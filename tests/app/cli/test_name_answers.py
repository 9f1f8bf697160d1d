"""A language model at the command line: what the summary says, and that a second run into a folder asks nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.name_answers import FILE, read_name_answers
from app.database import connect
from app.store import projects, proposed_names
from tests.app.llm_server import FakeLlm, Raw, llm_server

SAID = ("物流太慢了，等了一个星期", "快递很慢，三天还没发货", "Delivery was slow", "The parcel arrived late") * 2
SAID += ("客服态度很好，很耐心", "客服回复很快", "Friendly customer service", "Great support, quick answers") * 2


def analyse(folder: Path, fake: FakeLlm, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setenv("XINSHENG_LLM_URL", fake.url)
    monkeypatch.setenv("XINSHENG_LLM_MODEL", "small-1")
    monkeypatch.setenv("XINSHENG_PROCESSES", "1")
    (folder / "said.csv").write_text("text\n" + "\n".join(SAID), "utf-8")
    done = CliRunner().invoke(
        main, ["analyse", str(folder / "said.csv"), "--out", str(folder / "out"), "--lang", "en", *arguments]
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def themes(folder: Path) -> list[tuple[str, str]]:
    found = json.loads((folder / "out" / "themes.json").read_text("utf-8"))
    return [(theme["name"]["zh"], theme["name"]["en"]) for theme in found]


def test_a_second_run_into_the_folder_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with llm_server() as fake:
        said = analyse(tmp_path, fake, monkeypatch)
        asked, first = len(fake.asked), themes(tmp_path)
        assert asked > 0
        assert f"{asked} asked for" in said
        assert any("matters" in en for _, en in first)
        fake.say = lambda _: Raw(status=500)
        said = analyse(tmp_path, fake, monkeypatch)
        assert len(fake.asked) == asked
        assert themes(tmp_path) == first
        assert f"{asked} answers known already" in said
        said = analyse(tmp_path, fake, monkeypatch, "--no-llm")
        assert len(fake.asked) == asked
        assert "language model" not in said
        assert not any("matters" in en for _, en in themes(tmp_path))


def test_an_endpoint_that_is_down_is_said_and_leaves_offline_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with llm_server(lambda _: Raw(status=401)) as fake:
        said = analyse(tmp_path, fake, monkeypatch)
    assert "HTTP status 401" in said
    assert not (tmp_path / "out" / FILE).exists()
    assert all(zh and en for zh, en in themes(tmp_path))


def test_what_others_put_into_the_file_is_passed_over(tmp_path: Path) -> None:
    good = {"key": "00ff", "model": "m", "zh": "物流慢", "en": "Slow delivery"}
    none = {"key": "01", "model": "m", "zh": None, "en": None}
    bad = [{**good, "key": "xyz"}, {**good, "key": 5}, {**good, "key": "02", "zh": ["x"]}, {"key": "03"}, [], 7]
    lines = [json.dumps(one) for one in (good, none, *bad, {**good, "key": "04", "zh": "\ud800"})]
    (tmp_path / FILE).write_bytes("\n".join([*lines, "not json", "[" * 5_000]).encode() + b"\n\xff\xfe")
    db = projects.prepare_project(connect(":memory:"))
    read_name_answers(db, tmp_path)
    assert proposed_names.all_answers(db) == [
        (b"\x00\xff", "m", ("物流慢", "Slow delivery")),
        (b"\x01", "m", None),
    ]
