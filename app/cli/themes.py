"""`xinsheng themes`: the themes of a folder or a project, in the terminal."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import lang_option

if TYPE_CHECKING:
    from app.locale import UiLanguage

BAR = 12
MARKS = ("pinned", "hidden", "locked")


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.  [default: XINSHENG_DATA, else ./data]")
@click.option("--project", metavar="SLUG", help="Project of the data folder, in place of DIR.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Most themes shown.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as in themes.json.")
@lang_option
def themes(
    *, folder: Path | None, data: Path | None, project: str | None, limit: int, as_json: bool, lang: "UiLanguage"
) -> None:
    """List the themes of DIR, which `xinsheng analyse` wrote, or of a project of the web app."""
    from app.errors import BadRequest

    if (folder is None) == (project is None):
        raise BadRequest(code="folder_or_project")
    found = themes_of_folder(folder) if folder is not None else _of_project(data, str(project))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in table(found[:limit], language=lang):
        click.echo(line)


def table(found: Sequence[dict[str, Any]], *, language: "UiLanguage") -> list[str]:
    """Return the themes as lines: units, share, a bar of the negative part, both names, impact on the score."""
    from app.cli.progress import pad, width
    from app.locale import say

    if not found:
        return [say(language, "cli.no_themes")]
    other: UiLanguage = "en" if language == "zh" else "zh"
    names = []
    for theme in found:
        own, second = theme["name"][language], theme["name"][other]
        indent = "  " if theme["parent_id"] else ""
        marks = [say(language, f"theme.{mark}") for mark in MARKS if theme.get(mark)]
        shown = own + (f"  {second}" if second and second != own else "")
        names.append(indent + shown + (f"  ({say(language, 'list.comma').join(marks)})" if marks else ""))
    columns = max(width(name) for name in names)
    head = [say(language, f"column.{name}") for name in ("units", "share", "negative", "theme", "score_impact")]
    lines = [f"{_right(head[0], 8)}{_right(head[1], 8)}  {pad(head[2], BAR + 6)}{pad(head[3], columns + 2)}{head[4]}"]
    for theme, name in zip(found, names, strict=True):
        negative = theme["sentiment"]["negative"] / theme["units"] if theme["units"] else 0.0
        full = round(BAR * negative)
        bar = "█" * full + "░" * (BAR - full)
        impact = "" if theme["score_impact"] is None else f"{theme['score_impact']:+.1f}"
        numbers = f"{theme['units']:>8,}{theme['share']:>8.1%}"
        lines.append(f"{numbers}  {bar}{negative:>5.0%} {pad(name, columns + 2)}{impact}".rstrip())
    return lines


def themes_of_folder(folder: Path) -> list[dict[str, Any]]:
    """Return the themes of a folder that `xinsheng analyse` wrote. Raises NotFound, BadRequest."""
    from app.errors import BadRequest, NotFound

    place = folder / "themes.json"
    if not place.exists():
        raise NotFound(code="no_themes_file", values={"path": str(folder)})
    try:
        return list(json.loads(place.read_text("utf-8")))
    except ValueError as error:
        raise BadRequest(code="themes_file_broken", values={"path": str(place)}) from error


def _of_project(data: Path | None, project: str) -> list[dict[str, Any]]:
    from app.cli.project import open_existing
    from app.export.entries import theme_entry
    from app.store import themes as store
    from app.store.filters import NO_FILTERS

    db = open_existing(data, project)
    try:
        return [theme_entry(view) for view in store.list_views(db, NO_FILTERS)]
    finally:
        db.close()


def _right(text: str, columns: int) -> str:
    from app.cli.progress import width

    return " " * max(0, columns - width(text)) + text
