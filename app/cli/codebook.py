"""`xinsheng codebook`: look at a codebook, and turn it into csv or REFI-QDA."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from app.cli.commands import lang_option

if TYPE_CHECKING:
    from app.export.codebook import CodebookFormat
    from app.locale import UiLanguage
    from pipelines.records import Codebook


@click.command()
@click.argument("source", required=False, metavar="[FILE]")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.  [default: XINSHENG_DATA, else ./data]")
@click.option("--project", metavar="SLUG", help="The codebook of this project, in place of FILE.")
@click.option("--themes", is_flag=True, help="Of the project: all its themes, found ones with their sentences.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write: .csv or .qdc (REFI-QDA).")
@lang_option
def codebook(
    *, source: str | None, data: Path | None, project: str | None, themes: bool, out: Path | None, lang: "UiLanguage"
) -> None:
    """List the themes a codebook defines, or write it as csv or REFI-QDA .qdc.

    FILE may be csv, tsv, xlsx or .qdc; “starter” is the codebook that comes with Xinsheng; a folder that “xinsheng
    analyse” wrote gives its themes, with their sentences as examples.
    """
    from app.cli.codebook_file import read_codebook_file
    from app.cli.output import replacing
    from app.errors import BadRequest
    from app.export.codebook import write_codebook

    if (source is None) == (project is None) or (themes and project is None):
        raise BadRequest(code="codebook_or_project")
    if out is not None and out.suffix.lower() not in (".csv", ".qdc"):
        raise BadRequest(code="codebook_suffix", values={"path": str(out)})
    if project is not None:
        found = _of_project(data, project, everything=themes)
    elif Path(str(source)).is_dir():
        found = _of_folder(Path(str(source)))
    else:
        found = read_codebook_file(str(source), language=lang).entries
    if out is None:
        for line in listed(found, language=lang):
            click.echo(line)
        return
    with replacing(out) as beside, beside.open("wb") as written:
        write_codebook(found, written, format=cast("CodebookFormat", out.suffix.lower().lstrip(".")))


def listed(codebook: "Codebook", *, language: "UiLanguage") -> list[str]:
    """Return a codebook as lines: names by depth, and how many examples each has."""
    from app.locale import say

    if not codebook:
        return [say(language, "codebook.none")]
    depth: dict[str, int] = {}
    lines = []
    for entry in codebook:
        depth[entry.guid] = depth[entry.parent] + 1 if entry.parent else 0
        count = say(language, "codebook.examples_count", {"count": len(entry.examples)})
        lines.append("  " * depth[entry.guid] + entry.name + (f"  ({count})" if entry.examples else ""))
    return lines


def _of_project(data: Path | None, project: str, *, everything: bool) -> "Codebook":
    from app.cli.project import open_existing
    from app.store import codebook as store
    from app.tasks.codebook import all_as_codebook

    db = open_existing(data, project)
    try:
        return all_as_codebook(db) if everything else store.all_entries(db)
    finally:
        db.close()


def _of_folder(folder: Path) -> "Codebook":
    from app.cli.themes import themes_of_folder
    from app.errors import BadRequest
    from pipelines.codebook_entries import guid_of, make_entry, sound

    said: dict[str, str] = {}
    place = folder / "verbatims.jsonl"
    themes = themes_of_folder(folder)
    try:
        with place.open(encoding="utf-8") as lines:
            for line in lines:
                said |= {unit["id"]: unit["text"] for unit in json.loads(line)["units"]}
        return sound(
            [
                make_entry(
                    name_zh=theme["name"]["zh"],
                    name_en=theme["name"]["en"] if theme["name"]["en"] != theme["name"]["zh"] else "",
                    examples=[said[one] for one in theme["exemplars"] if one in said and not theme["is_parent"]],
                    guid=guid_of("theme", theme["id"]),
                    parent=guid_of("theme", theme["parent_id"]) if theme["parent_id"] else None,
                    codable=not theme["is_parent"],
                )
                for theme in themes
            ]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRequest(code="themes_file_broken", values={"path": str(folder)}) from error
