"""Gain: what re-fitting a sentiment model to people's corrections does to its accuracy, with an interval.

People correct what is wrong and pass over what is right, so the judged texts are no fair sample of a project. What was
mended is therefore counted among the wrong ones, what was spoilt among the right ones, and the two are put together by
how often the model is right in the whole project.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.intervals import Z
from pipelines.records import Label

Verdict = Literal["better", "perhaps", "not_better", "unknown"]

FEWEST_RIGHT = 15
"""Judged texts on which the model was right: with fewer, one that is spoilt in seven would likely go unseen."""
FEWEST_SAMPLED = 30
"""Texts drawn at random from which on they, and not the model's confidence, say how often it is right (±17 points)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLabels:
    """One text as a person, the model in use and the re-fitted model (which did not see it) label it."""

    person: Label
    model: Label
    refitted: Label
    sampled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Counts of judged texts, and from them the change of accuracy in the whole project, from -1 to 1.

    `right` and `wrong` are the model's, `mended` of the wrong and `spoilt` of the right ones are the re-fitted
    model's. `accuracy` is how often the model is right in the project, as `measured_on` (a random sample, or the
    model's own confidence) has it. `verdict` is "perhaps" where the interval reaches below nought.
    """

    judged: int
    right: int
    wrong: int
    mended: int
    spoilt: int
    sampled: int
    accuracy: float
    measured_on: Literal["sample", "confidence"]
    value: float
    low: float
    high: float
    verdict: Verdict


def gain(judged: Sequence[JudgedLabels], *, confidence: float) -> Gain:
    """Return what re-fitting gains; `confidence` is the model's mean over texts of the project that nobody judged.

    The interval is Agresti and Caffo's for two proportions (The American Statistician 54, 2000), each weighed by its
    part of the project; that the accuracy itself is estimated is not in it.
    """
    right = [one for one in judged if one.model == one.person]
    wrong = [one for one in judged if one.model != one.person]
    mended = sum(one.refitted == one.person for one in wrong)
    spoilt = sum(one.refitted != one.person for one in right)
    sample = [one for one in judged if one.sampled]
    by_sample = len(sample) >= FEWEST_SAMPLED
    accuracy = sum(one.model == one.person for one in sample) / len(sample) if by_sample else confidence
    value = (1 - accuracy) * _share(mended, len(wrong)) - accuracy * _share(spoilt, len(right))
    gained, lost = (mended + 1) / (len(wrong) + 2), (spoilt + 1) / (len(right) + 2)
    middle = (1 - accuracy) * gained - accuracy * lost
    spread = Z * math.sqrt(
        (1 - accuracy) ** 2 * gained * (1 - gained) / (len(wrong) + 2)
        + accuracy**2 * lost * (1 - lost) / (len(right) + 2)
    )
    verdict: Verdict = "better" if middle - spread > 0 else "perhaps" if value > 0 else "not_better"
    return Gain(
        judged=len(judged),
        right=len(right),
        wrong=len(wrong),
        mended=mended,
        spoilt=spoilt,
        sampled=len(sample),
        accuracy=round(accuracy, 4),
        measured_on="sample" if by_sample else "confidence",
        value=round(value, 4),
        low=round(middle - spread, 4),
        high=round(middle + spread, 4),
        verdict="unknown" if len(right) < FEWEST_RIGHT else verdict,
    )


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0
