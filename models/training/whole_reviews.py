"""What whole reviews of a domain say to the letter, learnt from them alone and added to the leanings.

Guests list what was wrong with a room that they praise. Beside three hundred thousand texts in which a complaint is a
complaint that is hardly learnt: n-grams fitted to 5,000 hotel reviews and nothing else get more of them right than all
sets together do, and both more than either.
"""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from models.sentiment.domains import DOMAINS, LEANING_BITS, leaning_buckets
from models.training.domains import SETS
from models.training.gathering import Gathered
from models.training.linear import Features, places_of
from models.training.opinions import OPINION_SETS

ALONE: Mapping[str, str] = {"zh_hotel_chnsenticorp": "hotels"}
"""Sets of whole reviews in their natural mix of praise and blame. Food delivery gains a point on itself too, and the
clauses of restaurants lose two: there are opinions to the letter enough in them already."""

CONCERNED = frozenset(name for name, domain in SETS.items() if domain in ALONE.values())
"""Sets in whose texts these leanings speak, learnt from them or not."""

WEIGHT = 2.3
OF_REVIEWS: Mapping[str, float] = {"hotels": 2.8}
"""What a leaning counts, and how far a whole review leans to praise by being one, in the linear half. Seven hotel
reviews in ten praise, in training four. Looked for among 1 to 4.6 and 0 to 2.8 on the hotel reviews held out and those
set aside: all but the smallest are within a point of each other, larger ones cost other sets a tenth or two, and
complaints of one clause stay complaints (`models/weights/sentiment/README.md`)."""

FREEDOM = 30.0
"""The C of scikit-learn: the larger, the less the weights are drawn to nought. 10 and 60 do about as well."""
LEAST_TEXTS = 2
"""Texts that hold an n-gram which is learnt: three in four stand in one only, and would fill the table for nothing."""
ROUNDS = 300


def whole_review_leanings(
    gathered: Gathered, ngrams: Features, *, numbers: NDArray[np.int64], seed: int
) -> NDArray[np.float32]:
    """Return what to add to the leanings, float32 of shape (2^LEANING_BITS), learnt from those of the texts `numbers`.

    Nothing for a domain whose set is not there.
    """
    found = np.zeros(1 << LEANING_BITS, dtype=np.float32)
    names = [of_set.name for of_set in OPINION_SETS]
    for name, domain in ALONE.items():
        inside = numbers[(gathered.sets[numbers] == names.index(name)) & (gathered.targets[numbers, 1] < 0.5)]
        if len(np.unique(gathered.targets[inside].argmax(axis=1))) == 2:
            buckets, weights = _fitted(gathered, ngrams, inside, seed=seed)
            np.add.at(found, leaning_buckets(buckets, DOMAINS.index(domain)), weights * np.float32(WEIGHT))
    return found


def _fitted(
    gathered: Gathered, ngrams: Features, inside: NDArray[np.int64], *, seed: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return n-grams and their weights between blame and praise; what stands without any is left to `OF_REVIEWS`."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    places, ends = places_of(ngrams, inside)
    buckets, columns, times = np.unique(ngrams.buckets[places], return_inverse=True, return_counts=True)
    texts = csr_matrix((ngrams.shares[places], columns, ends), shape=(len(inside), len(buckets)))
    common = times >= LEAST_TEXTS
    model = LogisticRegression(C=FREEDOM, solver="liblinear", max_iter=ROUNDS, random_state=seed)
    model.fit(texts[:, common], gathered.targets[inside].argmax(axis=1) == 2)
    return buckets[common], model.coef_[0].astype(np.float32)


def of_reviews(leave_out: Collection[str]) -> NDArray[np.float32]:
    """Return how far a whole review of each domain leans to praise, in the order of `DOMAINS`.

    Not at all where the set that says so is one of `leave_out`.
    """
    learnt = {domain for name, domain in ALONE.items() if name not in leave_out}
    return np.array([OF_REVIEWS[domain] if domain in learnt else 0 for domain in DOMAINS], dtype=np.float32)
