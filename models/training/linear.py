"""Fitting a linear model of some classes on n-grams; with leanings, what n-grams say in the domains of a text too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.sentiment.domains import PRAISE
from models.training.lazy_adam import Gradient, LazyAdam

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

EPOCHS = 5
BATCH = 1024
NGRAM_RATE = 0.02
"""At 0.05 rare n-grams overshoot (and three epochs are enough): 0.4 points worse over the sets of opinions."""

BIAS_RATE = 0.002
DROPPED = 0.3
"""Share of the n-grams hidden in each step, so that no single one is relied upon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What stands in texts: text i has `buckets[offsets[i] : offsets[i + 1]]`, and what each counts runs along them."""

    buckets: NDArray[np.int32]
    shares: NDArray[np.float32]
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Texts as the model sees them; row i of each is text i.

    `targets` are the probabilities to learn, (texts, classes): 0 and 1 where people gave a label. `leanings`, for
    three classes, move a text towards praise or blame and leave neutral alone.
    """

    ngrams: Features
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    leanings: Features | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The weights found: of each bucket for the classes, of each leaning (buckets, 1), and what stands without any."""

    ngram_weights: NDArray[np.float32]
    leanings: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, examples: Examples, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return a number for each class for each of some texts, the largest for the likeliest class."""
        found = _matrix(examples.ngrams, numbers, columns=len(self.ngram_weights)) @ self.ngram_weights + self.bias
        if examples.leanings is not None:
            moved = _matrix(examples.leanings, numbers, columns=len(self.leanings)) @ self.leanings
            found = found + moved * PRAISE
        return np.asarray(found, dtype=np.float32)


def fit_linear(
    examples: Examples,
    numbers: NDArray[np.int64],
    *,
    buckets: int,
    leaning_buckets: int = 1,
    epochs: int = EPOCHS,
    seed: int,
    report: Callable[[str], None],
) -> Fit:
    """Return the weights fitted by Adam to some of the texts; the same seed gives the same weights."""
    random = np.random.default_rng(seed)
    classes = examples.targets.shape[1]
    table = LazyAdam(np.zeros((buckets, classes), dtype=np.float32))
    leanings = LazyAdam(np.zeros((leaning_buckets, 1), dtype=np.float32))
    bias = LazyAdam(np.zeros((1, classes), dtype=np.float32))
    only = np.zeros(1, dtype=np.int32)
    steps, step, losses = epochs * (len(numbers) // BATCH), 0, []
    for _ in range(epochs):
        order = numbers[random.permutation(len(numbers))]
        for start in range(0, len(order) - BATCH + 1, BATCH):
            some = order[start : start + BATCH]
            rate = 1 - step / steps
            rows, counts = _hide(examples.ngrams, some, random)
            logits = np.asarray(counts @ table.table[rows] + bias.table, dtype=np.float32)
            if examples.leanings is not None:
                leaning_rows, leaning_counts = _hide(examples.leanings, some, random)
                logits += (leaning_counts @ leanings.table[leaning_rows]) * PRAISE
            loss, slope = _softmax_loss(logits, examples.targets[some], examples.weights[some])
            if examples.leanings is not None:
                along = np.asarray(leaning_counts.T @ (slope @ PRAISE[:, None]), dtype=np.float32)
                leanings.step(Gradient(rows=leaning_rows, slope=along), learning_rate=NGRAM_RATE * rate)
            table.step(
                Gradient(rows=rows, slope=np.asarray(counts.T @ slope, dtype=np.float32)),
                learning_rate=NGRAM_RATE * rate,
            )
            bias.step(Gradient(rows=only, slope=slope.sum(axis=0, keepdims=True)), learning_rate=BIAS_RATE * rate)
            step += 1
            losses.append(loss)
            if step % 100 == 0 or step == steps:
                report(f"step {step:>5}/{steps}  loss {np.mean(losses[-100:]):.3f}")
    return Fit(ngram_weights=table.table, leanings=leanings.table, bias=bias.table[0])


def _hide(
    features: Features, numbers: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.int32], "csr_matrix"]:
    """Return the buckets in some texts, and what each counts in each text after some were hidden."""
    from scipy.sparse import csr_matrix

    places, offsets = places_of(features, numbers)
    rows, columns = np.unique(features.buckets[places], return_inverse=True)
    shares = features.shares[places] * (random.random(len(places)) >= DROPPED) / np.float32(1 - DROPPED)
    return rows, csr_matrix((shares.astype(np.float32), columns, offsets), shape=(len(numbers), len(rows)))


def _matrix(features: Features, numbers: NDArray[np.int64], *, columns: int) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    places, offsets = places_of(features, numbers)
    return csr_matrix((features.shares[places], features.buckets[places], offsets), shape=(len(numbers), columns))


def _softmax_loss(
    logits: NDArray[np.float32], targets: NDArray[np.float32], weights: NDArray[np.float32]
) -> tuple[float, NDArray[np.float32]]:
    """Return the weighted mean cross-entropy and its slope along the logits."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found = powers / powers.sum(axis=1, keepdims=True)
    loss = -float((weights[:, None] * targets * np.log(found + 1e-9)).sum() / len(targets))
    return loss, ((found - targets) * (weights / len(targets))[:, None]).astype(np.float32)


def places_of(features: Features, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where what stands in some texts lies, one text after the other, and where each text begins."""
    lengths = np.diff(features.offsets)[numbers]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    return np.repeat(features.offsets[numbers], lengths) + within, offsets
