"""What holds for every command: help that is true, errors in one line, exit codes."""

import re
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app import __version__
from app.cli import main
from app.cli.commands import language_of, tell
from app.errors import BadRequest
from app.locale import sentences

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"
PROGRAM = [sys.executable, "-c", "from app.cli import main; main()"]


def run(*arguments: str, lang: str = "en_GB.UTF-8") -> subprocess.CompletedProcess[str]:
    environment = {"LANG": lang, "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"}
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
    )


def test_help_and_version_answer_at_once() -> None:
    began = time.perf_counter()
    shown = run("--help")
    seconds = time.perf_counter() - began
    assert shown.returncode == 0
    for name in main.commands:
        assert name in shown.stdout
    assert seconds < 1
    assert __version__ in run("--version").stdout


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'torch', 'fastapi', 'pydantic', 'sqlite_utils', 'sklearn', 'jinja2', 'xlsxwriter'}"
    code = f"import sys, app.cli; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_is_documented_and_every_documented_option_exists(name: str) -> None:
    section = re.split(rf"^## xinsheng {name}\b.*$", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1]
    section = re.split(r"^## ", section, flags=re.MULTILINE)[0]
    documented = set(re.findall(r"^\| `(--[a-z-]+)` \|", section, flags=re.MULTILINE))
    found = [item for item in main.commands[name].params if isinstance(item, click.Option)]
    assert documented == {next(one for one in item.opts if one.startswith("--")) for item in found}
    assert all(item.help or isinstance(item.type, click.Choice) for item in found)


UNUSABLE = [
    (["analyse", "no-such.csv", "--out", "x"], "no-such.csv", "找不到文件"),
    (["embed", "no-such.jsonl", "--field", "text", "--out", "x.npy"], "no-such.jsonl", "找不到文件"),
    (["serve", "--host", "0.0.0.0"], "--allow-anyone", "账号"),
    (["serve", "--host", "example.invalid"], "--allow-anyone", "账号"),
    (["themes"], "--project", "二者取一"),
    (["themes", "no-such-folder"], "themes.json", "themes.json"),
    (["export", "--data", "no-such", "--project", "p", "--format", "csv", "--out", "x.csv"], "no-such", "数据文件夹"),
]


@pytest.mark.parametrize(("arguments", "english", "chinese"), UNUSABLE)
def test_unusable_input_is_one_line_in_the_readers_language(
    arguments: list[str], english: str, chinese: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for code, expected in (("en", english), ("zh", chinese)):
        done = CliRunner().invoke(main, [*arguments, "--lang", code])
        assert done.exit_code == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1
        assert expected in done.stderr
        assert "{" not in done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing was made"


def test_exit_codes_of_the_program_itself(tmp_path: Path) -> None:
    done = run("analyse", str(tmp_path / "no.csv"), "--out", str(tmp_path / "out"), lang="zh_CN.UTF-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("xinsheng: 找不到文件")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": ""}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_says_the_language(environment: dict[str, str], expected: str) -> None:
    assert language_of(environment) == expected


def test_an_error_and_its_hint_are_one_line() -> None:
    error = BadRequest(code="host_not_local", values={"host": "0.0.0.0"})
    assert "\n" not in tell(error, "en")
    assert tell(error, "en").endswith("change everything.")
    assert " " not in tell(error, "zh").split("。")[0].replace("0.0.0.0 ", "")


@pytest.mark.parametrize("value", ["many", "-1", "65", "100000"])
def test_a_setting_that_cannot_be_is_one_line(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINSHENG_PROCESSES", value)
    done = CliRunner().invoke(main, ["models", "--lang", "zh"])
    assert done.exit_code == 2
    assert f"XINSHENG_PROCESSES不能是“{value}”" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main.commands["themes"], "callback", interrupted)
    done = CliRunner().invoke(main, ["themes", "x", "--lang", "en"])
    assert done.exit_code == 130
    assert done.stderr.strip() == "Interrupted."


def test_what_the_file_system_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setattr(main.commands["themes"], "callback", refused)
    done = CliRunner().invoke(main, ["themes", "x", "--lang", "en"])
    assert done.exit_code == 2
    assert done.stderr.startswith("xinsheng: /somewhere: Permission denied. Check that the path is right")
    assert len(done.stderr.splitlines()) == 1


def test_every_sentence_the_commands_say_exists_in_both_languages() -> None:
    folder = Path(__file__).parents[3] / "app"
    code = "".join(path.read_text("utf-8") for part in ("cli", "export") for path in (folder / part).glob("*.py"))
    used = {f"error.{name}" for name in re.findall(r'code="([a-z_]+)"', code)}
    used |= set(re.findall(r'"((?:cli|error|export|column)\.[a-z_]+)"', code))
    assert len(used) > 20
    for language in ("zh", "en"):
        assert used <= set(sentences(language))
