"""What a run leaves behind in a folder: the contract of `xinsheng analyse --out DIR`.

The files are written beside the folder first and moved in at the end, so that a failure leaves nothing half-written,
and other things in the folder stay as they are. docs/outputs.md lists every key.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from sqlite_utils import Database

from app.errors import BadRequest
from app.export import csv_rows, jsonl, report
from app.export.entries import Entry, theme_entry
from app.export.escape import Cell
from app.locale import UiLanguage
from app.store import edits, runs, sources, themes
from app.store.filters import NO_FILTERS

REJECTED_COLUMNS = ("row", "reason", "raw", "source", "detail")
FILES = ("run.json", "themes.json", "verbatims.jsonl", "customers.jsonl", "rejected.csv", "report.html")
PAGE_SIZE = 5_000


def write(db: Database, folder: Path, *, language: UiLanguage) -> tuple[Path, ...]:
    """Write all files of a run and return their paths. Raises BadRequest where `folder` is a file, or OSError."""
    check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside and not in /tmp: a move is only one step within one file system.
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    writers: dict[str, Callable[[BinaryIO], None]] = {
        "run.json": lambda out: _json(out, run_entry(db)),
        "themes.json": lambda out: _json(out, [theme_entry(view) for view in themes.list_views(db, NO_FILTERS)]),
        "verbatims.jsonl": lambda out: jsonl.write(db, out, what="verbatims", filters=NO_FILTERS),
        "customers.jsonl": lambda out: jsonl.write(db, out, what="customers", filters=NO_FILTERS),
        "rejected.csv": lambda out: csv_rows.write_rows(out, columns=REJECTED_COLUMNS, rows=_rejected(db)),
        "report.html": lambda out: report.write(db, out, filters=NO_FILTERS, language=language),
    }
    try:
        for name in FILES:
            with (beside / name).open("wb") as out:
                writers[name](out)
        folder.mkdir(exist_ok=True)
        for name in FILES:
            (beside / name).replace(folder / name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return tuple(folder / name for name in FILES)


def check(folder: Path) -> None:
    """Raise BadRequest where a folder cannot be written to, so that this is known before the work and not after it."""
    if folder.exists() and not folder.is_dir():
        raise BadRequest(code="out_is_a_file", values={"path": str(folder)})


def run_entry(db: Database) -> Entry:
    """Return the newest run as it stands in run.json; rows add up: answers read = verbatims + rejected + set aside.

    Raises BadRequest where nothing was analysed yet.
    """
    run = runs.latest(db)
    if run is None:
        raise BadRequest(code="no_run")
    found = themes.list_views(db, NO_FILTERS)
    themed = sum(theme.units for theme in found if not theme.is_parent)
    customer_files = [upload["counts"] for upload in sources.uploads(db) if upload["kind"] == "customers"]
    return {
        "kind": run["kind"],
        "finished_at": run["finished_at"],
        "inputs": [_input(upload) for upload in sources.uploads(db)],
        "counts": {
            **run["counts"],
            # As they are now: people may have moved units since the run.
            "units_themed": themed,
            "units_unthemed": run["counts"].get("units", themed) - themed,
            "themes": sum(not theme.is_parent for theme in found),
            "edits": edits.live(db),
            "customers_rejected": sum(counts.get("rejected", 0) for counts in customer_files),
            "parent_themes": sum(theme.is_parent for theme in found),
            "tentative_themes": sum(theme.tentative and not theme.is_parent for theme in found),
        },
        "models": run["models"],
        "settings": run["settings"],
        "seed": run["seed"],
        "seconds": run["seconds"],
        "peak_mb": run["peak_mb"],
        "versions": run["versions"],
    }


def _input(upload: Mapping[str, Any]) -> Entry:
    keys = ("filename", "sha256", "kind", "format", "encoding", "mapping", "notes", "counts")
    return {key: upload[key] for key in keys}


def _rejected(db: Database) -> Iterator[tuple[Cell, ...]]:
    after: str | None = None
    while True:
        page = sources.rejected(db, limit=PAGE_SIZE, after=after)
        for item in page.items:
            yield tuple(item[column] for column in REJECTED_COLUMNS)
        if (after := page.next) is None:
            return


def _json(out: BinaryIO, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    out.write((text + "\n").encode("utf-8", "surrogatepass"))
