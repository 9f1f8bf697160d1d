"""`models` and `refit`: what is in use, and what a project learnt, in a terminal."""

import json
import shutil
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.models import table
from app.cli.progress import width
from app.cli.refit import told
from app.locale import UiLanguage
from models.shipped_weights import WEIGHTS
from tests.app.factories import filled_project


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_models_are_listed_with_their_digests(language: str) -> None:
    done = CliRunner().invoke(main, ["models", "--lang", language])
    assert done.exit_code == 0, done.output
    for folder in ("encoder", "sentiment"):
        for digest in json.loads((WEIGHTS / folder / "config.json").read_text("utf-8"))["sha256"].values():
            assert digest in done.output
        assert str(WEIGHTS / folder / "README.md") in done.output
    assert ("as stated" in done.output) == (language == "en")


@pytest.mark.parametrize("language", get_args(UiLanguage))
def test_a_model_that_is_not_there_is_told_in_the_readers_language(language: UiLanguage, tmp_path: Path) -> None:
    asked = ["embed", "-", "--field", "text", "--out", str(tmp_path / "x.npy"), "--encoder", "word2vec:x"]
    done = CliRunner().invoke(main, [*asked, "--lang", language], input='{"text": "快"}\n')
    assert done.exit_code == 2
    assert "word2vec" in done.stderr
    assert ("没有叫做" in done.stderr) == (language == "zh")


@pytest.mark.parametrize("language", get_args(UiLanguage))
def test_values_stand_in_one_column_in_both_languages(language: UiLanguage) -> None:
    found = json.loads(CliRunner().invoke(main, ["models", "--json"]).output)
    lines = table(found, language=language)
    values = ["shipped", *(file["sha256"] for one in found for file in one["files"])]
    starts = {width(line.partition(f" {value}")[0]) for value in values for line in lines if f" {value}" in line}
    assert len(starts) == 1


def test_json_is_what_the_api_says(tmp_path: Path) -> None:
    filled_project(tmp_path)
    done = CliRunner().invoke(main, ["models", "--json", "--data", str(tmp_path), "--project", "demo"])
    found = json.loads(done.output)
    assert [one["role"] for one in found] == ["encoder", "sentiment"]
    assert all(one["verified"] for one in found)


def test_a_damaged_model_is_shown_and_ends_with_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "sentiment"
    shutil.copytree(WEIGHTS / "sentiment", place)
    weights = next(place.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1])
    monkeypatch.setenv("XINSHENG_SENTIMENT", f"shipped:{place}")
    done = CliRunner().invoke(main, ["models", "--lang", "en"])
    assert done.exit_code == 2
    assert "damaged or missing" in done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert weights.name in done.stderr


def test_a_name_on_a_hub_is_told_and_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINSHENG_ENCODER", "sentence-transformers:nobody/model")
    done = CliRunner().invoke(main, ["models", "--lang", "en"])
    assert done.exit_code == 0
    assert "would be looked up on the Hugging Face hub" in done.output


def test_refitting_too_early_is_one_line(tmp_path: Path) -> None:
    filled_project(tmp_path)
    done = CliRunner().invoke(main, ["refit", "--data", str(tmp_path), "--project", "demo", "--lang", "en", "-q"])
    assert done.exit_code == 2
    assert "0 texts were judged; re-fitting needs 50." in done.stderr
    assert len(done.stderr.splitlines()) == 1
    gone = CliRunner().invoke(main, ["refit", "--data", str(tmp_path), "--project", "gone", "-q"])
    assert gone.exit_code == 2


@pytest.mark.parametrize("switch", ["--on", "--off"])
def test_anyway_without_a_fit_is_told_and_not_passed_over(switch: str, tmp_path: Path) -> None:
    filled_project(tmp_path)
    asked = ["refit", "--data", str(tmp_path), "--project", "demo", "--lang", "en", "-q", "--anyway", switch]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 2
    assert f"with {switch} nothing is fitted" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_was_gained_is_told_in_sentences() -> None:
    gain = {
        "judged": 60, "right": 40, "wrong": 20, "mended": 9, "spoilt": 2, "sampled": 35, "accuracy": 0.7,
        "measured_on": "sample", "value": 0.101, "low": -0.01, "high": 0.2, "verdict": "perhaps",
    }  # fmt: skip
    lines = told({"gain": gain, "active": True, "changed": 1234}, language="en")
    assert any("9 of the wrong ones right" in line for line in lines)
    assert any(line.startswith("+10.1 points") and "-1.0" in line for line in lines)
    assert "1,234" in lines[-1]
    assert len(told({"active": False, "changed": 0}, language="zh")) == 1


def test_texts_are_judged_as_a_project_taught(tmp_path: Path) -> None:
    filled_project(tmp_path)
    lines = tmp_path / "in.jsonl"
    lines.write_text(json.dumps({"t": "很好"}) + "\n", "utf-8")
    arguments = ["sentiment", str(lines), "--field", "t", "--out", str(tmp_path / "out.jsonl"), "-q"]
    project = ["--project", "demo", "--data", str(tmp_path)]
    assert CliRunner().invoke(main, [*arguments, *project]).exit_code == 0
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["label"] == "positive"
    assert CliRunner().invoke(main, [*arguments, "--project", "gone", "--data", str(tmp_path)]).exit_code == 2
