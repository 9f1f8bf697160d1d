"""An upload looked at before it is read: what kind of file it is, which column is what, and its first rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Unusable
from pipelines.columns import Proposal, propose_mapping
from pipelines.mapping import mapping_to_json
from pipelines.read import Table, read_file
from pipelines.unreadable import UnreadableFile

FIRST_ROWS = 20
"""Rows shown in a preview: enough to see what a column holds, few enough for one screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would be read as. `kind` is feedback, customers, transcript or unusable; `mapping` as JSON."""

    kind: str
    format: str
    encoding: str | None
    columns: tuple[str, ...]
    questions: Mapping[str, str]
    mapping: Mapping[str, Any]
    reasons: Mapping[str, str]
    notes: tuple[str, ...]
    message: Mapping[str, str]
    rows_read: int
    first_rows: tuple[tuple[int, tuple[str, ...]], ...]
    rejected: int
    asking_rows: frozenset[int] = frozenset()
    """Of a transcript the first rows in which the interviewer speaks: they become no verbatims."""


def preview(data: bytes, filename: str) -> Preview:
    """Return what a file would be read as. Raises Unusable with one clear sentence where it gives nothing."""
    table = open_table(data, filename)
    proposal = propose_mapping(table)
    return Preview(
        kind=proposal.kind,
        format=table.format,
        encoding=table.encoding,
        columns=tuple(table.columns),
        questions=dict(table.questions),
        mapping=mapping_to_json(proposal.mapping),
        reasons=dict(proposal.reasons),
        notes=tuple(table.notes),
        message={"en": proposal.message_en, "zh": proposal.message_zh},
        rows_read=rows_in(table),
        first_rows=_first_rows(table),
        rejected=len(table.rejected),
        asking_rows=frozenset(turn.row for turn in table.turns[:FIRST_ROWS] if turn.role == "interviewer"),
    )


def open_table(data: bytes, filename: str) -> Table:
    """Return a file's rows or turns. Raises Unusable in the words of the reading stage."""
    try:
        return read_file(data, filename)
    except UnreadableFile as error:
        raise Unusable.of(error, filename=filename) from error


def rows_in(table: Table) -> int:
    """Return how many rows (of a transcript: turns) a file has, those included that could not be read."""
    return len(table.turns if table.kind == "transcript" else table.rows) + len(table.rejected)


def refuse_unusable(proposal: Proposal, filename: str) -> None:
    """Raise Unusable where no column of a file holds free text, in the words of the proposal."""
    if proposal.kind == "unusable":
        raise Unusable(
            code="no_free_text",
            values={"filename": filename},
            message={"en": proposal.message_en, "zh": proposal.message_zh} if proposal.message_en else None,
        )


def _first_rows(table: Table) -> tuple[tuple[int, tuple[str, ...]], ...]:
    if table.kind == "transcript":
        return tuple((turn.row, (turn.speaker or "", turn.text)) for turn in table.turns[:FIRST_ROWS])
    return tuple(table.rows[:FIRST_ROWS])
