"""What a text is about, and what its words say there: "small" blames a hotel room and praises a phone.

A small model tells how far a text belongs to each of six domains of feedback; the rest of it belongs to none (talk,
questions, posts, kinds of text that training has none of), where the general model stands alone. Each domain has one
number for each n-gram, its leaning: how far the n-gram moves a text from blame to praise there beyond what it says
everywhere. Jacobs et al. 1991 (a gate that weighs experts) over Daumé 2007 (features once more per domain).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.ngrams import FINE_BITS

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DOMAINS = ("food", "goods", "hotels", "devices", "cars", "films and books")
"""Domain i has column i of every array of shares."""

GATE_BITS = 17
LEANING_BITS = 22
"""All domains share one table. At 2^24 the half that reads it gains 0.1 points of AUC on reviews, both halves 0.02."""

LEAST_SHARE = 0.1
"""Of a text in a domain for that domain to be asked: below, it would say next to nothing, and training takes longer."""

PRAISE = np.array([-1, 0, 1], dtype=np.float32)
"""What a leaning of one adds to the logits of negative, neutral and positive."""

CLAUSE, REVIEW = 12, 32
"""Words up to which a text is a clause, and from which it is a review as a whole: a guest lists what was wrong with a
room that he praises, so a hotel review leans to praise by its being one, and a clause does not."""

_ROUND = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainWeights:
    """What training found.

    `gate` int8 (2^GATE_BITS, 1 + domains), column 0 for none of them, with one of `gate_scales` a column and
    `gate_bias`; `leanings` int8 (2^LEANING_BITS), each times its own size and `leaning_scale`, of shape (1), for most
    are small and a few are not; `of_reviews`, of shape (domains), how far a whole review leans to praise by being one.
    """

    gate: NDArray[np.int8]
    gate_scales: NDArray[np.float32]
    gate_bias: NDArray[np.float32]
    leanings: NDArray[np.int8]
    leaning_scale: NDArray[np.float32]
    of_reviews: NDArray[np.float32]


def domain_shares(matrix: "csr_matrix", buckets: NDArray[np.int32], weights: DomainWeights) -> NDArray[np.float32]:
    """Return how far each text belongs to each domain, float32 (texts, domains); row sums stay below one.

    `matrix` (texts, n-grams) holds what each n-gram counts in each text, `buckets` the n-grams' fine buckets.
    """
    by_ngram = weights.gate[buckets >> (FINE_BITS - GATE_BITS)].astype(np.float32) * weights.gate_scales
    return shares_of(np.asarray(matrix @ by_ngram, dtype=np.float32) + weights.gate_bias)


def shares_of(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return shares of the domains from the gate's logits (texts, 1 + domains); those below `LEAST_SHARE` are none."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = (powers / powers.sum(axis=1, keepdims=True))[:, 1:]
    return np.where(shares < LEAST_SHARE, np.float32(0), shares)


def leaning(
    matrix: "csr_matrix", buckets: NDArray[np.int32], shares: NDArray[np.float32], weights: DomainWeights
) -> NDArray[np.float32]:
    """Return how far its domains move each text towards praise, float32 (texts); blame moves as far the other way."""
    by_domain = [weights.leanings[leaning_buckets(buckets, number)] for number in range(len(DOMAINS))]
    roots = np.stack(by_domain, axis=1).astype(np.float32)
    said = np.asarray(matrix @ (roots * np.abs(roots)), dtype=np.float32)
    moved: NDArray[np.float32] = (said * shares).sum(axis=1) * weights.leaning_scale
    return moved


def leaning_buckets(buckets: NDArray[np.int32], domain: int) -> NDArray[np.int32]:
    """Return where the leanings of n-grams in one domain stand in the table."""
    mixed = (buckets.astype(np.uint64) * np.uint64(16) + np.uint64(domain)) * _ROUND
    return (mixed >> np.uint64(64 - LEANING_BITS)).astype(np.int32)


def review_share(words: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Return how far each text, given as words, is a review as a whole and not a clause, from 0 to 1."""
    lengths = np.array([len(text) for text in words], dtype=np.float32)
    return np.clip((lengths - CLAUSE) / (REVIEW - CLAUSE), 0, 1)
