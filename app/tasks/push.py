"""Push: items of an API call become verbatims, each told what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from app.database import write
from app.tasks.ingest import link_and_save, redaction_kinds
from pipelines.identity import identify
from pipelines.records import Source, SurveyResponse
from pipelines.verbatims import verbatims_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of one item: created, updated, unchanged or rejected (with its reason), and its verbatims."""

    position: int
    result: str
    reason: str | None
    verbatim_ids: tuple[str, ...]


def add_items(db: Database, items: Sequence[SurveyResponse], *, source_name: str = "API") -> tuple[Pushed, ...]:
    """Store items in one write; `row` of each item is its position in the call, counted from 0.

    An item whose answers all say nothing is rejected with the reason they were set aside for.
    """
    source = Source(id=identify("s", "api", source_name), name=source_name, kind="api")
    prepared = verbatims_from(source, items, kinds=redaction_kinds(db))
    with write(db):
        saved, _ = link_and_save(db, source, prepared, upload_sha256=None)
    state = dict.fromkeys(saved.unchanged, "unchanged")
    state |= dict.fromkeys(saved.updated, "updated") | dict.fromkeys(saved.created, "created")
    by_row: dict[int, list[str]] = {}
    for verbatim in prepared.verbatims:
        by_row.setdefault(verbatim.row, []).append(verbatim.id)
    reasons = {one.row: one.reason for one in prepared.set_aside} | {one.row: one.reason for one in prepared.rejected}
    results = []
    for item in items:
        ids = tuple(by_row.get(item.row, ()))
        found = {state[one] for one in ids}
        result = next((name for name in ("created", "updated", "unchanged") if name in found), "rejected")
        reason = reasons.get(item.row, "empty") if result == "rejected" else None
        results.append(Pushed(position=item.row, result=result, reason=reason, verbatim_ids=ids))
    return tuple(results)
