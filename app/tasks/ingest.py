"""Ingest: a file becomes verbatims or customers, all in one write; a file that came before changes nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.collector import collector_paused
from app.database import write
from app.errors import BadRequest, Unusable
from app.store import customers as customer_store
from app.store import projects, sources
from app.store import verbatims as verbatim_store
from app.tasks.preview import open_table, refuse_unusable, rows_in
from pipelines.columns import propose_mapping
from pipelines.customers import customers_from
from pipelines.identity import identify
from pipelines.link import index_customers, link
from pipelines.mapping import ColumnMapping, MappingError, mapping_from_json, mapping_to_json, merge
from pipelines.read import Table, responses
from pipelines.records import CustomerLink, Rejected, Report, Source, SurveyResponse, Turn, Verbatim, silent
from pipelines.redact import REDACTION_KINDS, redact
from pipelines.shadow import shadow
from pipelines.verbatims import Prepared, verbatims_from

OTHER_FILE = 0.5
"""Where more than half of the ids that a file shares with its source carry other words, the numbers were merely
restarted: it is another file of the same name, not a corrected one."""
OTHER_FILE_LEAST = 5
"""Fewer shared ids than this say nothing about that."""
RAW_LENGTH = 500
"""Letters of a rejected row that are kept: enough to find it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What came of a file; `repeated` where the same bytes were read before and nothing was changed."""

    source: str | None
    filename: str
    kind: str
    counts: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    repeated: bool = False


@collector_paused()
def ingest_file(
    db: Database,
    data: bytes,
    filename: str,
    *,
    kind: str = "feedback",
    mapping: Mapping[str, Any] | None = None,
    source_key: Sequence[object] | None = None,
    report: Report = silent,
) -> Ingested:
    """Read a file into a project. Raises Unusable or BadRequest, leaving the project as it was.

    A mapping may be partial: what it does not say is proposed. `source_key` (by default the file name) and the columns
    make the source itself, so that a later export of the same file updates rather than repeats.
    """
    digest = hashlib.sha256(data).hexdigest()
    before = sources.find_upload(db, digest, kind)
    if before is not None and mapping is None:
        return _repeated(before, filename, kind)
    report("read", 0, 1)
    table = open_table(data, filename)
    report("read", 1, 1)
    chosen = _mapping(table, filename, mapping=mapping, kind=kind)
    if before is not None and mapping_to_json(chosen) == dict(before["mapping"]):
        return _repeated(before, filename, kind)
    if kind == "customers":
        return _ingest_customers(db, table, filename, digest=digest, mapping=chosen)
    return _ingest_feedback(
        db, table, filename, digest=digest, mapping=chosen, source_key=source_key, before=before, report=report
    )


def _repeated(before: Mapping[str, Any], filename: str, kind: str) -> Ingested:
    """Return what a file that came before does: nothing, so its counts say that all of it is unchanged."""
    counts = dict(before["counts"])
    if kind == "feedback":
        counts |= {"created": 0, "updated": 0, "unchanged": counts["verbatims"], "new_customers": 0}
    return Ingested(source=before["source_id"], filename=filename, kind=kind, counts=counts, repeated=True)


def redaction_kinds(db: Database) -> frozenset[str]:
    """Return the kinds of personal data this project masks: all, unless a person switched some off."""
    stored = projects.get_setting(db, "redact")
    return frozenset(REDACTION_KINDS) if not isinstance(stored, list) else frozenset(map(str, stored))


def link_and_save(
    db: Database, source: Source, prepared: Prepared, *, upload_sha256: str | None
) -> tuple[verbatim_store.Saved, dict[str, int]]:
    """Link prepared verbatims to customers and store all of it; inside a write transaction."""
    salt = str(projects.get_setting(db, "salt"))
    known = customer_store.all_records(db)
    linked = link(prepared.verbatims, index_customers(known), salt=salt)
    links: dict[str, CustomerLink] = {one.verbatim_id: one for one in linked.links}
    sources.save(db, source)
    customer_store.save(db, linked.created, origin="feedback")
    saved = verbatim_store.save(
        db,
        prepared.verbatims,
        links=links,
        words={verbatim.id: shadow(verbatim.text) for verbatim in prepared.verbatims},
    )
    kinds = redaction_kinds(db)
    sources.save_left_out(
        db,
        source.id,
        upload_sha256=upload_sha256,
        rejected=[masked(row, kinds=kinds) for row in prepared.rejected],
        set_aside=prepared.set_aside,
    )
    return saved, {
        "linked": len(linked.links),
        "unlinked": len(linked.unmatched),
        "new_customers": len(linked.created),
        "link_conflicts": len(linked.conflicts),
    }


def masked(row: Rejected, *, kinds: frozenset[str]) -> Rejected:
    """Return a rejected row with personal data masked and its raw text cut to what finds it again."""
    return Rejected(
        row=row.row,
        reason=row.reason,
        detail=redact(row.detail, kinds=kinds).text,
        raw=redact(row.raw[:RAW_LENGTH], kinds=kinds).text,
    )


def _mapping(table: Table, filename: str, *, mapping: Mapping[str, Any] | None, kind: str) -> ColumnMapping:
    proposal = propose_mapping(table)
    if mapping is None:
        if kind == "feedback":
            refuse_unusable(proposal, filename)
            if proposal.kind == "customers":
                raise Unusable(code="looks_like_customers", values={"filename": filename})
        return proposal.mapping
    try:
        return merge(mapping_from_json(mapping, table.columns), proposal.mapping)
    except MappingError as error:
        raise BadRequest(
            code="bad_mapping", values={"problem": str(error)}, details={"wrong": error.wrong, "near": list(error.near)}
        ) from error


def _ingest_feedback(
    db: Database,
    table: Table,
    filename: str,
    *,
    digest: str,
    mapping: ColumnMapping,
    source_key: Sequence[object] | None,
    before: Mapping[str, Any] | None,
    report: Report,
) -> Ingested:
    if table.kind != "transcript" and not mapping.text:
        raise Unusable(code="no_free_text", values={"filename": filename})
    # Responses bring the rejected rows with them, each in its place.
    items: list[SurveyResponse | Turn | Rejected] = (
        [*table.rejected, *table.turns] if table.kind == "transcript" else list(responses(table, mapping))
    )
    key = (*(source_key or (filename,)), *sorted(table.columns))
    source = Source(id=identify("s", *key), name=filename)
    own = identify("s", *key, digest)
    if before is not None and before["source_id"] == own:
        source = Source(id=own, name=sources.view(db, own).name)
    read_before = before is not None and before["source_id"] == source.id
    kinds = redaction_kinds(db)
    report("clean", 0, len(items))
    prepared = verbatims_from(source, items, kinds=kinds)
    report("clean", len(items), len(items))
    if not read_before and _is_other_file(db, prepared.verbatims):
        number = 1 + sum(view.name.startswith(filename) for view in sources.views(db))
        source = Source(id=own, name=f"{filename} ({number})")
        prepared = verbatims_from(source, items, kinds=kinds)
    report("save", 0, 1)
    with write(db):
        if read_before and {one["sha256"] for one in sources.uploads(db, source.id)} == {digest}:
            # The same bytes with corrected columns: what the first reading made of them is not said a second time.
            sources.forget_reading(db, source.id, kept=[verbatim.id for verbatim in prepared.verbatims])
        saved, link_counts = link_and_save(db, source, prepared, upload_sha256=digest)
        counts: dict[str, Any] = {
            "rows_read": rows_in(table),
            "answers_read": prepared.answers_read,
            "verbatims": len(prepared.verbatims),
            "created": len(saved.created),
            "updated": len(saved.updated),
            "unchanged": len(saved.unchanged),
            "rejected": len(prepared.rejected),
            "set_aside": len(prepared.set_aside),
            "redactions": dict(prepared.redactions),
            **link_counts,
        }
        sources.save_upload(
            db,
            sources.Upload(
                sha256=digest,
                kind="feedback",
                filename=filename,
                format=table.format,
                encoding=table.encoding,
                mapping=mapping_to_json(mapping),
                notes=tuple(table.notes),
                counts=counts,
            ),
            source_id=source.id,
        )
    report("save", 1, 1)
    return Ingested(source=source.id, filename=filename, kind="feedback", counts=counts, notes=tuple(table.notes))


def _is_other_file(db: Database, verbatims: Sequence[Verbatim]) -> bool:
    salt = str(projects.get_setting(db, "salt"))
    stored = verbatim_store.content_hashes(db)
    shared = [verbatim for verbatim in verbatims if verbatim.external_id is not None and verbatim.id in stored]
    other = sum(stored[verbatim.id] != verbatim_store.content_hash(verbatim, salt=salt) for verbatim in shared)
    return len(shared) >= OTHER_FILE_LEAST and other > OTHER_FILE * len(shared)


def _ingest_customers(db: Database, table: Table, filename: str, *, digest: str, mapping: ColumnMapping) -> Ingested:
    if mapping.customer_id is None and mapping.email is None and mapping.phone is None:
        raise Unusable(code="no_customer_identity", values={"filename": filename})
    rows = [(number, dict(zip(table.columns, cells, strict=True))) for number, cells in table.rows]
    read = customers_from(
        rows,
        customer_id=mapping.customer_id,
        email=mapping.email,
        phone=mapping.phone,
        name=mapping.customer_name,
        salt=str(projects.get_setting(db, "salt")),
    )
    if not read.customers:
        raise Unusable(code="no_customers", values={"filename": filename, "rejected": len(read.rejected)})
    kinds = redaction_kinds(db)
    with write(db):
        strangers = [one for one in customer_store.all_records(db) if one.external_id is None]
        customer_store.save(db, read.customers, origin="file")
        index = index_customers(read.customers)
        for stranger in strangers:
            found = index.by_email.get(stranger.email_hash or "") or index.by_phone.get(stranger.phone_hash or "")
            if found is not None and found != stranger.id:
                customer_store.replace_id(db, stranger.id, found)
        rejected = [*table.rejected, *read.rejected]
        sources.save_left_out(
            db,
            None,
            upload_sha256=digest,
            rejected=[masked(row, kinds=kinds) for row in rejected],
            set_aside=(),
        )
        counts = {
            "rows_read": rows_in(table),
            "customers": len(read.customers),
            "rejected": len(rejected),
            "notes": len(read.notes),
        }
        sources.save_upload(
            db,
            sources.Upload(
                sha256=digest,
                kind="customers",
                filename=filename,
                format=table.format,
                encoding=table.encoding,
                mapping=mapping_to_json(mapping),
                notes=tuple(table.notes),
                counts=counts,
            ),
            source_id=None,
        )
    return Ingested(source=None, filename=filename, kind="customers", counts=counts, notes=tuple(table.notes))
