"""What moved a rate between two periods: that more was said of some themes (volume), or said otherwise (sentiment).

The rate is a share of negative opinion units or a mean score. With s the share of a theme in all that was said, r the
rate within it and R the rate of everything, before (0) and after (1), each theme moves R by

    volume    (s1 - s0) * ((r0 + r1) / 2 - (R0 + R1) / 2)
    sentiment (s0 + s1) / 2 * (r1 - r0)

and both over all themes, unthemed among them, add up to R1 - R0 exactly: the decomposition of Kitagawa, "Components of
a Difference Between Two Rates", Journal of the American Statistical Association 50, 1955. Measuring the rates within
from the middle of R changes no sum, because the shares add up to 1 both times, and makes each row speak: a theme of
which more is said raises the rate only where its own rate is above the average. Where a theme was silent in one period,
its rate there is taken to be that of the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.intervals import Z, adjusted, two_shares

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

MINIMUM_SPEAKERS = 30
"""In each period, for a verdict on the whole: with fewer speakers a standard error made from them is itself unsure."""
MINIMUM_EXPECTED = 5
"""Speakers of a theme to expect in the smaller period before its change is judged (Cochran, Biometrics 10, 1954)."""
CHANCE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said in one period: entry j (of k) is one speaker on one theme.

    `speaker` numbers whoever speaks as one (a verbatim, a response), `theme` counts from 0; `weight` is how much was
    said (opinion units, or the part of a response), `value` the outcome summed over it (negative units, or weight times
    score).
    """

    speaker: Places
    theme: Places
    weight: Numbers
    value: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A difference in the rate's own unit with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one theme did to the rate; `theme` is its number, rates are None where it was silent.

    `total` is volume and sentiment together. `sure` says that the total, `moved` that the share of speakers, differs
    beyond chance among all themes tested together; both are None where too few speak to tell.
    """

    theme: int
    share_before: float
    share_after: float
    rate_before: float | None
    rate_after: float | None
    speakers_before: int
    speakers_after: int
    volume: float
    sentiment: float
    total: Effect
    sure: bool | None
    moved: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """A change of a rate and what it is made of; `parts` are sorted by how much they moved it.

    `sure` says that the change lies beyond chance, None where too few speak to tell.
    """

    before: float
    after: float
    change: Effect
    volume: Effect
    sentiment: Effect
    sure: bool | None
    parts: tuple[Part, ...]


def decompose(before: Said, after: Said, *, themes: int) -> Decomposition | None:
    """Return what moved the rate from `before` to `after` over so many themes, None where a period is silent.

    Intervals are linearised and count speakers, not units: what one speaker says hangs together (Cochran, Sampling
    Techniques, 3rd edition 1977, 6.3 and 9A). They take the averages over both periods as known. Of the themes called
    sure or moved one in twenty is expected to be chance (Benjamini and Hochberg 1995).
    """
    old, new = _Period.of(before, themes=themes), _Period.of(after, themes=themes)
    if old.whole <= 0 or new.whole <= 0:
        return None
    rate_old, rate_new = old.rates(other=new), new.rates(other=old)
    middle = (old.rate + new.rate) / 2
    excess = (rate_old + rate_new) / 2 - middle
    mean_share = np.where((old.weights > 0) & (new.weights > 0), (old.shares + new.shares) / 2, 0.0)
    volume = (new.shares - old.shares) * excess
    sentiment = (old.shares + new.shares) / 2 * (rate_new - rate_old)
    error = np.sqrt(old.error_of_excess(middle) + new.error_of_excess(middle))
    judged = _judged(old, new)
    sure = _verdicts(_chance(volume + sentiment, error), judged)
    moved = _verdicts(_movement(old, new), judged)
    parts = [
        Part(
            theme=theme,
            share_before=float(old.shares[theme]),
            share_after=float(new.shares[theme]),
            rate_before=float(rate_old[theme]) if old.weights[theme] > 0 else None,
            rate_after=float(rate_new[theme]) if new.weights[theme] > 0 else None,
            speakers_before=int(old.speakers[theme]),
            speakers_after=int(new.speakers[theme]),
            volume=float(volume[theme]),
            sentiment=float(sentiment[theme]),
            total=_effect(float(volume[theme] + sentiment[theme]), float(error[theme])),
            sure=sure[theme],
            moved=moved[theme],
        )
        for theme in np.flatnonzero((old.weights > 0) | (new.weights > 0)).tolist()
    ]
    change = _effect(new.rate - old.rate, float(np.hypot(old.error(), new.error())))
    enough = min(old.n, new.n) >= MINIMUM_SPEAKERS
    return Decomposition(
        before=old.rate,
        after=new.rate,
        change=change,
        volume=_effect(float(volume.sum()), float(np.hypot(old.error_of(excess), new.error_of(excess)))),
        sentiment=_effect(
            float(sentiment.sum()),
            float(np.hypot(old.error_within(rate_old, mean_share), new.error_within(rate_new, mean_share))),
        ),
        sure=(change.low > 0 or change.high < 0) if enough else None,
        parts=tuple(sorted(parts, key=lambda part: (-abs(part.total.value), part.theme))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    """One period summed: per theme (themes,) and per speaker (n,)."""

    said: Said
    whole: float
    rate: float
    weights: Numbers
    values: Numbers
    shares: Numbers
    speakers: Places
    own: Numbers
    n: int

    @classmethod
    def of(cls, said: Said, *, themes: int) -> "_Period":
        names, place = np.unique(said.speaker, return_inverse=True)
        numbered = Said(speaker=place, theme=said.theme, weight=said.weight, value=said.value)
        weights = _summed(said.theme, said.weight, length=themes)
        whole = float(weights.sum())
        values = _summed(said.theme, said.value, length=themes)
        return cls(
            said=numbered,
            whole=whole,
            rate=float(values.sum()) / whole if whole > 0 else 0.0,
            weights=weights,
            values=values,
            shares=weights / whole if whole > 0 else weights,
            speakers=np.bincount(said.theme, minlength=themes),
            own=_summed(place, said.weight, length=len(names)),
            n=len(names),
        )

    def rates(self, *, other: "_Period") -> Numbers:
        """Return the rate within each theme, the other period's where this one is silent."""
        mine = np.divide(self.values, self.weights, out=np.zeros_like(self.values), where=self.weights > 0)
        theirs = np.divide(other.values, other.weights, out=np.zeros_like(other.values), where=other.weights > 0)
        found: Numbers = np.where(self.weights > 0, mine, theirs)
        return found

    def error(self) -> float:
        """Return the standard error of the rate."""
        return self._ratio_error(self._by_speaker(self.said.value))

    def error_of(self, worth: Numbers) -> float:
        """Return the standard error of the mean of what each theme is worth (themes,), over all that was said."""
        return self._ratio_error(self._by_speaker(self.said.weight * worth[self.said.theme]))

    def error_within(self, rates: Numbers, shares: Numbers) -> float:
        """Return the standard error of the rates within themes, added up by these shares."""
        part = np.divide(shares, self.weights, out=np.zeros_like(shares), where=self.weights > 0)
        away = (self.said.value - rates[self.said.theme] * self.said.weight) * part[self.said.theme]
        return float(np.sqrt(self._few() * np.square(self._by_speaker(away)).sum()))

    def error_of_excess(self, middle: float) -> Numbers:
        """Return the squared standard error of each theme's value beyond the middle, per unit of all that was said."""
        excess = self.said.value - middle * self.said.weight
        themes = len(self.weights)
        ratio = _summed(self.said.theme, excess, length=themes) / self.whole
        squares = _summed(self.said.theme, excess**2, length=themes)
        crossed = _summed(self.said.theme, excess * self.own[self.said.speaker], length=themes)
        spread = squares - 2 * ratio * crossed + ratio**2 * float(np.square(self.own).sum())
        found: Numbers = self._few() * np.maximum(spread, 0.0) / self.whole**2
        return found

    def _ratio_error(self, sums: Numbers) -> float:
        away = sums - sums.sum() / self.whole * self.own
        return float(np.sqrt(self._few() * np.square(away).sum())) / self.whole

    def _by_speaker(self, values: Numbers) -> Numbers:
        return _summed(self.said.speaker, values, length=self.n)

    def _few(self) -> float:
        return self.n / (self.n - 1) if self.n > 1 else 1.0


