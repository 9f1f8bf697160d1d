"""Closed answers as the numbers everyone knows them by: NPS, CSAT, CES and stars, each with its interval.

Pass one score per response, not one per verbatim: a response with two open answers has one score.
All intervals are at 95 %. No number is given for no answers.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipelines.records import ScaleName, Score

Z = 1.959964  # the 97.5 % point of the normal distribution: two-sided 95 %
# Up to here a scale has one point per whole number (0–10, 1–7); longer ones are five points in other clothes (10–50).
MOST_POINTS = 10
# On fewer than four points the second from the top is the middle, or the bottom.
LEAST_SPAN = 3

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nps:
    """Net promoter score: `value`, `low` and `high` in [-100, 100], `margin` is half the interval's width."""

    promoters: int
    passives: int
    detractors: int
    n: int
    value: float
    margin: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Csat:
    """Share of satisfied answers: `value`, `low` and `high` in [0, 100]."""

    satisfied: int
    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanScore:
    """Mean answer on its own scale; `low` and `high` are None for a single answer."""

    n: int
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """The result for one scale as it was asked: stars on 1–5 and stars on 10–50 are two parts."""

    scale: ScaleName
    scale_low: float
    scale_high: float
    result: Nps | Csat | MeanScore


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSummary:
    """One part per scale, the most answered first; `off_scale` counts answers outside their own scale, left out."""

    parts: tuple[ScorePart, ...] = ()
    off_scale: int = 0

    def of(self, scale: ScaleName) -> ScorePart | None:
        """Return the most answered part of this scale, None where nobody answered on it."""
        return next((part for part in self.parts if part.scale == scale), None)


def nps(values: Sequence[float]) -> Nps | None:
    """Return 100 × (share of 9–10 minus share of 0–6) of answers on 0–10, None without answers.

    Formula: Reichheld, "The One Number You Need to Grow", Harvard Business Review 12/2003. Interval: adjusted Wald
    with three pseudo-answers (¾ promoter, 1½ passive, ¾ detractor), best for small samples in Rocks, "Interval
    Estimation for the 'Net Promoter Score'", The American Statistician 70(4), 2016.
    """
    n = len(values)
    if n == 0:
        return None
    promoters = sum(value >= 9 for value in values)
    detractors = sum(value <= 6 for value in values)
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    margin = 100 * Z * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    centre = 100 * (p - d)
    value = 100 * (promoters - detractors) / n
    return Nps(
        promoters=promoters,
        passives=n - promoters - detractors,
        detractors=detractors,
        n=n,
        value=value,
        margin=margin,
        # The interval is centred on the adjusted share; with very few answers it must still hold the value shown.
        low=min(value, max(-100.0, centre - margin)),
        high=max(value, min(100.0, centre + margin)),
    )


def satisfied_from(low: float, high: float) -> float:
    """Return the lowest answer that counts as satisfied: the second from the top (4 on 1–5, 6 on 1–7, 40 on 10–50).

    On two or three points (bad and good, 差评 to 好评) it is the top alone, and three quarters of a percentage.
    """
    return high - 1 if LEAST_SPAN <= high - low <= MOST_POINTS else low + 0.75 * (high - low)


def csat(values: Sequence[float], low: float, high: float) -> Csat | None:
    """Return the share of answers in the two top points of the scale, in percent, None without answers.

    Interval: Wilson's score interval (Wilson 1927, as recommended by Brown, Cai and DasGupta, Statistical Science
    16(2), 2001).
    """
    n = len(values)
    if n == 0:
        return None
    satisfied = sum(value >= satisfied_from(low, high) for value in values)
    share = satisfied / n
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return Csat(
        satisfied=satisfied,
        n=n,
        value=100 * share,
        # Rounding may carry an end of the interval past a share of exactly 0 or 1.
        low=100 * max(0.0, min(share, centre - half)),
        high=100 * min(1.0, max(share, centre + half)),
    )


def mean_score(values: Sequence[float], low: float, high: float) -> MeanScore | None:
    """Return the mean with Student's t interval, cut at the ends of the scale; None without answers."""
    n = len(values)
    if n == 0:
        return None
    mean = math.fsum(values) / n
    if n == 1:
        return MeanScore(n=1, value=mean, low=None, high=None)
    from scipy.special import stdtrit

    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    half = float(stdtrit(n - 1, 0.975)) * math.sqrt(variance / n)
    return MeanScore(n=n, value=mean, low=max(low, mean - half), high=min(high, mean + half))


def ces(values: Sequence[float], low: float = 1, high: float = 7) -> MeanScore | None:
    """Return the customer effort score: the mean agreement with "made it easy", on 1–7 unless told otherwise.

    Formula: CES 2.0, Dixon, Toman and DeLisi, The Effortless Experience, 2013.
    """
    return mean_score(values, low, high)


def stars(values: Sequence[float], low: float = 1, high: float = 5) -> MeanScore | None:
    """Return the mean star rating on the scale as asked."""
    return mean_score(values, low, high)


def summarise(scores: Iterable[Score]) -> ScoreSummary:
    """Return each scale's own number; scales are never mixed, and scores outside their scale are counted apart."""
    groups: dict[tuple[ScaleName, float, float], list[float]] = {}
    off_scale = 0
    for score in scores:
        # Not >= and <= : a NaN is off every scale.
        if score.low <= score.value <= score.high:
            groups.setdefault((score.scale, score.low, score.high), []).append(score.value)
        else:
            off_scale += 1
    parts = [
        ScorePart(scale=scale, scale_low=low, scale_high=high, result=result)
        for (scale, low, high), values in groups.items()
        if (result := _result(scale, values, low, high)) is not None
    ]
    parts.sort(key=lambda part: (-part.result.n, part.scale, part.scale_low, part.scale_high))
    return ScoreSummary(parts=tuple(parts), off_scale=off_scale)


def summarise_by(pairs: Iterable[tuple[Group, Score]]) -> dict[Group, ScoreSummary]:
    """Return a summary per group (a theme, a segment, a touchpoint), groups in order of first appearance."""
    groups: dict[Group, list[Score]] = {}
    for group, score in pairs:
        groups.setdefault(group, []).append(score)
    return {group: summarise(scores) for group, scores in groups.items()}


def _result(scale: ScaleName, values: list[float], low: float, high: float) -> Nps | Csat | MeanScore | None:
    match scale:
        case "nps":
            return nps(values)
        case "csat":
            return csat(values, low, high)
        case "ces":
            return ces(values, low, high)
        case "stars":
            return stars(values, low, high)
