"""`xinsheng refit`: the sentiment model of a project learns from what people corrected."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import lang_option, quiet_option

if TYPE_CHECKING:
    from app.locale import UiLanguage


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.  [default: XINSHENG_DATA, else ./data]")
@click.option("--project", metavar="SLUG", required=True, help="Project whose corrections are learnt from.")
@click.option("--anyway", is_flag=True, help="Use a new fit even where the measure does not say that it is better.")
@click.option("--on", "switch", flag_value="on", help="Use the newest re-fit without fitting anew.")
@click.option("--off", "switch", flag_value="off", help="Use the model as it is, without any re-fit.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as in the job's result.")
@lang_option
@quiet_option
def refit(
    *,
    data: Path | None,
    project: str,
    anyway: bool,
    switch: str | None,
    as_json: bool,
    lang: "UiLanguage",
    quiet: bool,
) -> None:
    """Re-fit a project's sentiment model to its corrections, say what that gains, use it where it is better.

    Every unit is then scored again; what people decided stays as they decided it.
    """
    from app.cli.progress import progress, report_of
    from app.cli.project import open_existing
    from app.errors import BadRequest
    from app.settings import Settings
    from app.tasks.refit import refit_project, use_refit

    if anyway and switch is not None:
        raise BadRequest(code="anyway_without_fit", values={"switch": f"--{switch}"})
    settings = Settings()
    db = open_existing(data, project)
    shown = progress(language=lang, quiet=quiet)
    try:
        if switch is None:
            done = refit_project(db, settings=settings, anyway=anyway, report=report_of(shown))
        else:
            done = use_refit(db, settings=settings, active=switch == "on", report=report_of(shown))
    finally:
        db.close()
        if shown is not None:
            shown.close()
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, indent=2))
        return
    for line in told(done, language=lang):
        click.echo(line)


def told(done: dict[str, Any], *, language: "UiLanguage") -> list[str]:
    """Return what a re-fit gains and whether it is in use, in sentences."""
    from app.locale import say

    lines = []
    if gain := done.get("gain"):
        lines.append(say(language, "refit.measured", gain))
        if gain["verdict"] != "unknown":
            low, value, high = (f"{100 * gain[key]:+.1f}" for key in ("low", "value", "high"))
            interval = say(language, "score.interval", {"low": low, "high": high})
            lines.append(f"{value} {say(language, 'refit.points')} ({interval})")
        lines.append(say(language, f"refit.verdict.{gain['verdict']}"))
    state = "on" if done["active"] else "off"
    lines.append(say(language, f"job.refit_{state}", {"changed": f"{done.get('changed', 0):,}"}))
    return lines
