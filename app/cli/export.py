"""`xinsheng export`: a project's verbatims, units, themes or customers, or its report, into one file."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from app.cli.commands import lang_option

if TYPE_CHECKING:
    from app.export import Format, What
    from app.locale import UiLanguage


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.  [default: XINSHENG_DATA, else ./data]")
@click.option("--project", required=True, metavar="SLUG", help="Project, by its name in the address.")
@click.option("--format", "format_", type=click.Choice(["csv", "xlsx", "jsonl", "html"]), required=True)
@click.option(
    "--what",
    type=click.Choice(["verbatims", "units", "themes", "customers"]),
    default="verbatims",
    show_default=True,
    help="What to write; html is always the theme report.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write.")
@click.option("--theme", help="Only this theme id; “none” for what fits no theme.")
@click.option("--sentiment", help="Only negative, neutral, positive or mixed.")
@click.option("--language", help="Only zh, en, mixed or other.")
@click.option("--source", help="Only this source id.")
@click.option("--customer", help="Only this customer id.")
@click.option("--customer-type", help="Only new, potential, discount_driven, dissatisfied or loyal customers.")
@click.option("--segment", metavar="NAME:VALUE", help="Only where an attribute has this value.")
@click.option("--touchpoint", help="Only this touchpoint.")
@click.option("--question", help="Only answers to this question, word for word.")
@click.option("--from", "since", metavar="DAY", help="First day, YYYY-MM-DD.")
@click.option("--to", "until", metavar="DAY", help="Last day, YYYY-MM-DD, included.")
@lang_option
def export(
    *,
    data: Path | None,
    project: str,
    format_: str,
    what: str,
    out: Path,
    theme: str | None,
    sentiment: str | None,
    language: str | None,
    source: str | None,
    customer: str | None,
    customer_type: str | None,
    segment: str | None,
    touchpoint: str | None,
    question: str | None,
    since: str | None,
    until: str | None,
    lang: "UiLanguage",
) -> None:
    """Write part of a project to one file: csv and xlsx for spreadsheets, jsonl for programs, html as the report.

    The filters mean the same as in the web app and the API.
    """
    from app.asked import asked_filters
    from app.cli.output import replacing
    from app.cli.project import open_existing
    from app.export import write

    filters = asked_filters(
        theme=theme,
        sentiment=sentiment,
        language=language,
        source=source,
        customer=customer,
        customer_type=customer_type,
        segment=segment,
        touchpoint=touchpoint,
        question=question,
        since=since,
        until=until,
    )
    db = open_existing(data, project)
    try:
        with replacing(out) as beside, beside.open("wb") as written:
            write(
                db,
                written,
                format=cast("Format", format_),
                what=cast("What", what),
                filters=filters,
                language=lang,
            )
    finally:
        db.close()
