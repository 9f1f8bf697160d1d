"""Embed: each distinct text once, the rows put back in the order of the units."""

from collections.abc import Sequence

from models.embedding import Encoder
from pipelines.distinct import once_each
from pipelines.records import EmbeddedUnits, OpinionUnit, Report, silent
from pipelines.spread import in_turn


def embed(units: Sequence[OpinionUnit], encoder: Encoder, *, report: Report = silent) -> EmbeddedUnits:
    """Return the units with their vectors, float32 of shape (len(units), encoder.dim)."""
    vectors = once_each(units, encoder.encode, width=encoder.dim, stage="embed", spread=in_turn)(report)
    return EmbeddedUnits(units=tuple(units), vectors=vectors)
