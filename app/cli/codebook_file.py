"""`--codebook FILE`: a codebook as csv, xlsx or REFI-QDA .qdc, or the starter by its name."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.locale import UiLanguage
    from pipelines.codebook_entries import CodebookFile


def read_codebook_file(path: str, *, language: "UiLanguage") -> "CodebookFile":
    """Return the codebook of a file, or the starter; says on stderr which rows could not be read. Raises Unusable."""
    from app.cli.sources import read
    from app.codebooks import STARTER
    from app.tasks.codebook import open_codebook, starter

    found = starter() if path == STARTER else open_codebook(read(path), Path(path).name)
    for line in left_out(found, language=language):
        click.echo(line, err=True)
    return found


def left_out(found: "CodebookFile", *, language: "UiLanguage") -> list[str]:
    """Return what of a file was not taken, or taken differently, one line each."""
    from app.locale import say

    lines = []
    for bad in found.rejected:
        values = {"row": bad.row, "reason": say(language, f"reason.{bad.reason}"), "detail": bad.detail}
        lines.append(say(language, "codebook.bad_row", values))
    return lines + [say(language, f"codebook.note.{code}", {"detail": detail}) for code, detail in found.notes]
