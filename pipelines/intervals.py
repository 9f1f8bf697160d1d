"""How sure a share counted on few is: Wilson's interval for one share, and which of many differences are no chance."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Z = 1.959964
"""The 97.5 % point of the normal distribution: every interval here is two-sided at 95 %."""


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return the 95 % interval of the share `part / whole`, between 0 and 1; (0, 1) where nothing was counted.

    Wilson's score interval (Wilson 1927), as recommended for few and many alike by Brown, Cai and DasGupta, Statistical
    Science 16(2), 2001. Raises ValueError where `part` is no part of `whole`.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share: the part must lie between 0 and the whole")
    if whole == 0:
        return 0.0, 1.0
    share = part / whole
    centre = (share + Z**2 / (2 * whole)) / (1 + Z**2 / whole)
    half = Z * math.sqrt(share * (1 - share) / whole + Z**2 / (4 * whole**2)) / (1 + Z**2 / whole)
    # Rounding may carry an end of the interval past a share of exactly 0 or 1.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def two_shares(part: float, whole: float, *, other_part: float, other_whole: float) -> float:
    """Return the chance of two shares differing by as much or more if they were one: a two-sided p-value in [0, 1].

    Two-proportion z-test with continuity correction (Fleiss, Statistical Methods for Rates and Proportions, 1981, 2.2);
    1 where there is nothing to compare.
    """
    from scipy.special import ndtr

    if whole <= 0 or other_whole <= 0:
        return 1.0
    pooled = (part + other_part) / (whole + other_whole)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / whole + 1 / other_whole))
    if spread == 0:
        return 1.0
    correction = 0.5 * (1 / whole + 1 / other_whole)
    distance = max(0.0, abs(part / whole - other_part / other_whole) - correction)
    return float(2 * ndtr(-distance / spread))


def adjusted(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Return p-values raised so that of all at .05 or less one in twenty is expected to be chance, in the same order.

    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995.
    """
    given = np.asarray(p_values, dtype=np.float64)
    if not len(given):
        return given
    order = np.argsort(given, kind="stable")
    raised = given[order] * len(given) / np.arange(1, len(given) + 1)
    found = np.empty_like(given)
    found[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return found
