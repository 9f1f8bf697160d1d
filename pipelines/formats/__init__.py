"""File formats: one file each, ending in a `FORMAT`. Found by looking at the folder; there is no list to edit.

To add one, write `pipelines/formats/<name>.py` with a `FORMAT = FileFormat(…)`. Its `looks_right` judges the contents
(names of files lie), its `read` gives a `Content`. The upload page, the documentation and the contract test read
`all_formats()`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipelines.records import Rejected, Turn

Row = tuple[int, tuple[str, ...]]
"""A row number as a spreadsheet or an editor shows it, and the cells."""

ContentKind = Literal["table", "transcript", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """A file as it arrived; `text` is None where its first bytes say that it is not text."""

    data: bytes
    suffix: str
    text: str | None = None
    encoding: str | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a format found in a file.

    `columns` is None where the first rows may be a header (spreadsheets); formats that know their names give them.
    For a transcript `turns` holds it all, for text each row is one cell.
    """

    kind: ContentKind
    rows: Sequence[Row] = ()
    columns: tuple[str, ...] | None = None
    turns: tuple[Turn, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """One kind of file. `order` says when it is asked: strict formats (a signature, a grammar) before lenient ones.

    `read` raises `UnreadableFile` where the file gives nothing at all; a bad row is a `Rejected`.
    """

    name: str
    suffixes: tuple[str, ...]
    title_en: str
    title_zh: str
    order: int
    looks_right: Callable[[RawFile], bool]
    read: Callable[[RawFile], Content]


@cache
def all_formats() -> tuple[FileFormat, ...]:
    """Return every format in the folder, strictest first."""
    found = [importlib.import_module(f"{__name__}.{module.name}").FORMAT for module in pkgutil.iter_modules(__path__)]
    return tuple(sorted(found, key=lambda form: (form.order, form.name)))


def recognise(raw: RawFile) -> FileFormat | None:
    """Return the first format whose signature fits the contents, or None."""
    return next((form for form in all_formats() if form.looks_right(raw)), None)
