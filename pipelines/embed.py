"""Embed: each distinct text once, the rows put back in the order of the units."""

from collections.abc import Sequence

import numpy as np

from models.embedding import Encoder
from pipelines.records import EmbeddedUnits, Matrix, OpinionUnit, Report, silent

BATCH = 4096
"""Texts given to the encoder at once: large enough to keep it busy, small enough for a bar that moves."""


def embed(units: Sequence[OpinionUnit], encoder: Encoder, *, report: Report = silent) -> EmbeddedUnits:
    """Return the units with their vectors, float32 of shape (len(units), encoder.dim)."""
    position: dict[str, int] = {}
    for unit in units:
        position.setdefault(unit.shadow, len(position))
    distinct = list(position)
    parts: list[Matrix] = []
    report("embed", 0, len(distinct))
    for start in range(0, len(distinct), BATCH):
        parts.append(encoder.encode(distinct[start : start + BATCH]))
        report("embed", min(start + BATCH, len(distinct)), len(distinct))
    table = np.concatenate(parts) if parts else np.zeros((0, encoder.dim), dtype=np.float32)
    rows = np.fromiter((position[unit.shadow] for unit in units), dtype=np.int64, count=len(units))
    return EmbeddedUnits(units=tuple(units), vectors=table[rows])
