"""`xinsheng models`: which models are in use, with versions and digests."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import lang_option

if TYPE_CHECKING:
    from app.locale import UiLanguage


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.  [default: XINSHENG_DATA, else ./data]")
@click.option("--project", metavar="SLUG", help="With what this project's corrections added.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as in the API.")
@lang_option
def models(*, data: Path | None, project: str | None, as_json: bool, lang: "UiLanguage") -> None:
    """List the encoder and the sentiment model in use: name, version, digests checked, size, card.

    Nothing is loaded and nothing is fetched. A damaged or missing model ends the command with exit code 2.
    """
    from app.cli.project import open_existing
    from app.errors import BadRequest
    from app.models_listed import models_in_use
    from app.settings import Settings

    db = None if project is None else open_existing(data, project)
    try:
        found = models_in_use(Settings(), db, language=lang)
    finally:
        if db is not None:
            db.close()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in table(found, language=lang):
            click.echo(line)
    damaged = next((one for one in found if one["problem"] is not None), None)
    if damaged is not None:
        name = damaged["name"] or damaged["setting"]
        raise BadRequest(code="no_model", values={"model": name, "reason": damaged["problem"]})


def table(found: Sequence[dict[str, Any]], *, language: "UiLanguage") -> list[str]:
    """Return the models as lines: a heading each, then its facts."""
    from app.cli.progress import pad, width
    from app.locale import say

    names = ("setting", "version", "state", "size", "dim", "classes", "trained_on", "card", "network")
    titles = {name: say(language, f"model.{name}") for name in names}
    columns = max(width(title) for title in titles.values()) + 2
    lines: list[str] = []
    for one in found:
        facts = {**one, "state": _state(one, language), "size": _size(one["bytes"])}
        facts |= {
            "classes": ", ".join(one["classes"]),
            "network": say(language, "model.asks") if one["network"] else "",
        }
        if lines:
            lines.append("")
        lines.append(f"{say(language, 'model.role.' + one['role'])}  {one['name'] or one['setting']}")
        lines += [f"  {pad(titles[name], columns)}{facts[name]}" for name in names if facts[name]]
        lines += [f"  {pad('sha256', columns)}{file['sha256']}  {file['name']}" for file in one["files"]]
    return lines


def _state(one: dict[str, Any], language: "UiLanguage") -> str:
    from app.locale import say

    if one["problem"] is not None:
        return say(language, "model.state.damaged")
    states = {True: "verified", False: "damaged", None: "unstated"}
    return say(language, f"model.state.{states[one['verified']]}") if one["files"] else ""


def _size(size: int | None) -> str:
    return "" if not size else f"{size / 2**20:.1f} MB"
