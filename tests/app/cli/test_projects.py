"""`themes` and `export` over a folder and over a project."""

import csv
import json
from pathlib import Path

from click.testing import CliRunner, Result

from app.cli import main
from app.cli.progress import width
from app.cli.sources import names_of
from app.export import folder
from app.store import projects
from tests.app import factories


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--lang", "en"])


def test_themes_of_a_project_and_of_a_folder_are_the_same(tmp_path: Path) -> None:
    factories.filled_project(tmp_path)
    db = projects.open_project(tmp_path, "demo")
    folder.write(db, tmp_path / "out", language="en")
    db.close()
    of_project = invoke("themes", "--data", str(tmp_path), "--project", "demo")
    of_folder = invoke("themes", str(tmp_path / "out"))
    assert of_project.exit_code == of_folder.exit_code == 0
    assert of_project.stdout == of_folder.stdout
    assert "Slow delivery  物流太慢" in of_project.stdout
    as_json = invoke("themes", "--json", "--data", str(tmp_path), "--project", "demo")
    assert json.loads(as_json.stdout) == json.loads((tmp_path / "out" / "themes.json").read_text("utf-8"))
    assert len(invoke("themes", "--limit", "1", str(tmp_path / "out")).stdout.splitlines()) == 2


def test_columns_stand_below_each_other_in_chinese(tmp_path: Path) -> None:
    factories.filled_project(tmp_path)
    done = CliRunner().invoke(main, ["themes", "--data", str(tmp_path), "--project", "demo", "--lang", "zh"])
    lines = done.stdout.splitlines()
    starts = {width(line[: line.index(name)]) for line, name in zip(lines[1:], ("服务", "物流", "客服"), strict=False)}
    assert max(starts) - min(starts) <= 2, "children are indented by two columns, nothing else differs"


def test_export_takes_the_filters(tmp_path: Path) -> None:
    factories.filled_project(tmp_path)
    out = tmp_path / "sub" / "negative.csv"
    common = ("export", "--data", str(tmp_path), "--project", "demo")
    done = invoke(*common, "--format", "csv", "--what", "units", "--sentiment", "negative", "--out", str(out))
    assert (done.exit_code, done.output) == (0, "")
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert {row["sentiment"] for row in csv.DictReader(file)} == {"negative"}
    bad = invoke(*common, "--format", "csv", "--sentiment", "angry", "--out", str(tmp_path / "bad.csv"))
    assert bad.exit_code == 2
    assert "angry" in bad.stderr
    assert not (tmp_path / "bad.csv").exists()


def test_an_unknown_project_is_one_line(tmp_path: Path) -> None:
    factories.add_project(tmp_path)
    done = invoke(
        "export", "--data", str(tmp_path), "--project", "other", "--format", "csv", "--out", str(tmp_path / "x")
    )
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


def test_files_of_one_name_are_told_apart() -> None:
    assert names_of(["a/x.csv", "-", "y.csv"]) == ("x.csv", "stdin", "y.csv")
    assert names_of(["a/x.csv", "b/x.csv", "y.csv"]) == ("a/x.csv", "b/x.csv", "y.csv")
