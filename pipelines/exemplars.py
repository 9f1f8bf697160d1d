"""Exemplars: the few units that show what a theme is, near its heart but different from each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.records import Matrix, OpinionUnit

# Readable: long enough to say something, short enough for one line. Chinese says it in about a third of the letters.
READABLE = {"zh": (6, 45), "mixed": (8, 70), "en": (18, 140), "other": (12, 140)}
# Candidates looked at, nearest the centre first.
CANDIDATES = 60
# Maximal marginal relevance (Carbonell & Goldstein 1998): how much nearness counts beside difference.
NEARNESS = 0.7


def readable(unit: OpinionUnit) -> float:
    """Return 1 for a unit of a length that reads well, less the further from it, never below 0."""
    low, high = READABLE[unit.language]
    length = len(unit.text)
    if length < low:
        return length / low
    return 1.0 if length <= high else high / length


def choose_exemplars(
    units: Sequence[OpinionUnit], vectors: Matrix, similarity: NDArray[np.float32], count: int
) -> tuple[int, ...]:
    """Return the rows of up to `count` units: near the centre, readable, different, both languages where both speak."""
    worth = similarity.astype(np.float64) + 0.3 * np.array([readable(unit) for unit in units])
    order = sorted(range(len(units)), key=lambda row: (-worth[row], units[row].id))
    chinese = [row for row in order if units[row].language == "zh"][:CANDIDATES]
    others = [row for row in order if units[row].language != "zh"][:CANDIDATES]
    pool = chinese + others
    chosen: list[int] = []
    while pool and len(chosen) < count:
        allowed = pool
        if len(chosen) == 1 and chinese and others:
            allowed = [row for row in pool if (units[row].language == "zh") != (units[chosen[0]].language == "zh")]
            share = min(len(chinese), len(others)) / (len(chinese) + len(others))
            allowed = allowed if share >= 0.1 else pool
        best = max(allowed, key=lambda row: _gain(row, chosen, worth, vectors))
        chosen.append(best)
        pool = [row for row in pool if row != best]
    return tuple(chosen)


def _gain(row: int, chosen: Sequence[int], worth: NDArray[np.float64], vectors: Matrix) -> float:
    nearest = max((float(vectors[row] @ vectors[other]) for other in chosen), default=0.0)
    return NEARNESS * float(worth[row]) - (1 - NEARNESS) * nearest
