"""Sets in which there is no structure to find: one text with another number in each, or a few answers given often."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pipelines.records import Matrix
from pipelines.terms import terms, topic_words

# Fewer distinct units than this have no structure to find: those that say nearly the same are one theme …
FEWEST = 8
# … that is, if the mean cosine between them is this high.
ALIKE = 0.5
# From this mean cosine on a set may be variations of one text, such as a template with another date in each: those as
# near the mean are one theme, for less their mean only the dates would be left. Of 26 sets that people wrote none has
# more than .4; a template that differs in a date has .8.
ONE_TEXT = 0.7
# Other encoders put everything that near. So the words are asked too: in variations of a text at least this share of a
# unit's words is in most units. A template with one or two free fields has .3 to .8, each of 25 files of what people
# wrote 0: hardly a word is in half of their units.
ONE_WORDING = 0.25
# So many units tell.
ASKED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OneText:
    """Which units are variations of one text, and which of these lie in its midst; bool of shape (units)."""

    members: NDArray[np.bool_]
    core: NDArray[np.bool_]


def near_one_text(vectors: Matrix, shadows: Sequence[str]) -> OneText:
    """Return which of the units are variations of the text that most of them are; none where there is no such text."""
    mean = vectors.mean(axis=0, dtype=np.float64) if len(vectors) >= FEWEST else np.zeros(vectors.shape[1])
    length = float(np.linalg.norm(mean))
    # The mean cosine between two units is the squared length of their mean.
    if length**2 < ONE_TEXT or _shared_wording(shadows) < ONE_WORDING:
        none = np.zeros(len(vectors), dtype=bool)
        return OneText(members=none, core=none)
    near = vectors @ (mean / length).astype(np.float32)
    return OneText(members=near >= ONE_TEXT, core=near >= np.median(near))


def _shared_wording(shadows: Sequence[str]) -> float:
    """Return the mean share of a unit's words that most units say too; 1 where none says a word."""
    some = shadows[:: max(1, len(shadows) // ASKED)]
    said = [set(topic_words(terms(shadow))) for shadow in some]
    heard = Counter(word for words in said for word in words)
    shares = [sum(heard[word] > len(some) / 2 for word in words) / len(words) for words in said if words]
    return float(np.mean(shares)) if shares else 1.0


def few_answers(vectors: Matrix, counts: NDArray[np.int64], floor: int) -> NDArray[np.int64]:
    """Return the labels of a few distinct units: one where all are alike, else one per group of those that are.

    The same five answers may be given a thousand times, so copies (`counts`) count; what fewer than `floor` say is in
    no theme: -1.
    """
    if _alike(vectors) and counts.sum() >= floor:
        return np.zeros(len(vectors), dtype=np.int64)
    groups = np.arange(len(vectors))
    while True:
        near = np.full((len(vectors), len(vectors)), -1.0)
        for one, other in combinations(np.unique(groups).tolist(), 2):
            near[one, other] = float((vectors[groups == one] @ vectors[groups == other].T).mean())
        one, other = np.unravel_index(int(near.argmax()), near.shape)
        if near[one, other] < ALIKE:
            break
        groups[groups == other] = one
    said = np.bincount(groups, counts, minlength=len(vectors))
    labels = np.full(len(vectors), -1, dtype=np.int64)
    for label, group in enumerate(np.flatnonzero(said >= floor)):
        labels[groups == group] = label
    return labels


def _alike(vectors: Matrix) -> bool:
    """Say whether a few units all say nearly the same, by the mean cosine of their pairs."""
    size = len(vectors)
    return size > 1 and (float((vectors @ vectors.T).sum()) - size) / (size * (size - 1)) >= ALIKE
