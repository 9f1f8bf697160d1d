"""Each distinct text once: people repeat themselves, and a model need not."""

from collections.abc import Callable, Sequence

import numpy as np

from pipelines.records import Matrix, OpinionUnit, Report

BATCH = 4096
"""Texts given to a model at once: large enough to keep it busy, small enough for a bar that moves."""


def once_each(
    units: Sequence[OpinionUnit],
    compute: Callable[[Sequence[str]], Matrix],
    *,
    width: int,
    stage: str,
    report: Report,
) -> Matrix:
    """Return one row of `width` numbers per unit, what `compute` gives for its shadow, computed once per text."""
    position: dict[str, int] = {}
    for unit in units:
        position.setdefault(unit.shadow, len(position))
    distinct = list(position)
    parts: list[Matrix] = []
    report(stage, 0, len(distinct))
    for start in range(0, len(distinct), BATCH):
        parts.append(compute(distinct[start : start + BATCH]))
        report(stage, min(start + BATCH, len(distinct)), len(distinct))
    table = np.concatenate(parts) if parts else np.zeros((0, width), dtype=np.float32)
    return table[np.fromiter((position[unit.shadow] for unit in units), dtype=np.int64, count=len(units))]
