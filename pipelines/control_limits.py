"""Control limits of counts over time: which periods lie outside what the process does by itself.

A p-chart, which a busy week does not fool, or a c-chart (Shewhart, Economic Control of Quality of Manufactured Product,
1931; NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3). With p the share over all periods and n the number of
opinions in one, its centre is n·p, and its limits are the exact binomial (or Poisson) quantiles at the chance of three
standard deviations: the usual n·p ± 3·√(n·p·(1−p)) is wrong for the small counts of a theme. Where counts jump about
more than chance makes them, as those of large samples always do, the distances from the centre are widened by Laney's
σ_z, from the moving ranges of the standardised counts (Laney, "Improved Control Charts for Attributes", Quality
Engineering 14, 2002); from their median over 0.954 (Wheeler, Advanced Topics in Statistical Process Control, 1995),
because the mean takes the very burst that is looked for into the limits of a short history. Eight periods in a row on
one side of the centre are a run (Western Electric, Statistical Quality Control Handbook, 1956, rule 4), as the NHS
reads its charts too ("Making data count", 2019, with seven).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

Side = Literal["above", "below"]

# Below this many periods limits say more about luck than about the process; until 20 they are provisional
# (Montgomery, Introduction to Statistical Quality Control, asks for 20 to 25 before limits are trusted).
MINIMUM_PERIODS = 8
TRUSTED_PERIODS = 20
# With fewer opinions in all, any course over time is drawn by single people: the total itself is uncertain by a third.
MINIMUM_UNITS = 30
# The chance of a point beyond three standard deviations on one side of a normal distribution.
ALPHA = 0.00135
# Median of the difference of two standard normal values: 0.6745 · √2.
MEDIAN_RANGE = 0.954
# Chance alone stays below a σ_z of 1 + 1.6 / √periods five times in six (drawn at means of 2 to 30, 10 to 52 periods).
CHANCE_WIDER = 1.6
RUN = 8
# Below five to be expected, counts lie under their mean more often than over it, and runs are no news.
RUN_CENTRE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLimit:
    """One period's centre line and limits, in counts; `outside` says where its own count lies.

    `run` says on which side the period is one of RUN or more in a row; `wider` is Laney's factor, 1 where chance alone
    explains the spread.
    """

    centre: float
    low: float
    high: float
    outside: Side | None
    provisional: bool
    run: Side | None = None
    wider: float = 1.0


def worth_drawing(counts: Sequence[float]) -> bool:
    """Say whether counts over time have a course that can be seen: enough periods, and enough in them."""
    return len(counts) >= MINIMUM_PERIODS and sum(counts) >= MINIMUM_UNITS


def control_limits(counts: Sequence[int], totals: Sequence[int] | None = None) -> tuple[ControlLimit, ...]:
    """Return each period's control limits, or () for fewer than MINIMUM_PERIODS periods.

    With `totals` (all opinions per period) it is a p-chart, else a c-chart. Raises ValueError where there is not one
    total per count.
    """
    if len(counts) < MINIMUM_PERIODS:
        return ()
    if totals is not None and len(totals) != len(counts):
        raise ValueError(f"{len(counts)} counts but {len(totals)} totals: one of each per period is needed")
    sizes = totals if totals is not None else [1] * len(counts)
    # Counts of opinion units can pass totals of verbatims; a share cannot pass 1.
    rate = sum(counts) / max(sum(sizes), 1)
    if totals is not None:
        rate = min(rate, 1.0)
    centres = [rate * size for size in sizes]
    wider = _wider(counts, centres, share=rate if totals is not None else 0.0)
    runs = _runs(counts, centres)
    limits = []
    for at, (count, size) in enumerate(zip(counts, sizes, strict=True)):
        low, high = _quantiles(rate, size=size if totals is not None else None)
        low = max(0.0, centres[at] - wider * (centres[at] - low))
        high = centres[at] + wider * (high - centres[at])
        if totals is not None:
            high = min(high, float(size))
        limits.append(
            ControlLimit(
                centre=centres[at],
                low=low,
                high=high,
                outside="above" if count > high else "below" if count < low else None,
                provisional=len(counts) < TRUSTED_PERIODS,
                run=runs[at],
                wider=wider,
            )
        )
    return tuple(limits)


def _wider(counts: Sequence[int], centres: Sequence[float], *, share: float) -> float:
    """Return Laney's σ_z where it is more than chance, else 1: limits are never closer than chance alone has them."""
    away = [
        (count - centre) / math.sqrt(centre * (1 - share))
        for count, centre in zip(counts, centres, strict=True)
        if centre * (1 - share) > 0
    ]
    if len(away) < MINIMUM_PERIODS:
        return 1.0
    spread = median(abs(later - earlier) for earlier, later in pairwise(away)) / MEDIAN_RANGE
    return spread if spread > 1 + CHANCE_WIDER / math.sqrt(len(away)) else 1.0


def _runs(counts: Sequence[int], centres: Sequence[float]) -> list[Side | None]:
    """Return for each period the side on which it is in a run."""
    sides: list[Side | None] = [
        "above" if count > centre else "below" if count < centre else None
        for count, centre in zip(counts, centres, strict=True)
    ]
    found: list[Side | None] = [None] * len(sides)
    if not centres or math.fsum(centres) / len(centres) < RUN_CENTRE:
        return found
    begin = 0
    for at in range(1, len(sides) + 1):
        if at < len(sides) and sides[at] == sides[begin]:
            continue
        if sides[begin] is not None and at - begin >= RUN:
            found[begin:at] = sides[begin:at]
        begin = at
    return found


def _quantiles(rate: float, *, size: int | None) -> tuple[float, float]:
    """Return the smallest and largest count that is not beyond the limits; `size` None means Poisson."""
    from scipy.special import bdtr, pdtr

    def below(count: int) -> float:
        if size is None:
            return float(pdtr(count, rate))
        return 1.0 if count >= size else float(bdtr(count, size, rate))

    if rate == 0:
        return 0, 0
    centre = rate if size is None else rate * size
    # Twelve standard deviations hold any quantile asked for here, and a Poisson's with a mean near zero.
    far = math.ceil(centre + 12 * math.sqrt(centre) + 12)
    return bisect_right(range(far), ALPHA, key=below), bisect_left(range(far), 1 - ALPHA, key=below)
