"""`xinsheng sentiment`: texts into labels with calibrated probabilities."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.commands import lang_option, quiet_option

if TYPE_CHECKING:
    from app.locale import UiLanguage
    from models.sentiment import SentimentModel

PLACES = 6


@click.command()
@click.argument("file", metavar="FILE.jsonl")
@click.option("--field", required=True, help="Key of each line's object that holds the text.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the labels go, as .jsonl.")
@click.option("--model", metavar="NAME", help="shipped, accurate, or transformers:NAME_OR_FOLDER.")
@click.option("--project", metavar="SLUG", help="As this project's corrections taught it, if a re-fit is in use.")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.  [default: XINSHENG_DATA, else ./data]")
@lang_option
@quiet_option
def sentiment(
    *,
    file: str,
    field: str,
    out: Path,
    model: str | None,
    project: str | None,
    data: Path | None,
    lang: "UiLanguage",
    quiet: bool,
) -> None:
    """Write {label, confidence, probabilities} per line of FILE.jsonl, line i for line i.

    A line that is not JSON or has no text in the field ends the command with its number; "-" reads standard input.
    """
    from app.cli.jsonl_input import batches, count_texts, open_lines
    from app.cli.models_asked import asked_sentiment
    from app.cli.output import replacing
    from app.cli.progress import progress, report_of
    from pipelines.records import LABELS
    from pipelines.score import label_of
    from pipelines.shadow import shadow

    with open_lines(file) as lines:
        total = count_texts(lines, field=field, path=file)
        shown = progress(language=lang, quiet=quiet)
        report = report_of(shown)
        report("score", 0, total)
        loaded = asked_sentiment(model) if project is None else _of_project(project, data, model=model)
        done = 0
        try:
            with replacing(out) as beside, beside.open("w", encoding="utf-8") as written:
                for texts in batches(lines, field=field, path=file):
                    for row in loaded.predict([shadow(text) for text in texts]):
                        label = label_of(row)
                        probabilities = {
                            name: round(float(value), PLACES) for name, value in zip(LABELS, row, strict=True)
                        }
                        entry = {
                            "label": label,
                            "confidence": probabilities[label],
                            "probabilities": probabilities,
                        }
                        written.write(json.dumps(entry) + "\n")
                    done += len(texts)
                    report("score", done, total)
        finally:
            if shown is not None:
                shown.close()


def _of_project(slug: str, data: Path | None, *, model: str | None) -> "SentimentModel":
    """Return the model with what the project's corrections taught it."""
    from app.cli.models_asked import asked_encoder, asked_sentiment
    from app.cli.project import open_existing
    from app.tasks.models_in_use import with_head

    db = open_existing(data, slug)
    try:
        return with_head(db, asked_sentiment(model), encoder=asked_encoder(None))
    finally:
        db.close()