def _summed(places: Places, values: Numbers, *, length: int) -> Numbers:
    return np.bincount(places, values, minlength=length).astype(np.float64)


def _effect(value: float, error: float) -> Effect:
    return Effect(value=value, low=value - Z * error, high=value + Z * error)


def _judged(old: _Period, new: _Period) -> NDArray[np.bool_]:
    pooled = (old.speakers + new.speakers) / (old.n + new.n)
    found: NDArray[np.bool_] = pooled * min(old.n, new.n) >= MINIMUM_EXPECTED
    return found


def _chance(values: Numbers, errors: Numbers) -> Numbers:
    from scipy.special import ndtr

    distance = np.divide(np.abs(values), errors, out=np.zeros_like(values), where=errors > 0)
    found: Numbers = 2 * ndtr(-distance)
    return found


def _movement(old: _Period, new: _Period) -> Numbers:
    return np.array(
        [
            two_shares(int(after), new.n, other_part=int(before), other_whole=old.n)
            for before, after in zip(old.speakers, new.speakers, strict=True)
        ]
    )


def _verdicts(p_values: Numbers, judged: NDArray[np.bool_]) -> list[bool | None]:
    """Return whether each theme differs beyond chance among those judged, None for the others."""
    found: list[bool | None] = [None] * len(p_values)
    for theme, p_value in zip(
        np.flatnonzero(judged).tolist(), adjusted(p_values[judged].tolist()).tolist(), strict=True
    ):
        found[theme] = p_value <= CHANCE
    return found
