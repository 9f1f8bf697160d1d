"""Re-fit: a linear head that learns from people's corrections what the model in use gets wrong in one project.

The model and the encoder stay as they are; the head adds to the model's logarithmic probabilities what it reads from
those, from the encoder's vector and from hashed n-grams. Its weights are drawn towards nothing at all, so that few
corrections change little. Figures: `benchmarks/corrections.py`, docs/benchmarks.md.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder
from models.ngrams import hashed_ngrams
from models.sentiment import SentimentModel
from models.tokens import cut

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BIAS, LOGS, VECTORS, NGRAMS = 0.1, 0.15, 0.7, 2.0
"""How freely each part may move. Chosen on six labelled sets with 50 and 200 corrections each: a freer bias or freer
vectors learn one set faster and cost every other set two to five points; n-grams stay with the words corrected."""

ANCHORS = 300
"""Other texts of the project at which the model's own word is kept: more of them change no figure by 0.2 points."""
FEWEST_ANCHORS = 30.0
"""What the anchors weigh together at least, in corrections."""
FOLDS = 10
STEPS = 300
TEXTS_AT_ONCE = 4096
FLOOR = 1e-6
"""Least probability taken for real: a model that says nought says no more than one in a million."""

_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What people said: `labels[i]` is 0, 1 or 2 for a negative, neutral or positive `texts[i]`.

    `anchors` are other texts of the same project that nobody judged, a fair sample of them.
    """

    texts: tuple[str, ...]
    labels: tuple[int, ...]
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The weights found, for one model and one encoder, both by name; row i of `ngrams` belongs to `buckets[i]`."""

    base: str
    encoder: str
    bias: NDArray[np.float32]
    logs: NDArray[np.float32]
    vectors: NDArray[np.float32]
    buckets: NDArray[np.int32]
    ngrams: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Features:
    logs: NDArray[np.float32]
    vectors: NDArray[np.float32]
    ngrams: "csr_matrix"

    def __getitem__(self, rows: NDArray[np.int64]) -> "_Features":
        return _Features(logs=self.logs[rows], vectors=self.vectors[rows], ngrams=self.ngrams[rows])


