"""Search by meaning: the question's vector against those of a project's opinion units, one matrix in memory.

The shipped encoder is a memory-mapped table read by numpy and costs the web process next to nothing; another encoder
that a person has set is loaded here too, at the first such search (docs/decisions.md).
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from sqlite_utils import Database

from app.models_listed import no_model
from app.settings import Settings
from app.store import runs, vectors, verbatims
from app.store.filters import Filters, next_after, offset_of
from app.store.views import Page, VerbatimView
from models.embedding import Encoder, load_encoder
from pipelines.records import Matrix
from pipelines.shadow import shadow

NEAR_ENOUGH = 0.35
"""Cosine below which a unit no longer reads as being about the question.

Looked at with twenty questions in both languages over three projects: at 0.35–0.40 most units still speak of it, also
across languages (闪退 for "app keeps crashing"); at 0.30 they only share a word. Unrelated texts lie near 0.
"""
KEPT_MATRICES = 4
"""Projects whose matrix stays in memory: 200,000 units take 200 MB each, with the base encoder 500."""

_Table = tuple[Sequence[str], Sequence[str], Matrix]
_matrices: OrderedDict[tuple[str, int, str], _Table] = OrderedDict()
_lock = threading.Lock()


def by_meaning(
    db: Database, settings: Settings, *, q: str, filters: Filters, limit: int = 50, after: str | None = None
) -> Page[VerbatimView]:
    """Return the verbatims with a unit that means what `q` says, nearest first, `similarity` filled.

    Without a theme or sentiment asked for, the unit that is meant is the one marked. Raises BadRequest where the
    encoder cannot be loaded.
    """
    offset = offset_of(after)
    encoder = _encoder(settings.encoder)
    question = shadow(q)
    if not question:
        return Page(items=(), total=0, next=None)
    unit_ids, owners, matrix = _matrix(db, encoder.name)
    if not len(owners):
        return Page(items=(), total=0, next=None)
    similarities = matrix @ encoder.encode([question])[0]
    allowed = verbatims.ids(db, filters)
    best: dict[str, float] = {}
    meant: dict[str, str] = {}
    for index in np.argsort(-similarities, kind="stable"):
        if similarities[index] < NEAR_ENOUGH:
            break
        owner = owners[index]
        if owner in allowed and owner not in best:
            best[owner] = round(float(similarities[index]), 4)
            meant[owner] = unit_ids[index]
    wanted = list(best)[offset : offset + limit]
    items = verbatims.views_by_id(db, wanted, filters, similarity=best)
    if filters.theme is None and filters.sentiment is None:
        items = tuple(replace(view, marked=frozenset({meant[view.id]})) for view in items)
    return Page(items=items, total=len(best), next=next_after(offset, limit, len(best)))


@cache
def _encoder(setting: str) -> Encoder:
    try:
        return load_encoder(setting)
    except (ValueError, OSError, ImportError) as error:
        raise no_model(setting, "encoder", error) from error


def _matrix(db: Database, model: str) -> _Table:
    """Return (unit ids, verbatim ids, vectors) of the project as of its latest run."""
    path = str(db.conn.execute("PRAGMA database_list").fetchone()[2])
    run = runs.latest(db)
    key = (path, 0 if run is None else int(run["id"]), model)
    with _lock:
        if path and key in _matrices:
            _matrices.move_to_end(key)
            return _matrices[key]
    table = vectors.matrix(db, model)
    with _lock:
        _matrices[key] = table
        while len(_matrices) > KEPT_MATRICES:
            _matrices.popitem(last=False)
    return table
