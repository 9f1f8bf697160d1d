"""`xinsheng embed`: texts into vectors of unit length."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.commands import lang_option, quiet_option

if TYPE_CHECKING:
    from app.locale import UiLanguage


@click.command()
@click.argument("file", metavar="FILE.jsonl")
@click.option("--field", required=True, help="Key of each line's object that holds the text.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the vectors go, as .npy.")
@click.option("--encoder", metavar="NAME", help="shipped, base, or sentence-transformers:NAME_OR_FOLDER.")
@lang_option
@quiet_option
def embed(*, file: str, field: str, out: Path, encoder: str | None, lang: "UiLanguage", quiet: bool) -> None:
    """Write one vector per line of FILE.jsonl: float32 (n, dim), unit length, row i for line i.

    A line that is not JSON or has no text in the field ends the command with its number; "-" reads standard input.
    """
    import numpy as np

    from app.cli.jsonl_input import batches, count_texts, open_lines
    from app.cli.models_asked import asked_encoder
    from app.cli.output import replacing
    from app.cli.progress import progress, report_of
    from pipelines.shadow import shadow

    with open_lines(file) as lines:
        total = count_texts(lines, field=field, path=file)
        shown = progress(language=lang, quiet=quiet)
        report = report_of(shown)
        report("embed", 0, total)
        model = asked_encoder(encoder)
        done = 0
        try:
            # Row after row rather than through a map of the whole file, whose pages would count as memory: a million
            # lines are a gigabyte of vectors, and no more than a batch of them is held.
            with replacing(out) as beside, beside.open("wb") as written:
                shape = (total, model.dim)
                np.lib.format.write_array_header_2_0(written, {"descr": "<f4", "fortran_order": False, "shape": shape})
                for texts in batches(lines, field=field, path=file):
                    rows = model.encode([shadow(text) for text in texts])
                    written.write(np.ascontiguousarray(rows, dtype="<f4").tobytes())
                    done += len(texts)
                    report("embed", done, total)
        finally:
            if shown is not None:
                shown.close()
