"""What a newcomer relies on: README's links and commands, the container file, the Makefile's targets."""

import re
from pathlib import Path

import pytest

from app.cli import main
from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "models").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets: lower case, words joined by hyphens, punctuation dropped."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, part = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name} links to {target}"
        if part:
            assert part in {anchor(heading) for heading in HEADING.findall(file.read_text("utf-8"))}, target


def test_readme_shows_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"run", "test", "install", "lint"} <= targets
    assert set(re.findall(r"^make (\w+)", readme, re.MULTILINE)) <= targets
    commands = set(re.findall(r"^\.venv/bin/xinsheng (\w+)", readme, re.MULTILINE))
    assert commands
    assert commands <= set(main.commands)


def test_readme_counts_the_sample_rightly() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    sample = ROOT / "app" / "sample"
    rows = sum(len((sample / name).read_text("utf-8-sig").splitlines()) - 1 for name in ("reviews.csv", "survey.csv"))
    for said in re.findall(r"(\d+) (?:reviews and|条评价)", readme):
        assert abs(int(said) - rows) <= 5


def test_container_copies_what_there_is_and_does_not_run_as_root(tmp_path: Path) -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    for line in lines:
        if line.startswith("COPY "):
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), f"the container copies {source}"
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}
    assert lines.index(next(line for line in lines if line.startswith("USER "))) < lines.index(
        next(line for line in lines if line.startswith("CMD "))
    )
    health = next(line for line in lines if line.startswith("HEALTHCHECK"))
    path = re.search(r"http://127\.0\.0\.1:8000(/[\w/]+)", health)
    assert path is not None
    schema = create_app(Settings(data=tmp_path)).openapi()
    assert path[1] in schema["paths"]
    command = re.findall(r'"([^"]+)"', next(line for line in lines if line.startswith("CMD ")))
    assert command[0] == "xinsheng"
    assert command[1] in main.commands
    known = {name for parameter in main.commands[command[1]].params for name in parameter.opts}
    assert {word for word in command if word.startswith("--")} <= known


def test_container_installs_everything_the_package_names() -> None:
    container = (ROOT / "Dockerfile").read_text("utf-8")
    for needed in ("pyproject.toml", "README.md", "LICENSE", "COPY app", "COPY models", "COPY pipelines"):
        assert needed in container


def test_the_changelog_knows_the_version() -> None:
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{version[1]}]" in changelog or "## [Unreleased]" in changelog


@pytest.mark.parametrize("guide", ["guide.md", "guide.zh.md"])
def test_both_guides_list_every_setting_with_its_default(guide: str) -> None:
    text = (ROOT / "docs" / guide).read_text("utf-8")
    listed = dict(re.findall(r"^\| `XINSHENG_(\w+)` \| ([^|]+) \|", text, re.MULTILINE))
    assert set(listed) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if field.default:
            assert listed[name.upper()].strip("` ") == str(field.default), name
