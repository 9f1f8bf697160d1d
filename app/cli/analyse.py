"""`xinsheng analyse`: files into a folder of results, without a server and without any earlier set-up."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import lang_option, quiet_option

if TYPE_CHECKING:
    from sqlite_utils import Database

    from app.locale import UiLanguage

TOP_THEMES = 5


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the results; made if missing.")
@click.option(
    "--customers", metavar="FILE", multiple=True, help="Customers to link the feedback to, such as a CRM export."
)
@click.option("--mapping", metavar="FILE", help="JSON that says which column is what; what it leaves out is proposed.")
@click.option("--codebook", metavar="FILE", help="Themes defined beforehand: csv, xlsx or .qdc, or “starter”.")
@click.option("--seed", type=int, help="Start of every random step; the same seed gives the same themes.")
@click.option("--encoder", metavar="NAME", help="Another encoder: base, or sentence-transformers:NAME_OR_FOLDER.")
@click.option("--sentiment", metavar="NAME", help="Another sentiment model: accurate, or transformers:NAME_OR_FOLDER.")
@click.option(
    "--engine", "chosen_engine", type=click.Choice(["processes", "ray"]), help="Who shares the work; docs/scaling.md."
)
@click.option("--no-llm", is_flag=True, help="Ask no language model for names, also where XINSHENG_LLM_URL is set.")
@lang_option
@quiet_option
def analyse(
    *,
    files: tuple[str, ...],
    out: Path,
    customers: tuple[str, ...],
    mapping: str | None,
    codebook: str | None,
    seed: int | None,
    encoder: str | None,
    sentiment: str | None,
    chosen_engine: str | None,
    no_llm: bool,
    lang: "UiLanguage",
    quiet: bool,
) -> None:
    """Turn FILEs of feedback into a folder of themes, verbatims, customers and a report.

    FILE may be csv, tsv, xlsx, xls, json, jsonl, txt, md, docx, vtt or srt; "-" reads standard input. DIR then holds
    run.json, themes.json, verbatims.jsonl, customers.jsonl, rejected.csv and report.html (docs/outputs.md).
    """
    from app.cli.codebook_file import read_codebook_file
    from app.cli.mapping import read_mapping
    from app.cli.name_answers import read_name_answers, write_name_answers
    from app.cli.progress import progress, report_of
    from app.cli.sources import names_of, read, salt_of
    from app.database import connect, write
    from app.engines import hands
    from app.errors import Unusable
    from app.export import folder
    from app.locale import say
    from app.settings import Settings
    from app.store import projects
    from app.tasks import analyse_project, ingest_file
    from app.tasks.codebook import put_codebook

    folder.check(out)
    given = {
        "seed": seed,
        "encoder": encoder,
        "sentiment": sentiment,
        "engine": chosen_engine,
        "llm_url": "" if no_llm else None,
    }
    settings = Settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    chosen = None if mapping is None else read_mapping(mapping)
    defined = () if codebook is None else read_codebook_file(codebook, language=lang).entries
    shown = progress(language=lang, quiet=quiet)
    report = report_of(shown)
    db = projects.prepare_project(connect(":memory:"))
    engine = ExitStack()
    try:
        named: list[tuple[str, str, str, dict[str, Any] | None]] = [
            (path, name, "customers", None) for path, name in zip(customers, names_of(customers), strict=True)
        ]
        named += [(path, name, "feedback", chosen) for path, name in zip(files, names_of(files), strict=True)]
        contents = [read(path) for path, *_ in named]
        spread = engine.enter_context(hands(settings, size=sum(map(len, contents))))
        with write(db):
            projects.put_setting(db, "salt", salt_of(contents))
        counted: list[Mapping[str, Any]] = []
        for place, ((_, name, kind, wanted), data) in enumerate(zip(named, contents, strict=True)):
            if shown is not None:
                shown.about = name
            key = ("file", place - len(customers))
            done = ingest_file(db, data, name, kind=kind, mapping=wanted, source_key=key, report=report)
            if kind == "feedback":
                counted.append(done.counts)
            if done.repeated and shown is not None:
                shown.close()
                click.echo(say(lang, "cli.repeated", {"filename": name}), err=True)
        if shown is not None:
            shown.about = ""
        if not any(counts["verbatims"] for counts in counted):
            names = ("rows_read", "rejected", "set_aside")
            raise Unusable(code="nothing_said", values={name: sum(one[name] for one in counted) for name in names})
        put_codebook(db, defined)
        if settings.llm_url:
            read_name_answers(db, out)
        analyse_project(db, settings=settings, spread=spread, report=report)
        report("report", 0, 1)
        folder.write(db, out, language=lang)
        if settings.llm_url:
            write_name_answers(db, out)
        report("report", 1, 1)
    finally:
        engine.close()
        if shown is not None:
            shown.close()
    if not quiet:
        click.echo(summary(db, out, language=lang))
    db.close()


def summary(db: "Database", out: Path, *, language: "UiLanguage") -> str:
    """Return what came of a run in a few lines: counts, the largest themes, what was left out, where the report is."""
    from app.cli.progress import pad
    from app.export.folder import run_entry
    from app.locale import say
    from app.naming_told import naming_told
    from app.store import themes
    from app.store.filters import NO_FILTERS

    counts: dict[str, Any] = run_entry(db)["counts"]
    lines = [say(language, "cli.summary", {name: _said(counts.get(name)) for name in SUMMED})]
    leaves = [theme for theme in themes.list_views(db, NO_FILTERS) if not theme.is_parent]
    for theme in leaves[:TOP_THEMES]:
        own, other = (theme.name_zh, theme.name_en) if language == "zh" else (theme.name_en, theme.name_zh)
        negative = theme.sentiment.negative / theme.units if theme.units else 0.0
        values = {"share": f"{theme.share:.1%}", "negative": f"{negative:.0%}"}
        name = pad(own if other in ("", own) else f"{own}  {other}", 44)
        lines.append(f"  {theme.units:>6,}  {name} {say(language, 'cli.theme_numbers', values)}")
    lines += [say(language, f"cli.{name}", {"count": counts[name]}) for name in LEFT_OUT if counts[name]]
    lines += naming_told(counts.get("proposed_names"), language)
    lines.append(say(language, "cli.report_at", {"path": out / "report.html"}))
    return "\n".join(lines)


LEFT_OUT = ("rejected", "customers_rejected", "set_aside")
SUMMED = ("verbatims", "units", "units_unthemed", "themes", "customers")


def _said(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "0"
