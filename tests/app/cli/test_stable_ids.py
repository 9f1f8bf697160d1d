"""The same rows give the same ids and the same result, whatever the file is called and however its rows are ordered."""

import csv
import io
import json
import random
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.sources import salt_of


def analysed(folder: Path, name: str, content: str) -> dict[str, Any]:
    (folder / name).write_text(content, "utf-8")
    done = CliRunner().invoke(main, ["analyse", str(folder / name), "--out", str(folder / "out"), "--quiet"])
    assert done.exit_code == 0, done.output
    lines = {
        part: (folder / "out" / f"{part}.jsonl").read_text("utf-8").splitlines() for part in ("verbatims", "customers")
    }
    varying = {"source", "row"}
    verbatims = [json.loads(line) for line in lines["verbatims"]]
    return {
        "verbatims": {one["id"]: {k: v for k, v in one.items() if k not in varying} for one in verbatims},
        "themes": {one["id"]: one for one in json.loads((folder / "out" / "themes.json").read_text("utf-8"))},
        "customers": sorted(json.loads(line)["id"] for line in lines["customers"]),
    }


@pytest.mark.slow
def test_renamed_and_shuffled_rows_change_nothing(tmp_path: Path) -> None:
    text = files("app.sample").joinpath("reviews.csv").read_text("utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text)))
    random.Random(5).shuffle(rows)
    shuffled = io.StringIO()
    csv.writer(shuffled).writerows([header, *rows])
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    one = analysed(first, "reviews.csv", text)
    other = analysed(second, "导出-7月.csv", shuffled.getvalue())
    assert one["verbatims"] == other["verbatims"]
    assert one["themes"] == other["themes"]
    assert one["customers"] == other["customers"]
    assert len(one["themes"]) > 5


def test_the_salt_rests_on_the_lines_not_on_their_order() -> None:
    assert salt_of([b"a\nb\n", b"c"]) == salt_of([b"c", b"b\r\na\n"])
    assert salt_of([b"a\nb"]) != salt_of([b"a\nc"])
