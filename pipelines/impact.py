"""What a theme does to the score: the score of everyone, less the score of those who did not speak of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.records import ScaleName
from pipelines.scores import satisfied_from

# Ten on either side: with fewer, one person's answer moves an NPS by ten points or more.
MINIMUM = 10
# Percentiles 2.5 and 97.5 need some 1,000 resamples (Efron and Tibshirani 1993, section 13.3); these cost microseconds.
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """A theme's impact in points of its scale: negative means that the score would be higher without the theme.

    `overall` and `without` are the two scores it is the difference of; `n` and `n_theme` are responses; `low` and
    `high` bound the impact at 95 %.
    """

    value: float
    low: float
    high: float
    n: int
    n_theme: int
    overall: float
    without: float


def score_impact(
    scores: NDArray[np.float64],
    has_theme: NDArray[np.bool_],
    *,
    scale: ScaleName,
    seed: int,
    scale_low: float = 1,
    scale_high: float = 5,
    minimum: int = MINIMUM,
) -> Impact | None:
    """Return the score of all minus the score without the theme's responses, with a percentile bootstrap interval.

    `scores` and `has_theme` have one entry per response (n,), all on one scale; NaN scores are left out. The result
    is in points of NPS, in percentage points for CSAT (whose ends are `scale_low` and `scale_high`), else in points
    of the mean. None where fewer than `minimum` responses speak of the theme, or fewer do not. It is a comparison,
    not a cause. Bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    if scores.shape != has_theme.shape:
        raise ValueError(f"{scores.shape} scores but {has_theme.shape} theme flags: one of each per response is needed")
    told = ~np.isnan(scores)
    worth = points(scores[told], scale=scale, low=scale_low, high=scale_high)
    theme = has_theme[told]
    n, n_theme = len(worth), int(theme.sum())
    if n_theme < minimum or n - n_theme < minimum:
        return None
    # Resampling responses with replacement is a multinomial draw over the distinct (points, theme) pairs: the same
    # bootstrap at a cost that does not grow with n, and without regard to the order of the rows.
    cells, counts = np.unique(np.column_stack([worth, theme]), axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(n, counts / n, size=RESAMPLES)
    differences = _difference(drawn, cells)
    low, high = np.nanpercentile(differences, [2.5, 97.5])
    without = float(worth[~theme].mean())
    overall = float(worth.mean())
    return Impact(
        value=overall - without,
        low=float(low),
        high=float(high),
        n=n,
        n_theme=n_theme,
        overall=overall,
        without=without,
    )


def points(scores: NDArray[np.float64], *, scale: ScaleName, low: float, high: float) -> NDArray[np.float64]:
    """Return what each score adds to a mean: ±100 or 0 for NPS, 100 or 0 for CSAT, else the score itself; (n,)."""
    match scale:
        case "nps":
            return np.where(scores >= 9, 100.0, np.where(scores <= 6, -100.0, 0.0))
        case "csat":
            return np.where(scores >= satisfied_from(low, high), 100.0, 0.0)
        case _:
            return scores.astype(np.float64)


def _difference(drawn: NDArray[np.int64], cells: NDArray[np.float64]) -> NDArray[np.float64]:
    values, outside = cells[:, 0], cells[:, 1] == 0
    overall = drawn @ values / drawn.sum(axis=1)
    left = drawn[:, outside]
    size = left.sum(axis=1)
    # A resample without a single response outside the theme has no second score; NaN leaves it out.
    without = np.where(size > 0, left @ values[outside] / np.maximum(size, 1), np.nan)
    difference: NDArray[np.float64] = overall - without
    return difference
