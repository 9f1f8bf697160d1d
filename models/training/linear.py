"""Fitting a linear model of three classes on n-grams."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.ngrams import Ngrams
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
class Examples:
    """Texts as the model sees them; row i of each is text i, `shares` runs along `ngrams.buckets`.

    `targets` are the probabilities to learn, (texts, 3): 0 and 1 where people gave a label.
    """

    ngrams: Ngrams
    shares: NDArray[np.float32]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The weights found: of each bucket for the three classes, and what stands without any."""

    ngram_weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, examples: Examples, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return three numbers for each of some texts, the largest for the likeliest class."""
        from scipy.sparse import csr_matrix

        places, offsets = _places(examples.ngrams, numbers)
        matrix = csr_matrix(
            (examples.shares[places], examples.ngrams.buckets[places], offsets),
            shape=(len(numbers), len(self.ngram_weights)),
        )
        found = matrix @ self.ngram_weights + self.bias
        return np.asarray(found, dtype=np.float32)


def fit_linear(
    examples: Examples, numbers: NDArray[np.int64], *, buckets: int, seed: int, report: Callable[[str], None]
) -> Fit:
    """Return the weights fitted by Adam to some of the texts; the same seed gives the same weights."""
    random = np.random.default_rng(seed)
    table = LazyAdam(np.zeros((buckets, 3), dtype=np.float32))
    bias = LazyAdam(np.zeros((1, 3), dtype=np.float32))
    only = np.zeros(1, dtype=np.int32)
    steps, step, losses = EPOCHS * (len(numbers) // BATCH), 0, []
    for _ in range(EPOCHS):
        order = numbers[random.permutation(len(numbers))]
        for start in range(0, len(order) - BATCH + 1, BATCH):
            some = order[start : start + BATCH]
            rows, shares = _hide(examples, some, random)
            logits = np.asarray(shares @ table.table[rows] + bias.table, dtype=np.float32)
            loss, slope = _softmax_loss(logits, examples.targets[some], examples.weights[some])
            rest = 1 - step / steps
            table.step(
                Gradient(rows=rows, slope=np.asarray(shares.T @ slope, dtype=np.float32)),
                learning_rate=NGRAM_RATE * rest,
            )
            bias.step(Gradient(rows=only, slope=slope.sum(axis=0, keepdims=True)), learning_rate=BIAS_RATE * rest)
            step += 1
            losses.append(loss)
            if step % 100 == 0 or step == steps:
                report(f"step {step:>5}/{steps}  loss {np.mean(losses[-100:]):.3f}")
    return Fit(ngram_weights=table.table, bias=bias.table[0])


def _hide(
    examples: Examples, numbers: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.int32], "csr_matrix"]:
    """Return the buckets in some texts, and the share each has in each text after some were hidden."""
    from scipy.sparse import csr_matrix

    places, offsets = _places(examples.ngrams, numbers)
    rows, columns = np.unique(examples.ngrams.buckets[places], return_inverse=True)
    shares = examples.shares[places] * (random.random(len(places)) >= DROPPED) / np.float32(1 - DROPPED)
    return rows, csr_matrix((shares.astype(np.float32), columns, offsets), shape=(len(numbers), len(rows)))


def _softmax_loss(
    logits: NDArray[np.float32], targets: NDArray[np.float32], weights: NDArray[np.float32]
) -> tuple[float, NDArray[np.float32]]:
    """Return the weighted mean cross-entropy and its slope along the logits."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found = powers / powers.sum(axis=1, keepdims=True)
    loss = -float((weights[:, None] * targets * np.log(found + 1e-9)).sum() / len(targets))
    return loss, ((found - targets) * (weights / len(targets))[:, None]).astype(np.float32)


def _places(ngrams: Ngrams, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the n-grams of some texts lie, one text after the other, and where each text begins."""
    lengths = np.diff(ngrams.offsets)[numbers]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    return np.repeat(ngrams.offsets[numbers], lengths) + within, offsets