class RefittedSentiment:
    """A sentiment model with a head over it. Raises ValueError where the head was fitted to other models."""

    def __init__(self, *, base: SentimentModel, encoder: Encoder, head: Head) -> None:
        if (base.name, encoder.name) != (head.base, head.encoder):
            raise ValueError(
                f"this head was fitted to {head.base} with {head.encoder}, in use are {base.name} with {encoder.name};"
                " re-fit it"
            )
        self.name = f"{base.name}+refit-{digest(to_bytes(head))[:8]}"
        self._base = base
        self._encoder = encoder
        self._head = head

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return probabilities (negative, neutral, positive), float32 of shape (len(texts), 3)."""
        found = np.empty((len(texts), 3), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            some = texts[start : start + TEXTS_AT_ONCE]
            features = _features(some, self._base, self._encoder, buckets=self._head.buckets)
            found[start : start + len(some)] = _apply(self._head, features)
        return found


def refit(judged: Judged, *, base: SentimentModel, encoder: Encoder) -> Head:
    """Return the head that fits what people said best. The same judgements in any order give the same head.

    Raises ValueError where nothing was judged.
    """
    judged = _in_order(judged)
    features, buckets = _all_features(judged, base=base, encoder=encoder)
    return _fit(judged, features, np.arange(len(judged.texts)), buckets=buckets, names=(base.name, encoder.name))


def cross_validated(judged: Judged, *, base: SentimentModel, encoder: Encoder) -> NDArray[np.float32]:
    """Return for each judged text the probabilities of a head that did not see it, float32 of shape (n, 3).

    Ten parts; texts that begin alike are in the same one, so that no near copy of a text teaches its own answer.
    """
    order = sorted(range(len(judged.texts)), key=lambda number: judged.texts[number])
    judged = _in_order(judged)
    features, buckets = _all_features(judged, base=base, encoder=encoder)
    parts = np.array([_part(text) for text in judged.texts], dtype=np.int64)
    found = np.empty((len(judged.texts), 3), dtype=np.float32)
    for part in np.unique(parts):
        seen, kept_out = np.flatnonzero(parts != part), np.flatnonzero(parts == part)
        # Where all begin alike there is nothing left to learn from: the model's own word stands.
        head = _fit(judged, features, seen, buckets=buckets, names=("", ""))
        found[[order[row] for row in kept_out]] = _apply(head, features[kept_out])
    return found


def to_bytes(head: Head) -> bytes:
    """Return a head as a safetensors file."""
    from safetensors.numpy import save

    tensors = {name: getattr(head, name) for name in ("bias", "logs", "vectors", "buckets", "ngrams")}
    # One entry: several would be written in an order that differs from time to time.
    return bytes(save(tensors, metadata={"fitted_to": f"{head.base} {head.encoder}"}))


def from_bytes(blob: bytes, *, base: str, encoder: str, sha256: str) -> Head:
    """Return a stored head. Raises ValueError where the bytes are not those with this SHA-256."""
    from safetensors.numpy import load

    found = digest(blob)
    if found != sha256:
        raise ValueError(f"the re-fitted weights have SHA-256 {found[:12]}…, {sha256[:12]}… was stored: re-fit again")
    return Head(base=base, encoder=encoder, **load(blob))


def digest(blob: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(blob).hexdigest()


def _in_order(judged: Judged) -> Judged:
    if not judged.texts:
        raise ValueError("nothing was judged: correct or confirm some texts first")
    pairs = sorted(zip(judged.texts, judged.labels, strict=True))
    return Judged(
        texts=tuple(text for text, _ in pairs),
        labels=tuple(label for _, label in pairs),
        anchors=tuple(sorted(judged.anchors)),
    )


def _part(text: str) -> int:
    beginning = _LETTERS.sub("", text.lower())[:12]
    return int.from_bytes(hashlib.blake2b(beginning.encode("utf-8", "surrogatepass"), digest_size=4).digest()) % FOLDS


def _all_features(judged: Judged, *, base: SentimentModel, encoder: Encoder) -> tuple[_Features, NDArray[np.int32]]:
    # What stands in anchors alone is held where it is already; a weight for it would stay at nought.
    buckets = np.unique(hashed_ngrams(judged.texts, cut(judged.texts)).buckets).astype(np.int32)
    return _features((*judged.texts, *judged.anchors), base, encoder, buckets=buckets), buckets


def _features(texts: Sequence[str], base: SentimentModel, encoder: Encoder, *, buckets: NDArray[np.int32]) -> _Features:
    from scipy.sparse import csr_matrix

    logs = np.log(np.maximum(base.predict(texts), FLOOR))
    ngrams = hashed_ngrams(texts, cut(texts))
    lengths = np.diff(ngrams.offsets)
    # Every text weighs the same, however many n-grams it has; those that no judged text has are left out.
    shares = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    known = np.isin(ngrams.buckets, buckets)
    places = np.searchsorted(buckets, ngrams.buckets[known])
    offsets = np.concatenate([[0], np.cumsum(known)])[ngrams.offsets]
    return _Features(
        logs=(logs - logs.mean(axis=1, keepdims=True)).astype(np.float32),
        vectors=np.asarray(encoder.encode(texts), dtype=np.float32),
        ngrams=csr_matrix((shares[known], places, offsets), shape=(len(texts), len(buckets))),
    )


def _apply(head: Head, features: _Features) -> NDArray[np.float32]:
    logits = features.logs + head.bias + features.logs @ head.logs + features.ngrams @ head.ngrams
    # einsum, not a matrix product: its sums do not depend on how many texts there are.
    return _softmax(logits + np.einsum("ij,jk->ik", features.vectors, head.vectors)).astype(np.float32)


def _fit(
    judged: Judged,
    features: _Features,
    seen: NDArray[np.int64],
    *,
    buckets: NDArray[np.int32],
    names: tuple[str, str],
) -> Head:
    """Minimise cross-entropy plus half the squared weights, by L-BFGS from nothing (convex: one answer)."""
    from scipy.optimize import minimize

    anchors = np.arange(len(judged.texts), len(judged.texts) + len(judged.anchors))
    rows = np.concatenate([seen, anchors])
    some = features[rows]
    logs, vectors, ngrams = some.logs.astype(np.float64), some.vectors.astype(np.float64), some.ngrams.astype(float)
    own = _softmax(logs)
    wanted = np.concatenate([np.eye(3)[np.array(judged.labels)[seen]], own[len(seen) :]])
    weights = _weights(own, wanted, judged=len(seen))
    width, many = vectors.shape[1], ngrams.shape[1]
    ends = np.cumsum([1, 3, width, many])
    turned = ngrams.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(-1, 3)
        bias, by_log, by_vector, by_ngram = np.split(table, ends[:-1])
        logits = logs + BIAS * bias + LOGS * (logs @ by_log) + VECTORS * (vectors @ by_vector)
        found = _softmax(logits + NGRAMS * (ngrams @ by_ngram))
        slope = weights[:, None] * (found - wanted)
        gradient = np.concatenate(
            [
                BIAS * slope.sum(axis=0, keepdims=True),
                LOGS * (logs.T @ slope),
                VECTORS * (vectors.T @ slope),
                NGRAMS * (turned @ slope),
            ]
        )
        entropy = -float((weights[:, None] * wanted * np.log(found + 1e-12)).sum())
        return entropy + 0.5 * float((table**2).sum()), (gradient + table).ravel()

    start = np.zeros(3 * int(ends[-1]))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x.reshape(-1, 3)
    bias, by_log, by_vector, by_ngram = np.split(found.astype(np.float32), ends[:-1])
    return Head(
        base=names[0],
        encoder=names[1],
        bias=BIAS * bias[0],
        logs=np.float32(LOGS) * by_log,
        vectors=np.float32(VECTORS) * by_vector,
        buckets=buckets,
        ngrams=np.float32(NGRAMS) * by_ngram,
    )


def _weights(own: NDArray[np.float64], wanted: NDArray[np.float64], *, judged: int) -> NDArray[np.float64]:
    """Return 1 for each judged text, and for the anchors what makes errors as rare as they are in the project.

    People correct what is wrong and pass over what is right. Taken alone, 200 such corrections gain 0.4 points of
    accuracy and cost 1.5 of macro F1; with anchors that stand for the right ones passed over they gain 1.6 and 1.0
    (`benchmarks/corrections.py`; below 100 corrections it makes little difference). How often the model is right is
    its mean confidence on the anchors: it is calibrated.
    """
    right = int((own[:judged].argmax(axis=1) == wanted[:judged].argmax(axis=1)).sum())
    anchors = len(own) - judged
    weights = np.ones(len(own))
    if anchors:
        sure = min(float(own[judged:].max(axis=1).mean()), 0.98)
        together = max(FEWEST_ANCHORS, (judged - right) * sure / (1 - sure) - right)
        weights[judged:] = together / anchors
    return weights


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    rows: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return rows
