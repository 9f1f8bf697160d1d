"""Each distinct text once: people repeat themselves, and a model need not."""

from collections.abc import Callable, Sequence

import numpy as np

from pipelines.records import Matrix, OpinionUnit, Report
from pipelines.spread import Spread, blocks

BATCH = 4096
"""Texts given to a model at once: large enough to keep it busy, small enough for a bar that moves."""


def once_each(
    units: Sequence[OpinionUnit],
    compute: Callable[[Sequence[str]], Matrix],
    *,
    width: int,
    stage: str,
    spread: Spread,
) -> Callable[[Report], Matrix]:
    """Begin to compute, once per text, what `compute` gives for each unit's shadow.

    The function returned ends it and gives one row of `width` numbers per unit. Texts are computed in their own order,
    not in that of the units: the last digits of some models depend on the texts beside one, and those are then the same
    however the rows of a file are shuffled.
    """
    distinct = sorted({unit.shadow for unit in units})
    position = {text: row for row, text in enumerate(distinct)}
    computing = spread(compute, blocks(distinct, BATCH))

    def finished(report: Report) -> Matrix:
        table = np.empty((len(distinct), width), dtype=np.float32)
        report(stage, 0, len(distinct))
        done = 0
        for part in computing:
            table[done : done + len(part)] = part
            done += len(part)
            report(stage, done, len(distinct))
        return table[np.fromiter((position[unit.shadow] for unit in units), dtype=np.int64, count=len(units))]

    return finished
