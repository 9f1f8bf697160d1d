"""Themes that hold what is left over: few of their units share a word and hardly any a meaning, and the name says so.

Where everything has a theme, some themes are what remained. Named like the others, after the strongest word, one of 287
hotel remarks of many kinds is called by what eight of them say.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.keywords import Words
from pipelines.records import Matrix

# Mean cosine between a theme's units, over that of the middle theme, below which they are loose. Of 47 themes of 25
# files whose words few say, those below are leftovers (.4 to .75) and those above are subjects with many words for
# them (.8 to 2.5: politics, matches, entrance exams).
LOOSE = 0.75
# … and what it is named after is said by fewer of the units than this …
FEW_SAY = 0.1
# … and so is, nearly, whatever else is strong in it.
FEW_SAY_ANYTHING = 0.15
# Words that are looked at.
STRONGEST = 40
# Fewer themes than this have no middle one to be compared with.
FEWEST_THEMES = 5


def loose_themes(vectors: Matrix, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which themes are held together much less than the middle one; `vectors` are of unit length, -1 is no theme.

    What all texts have in common is taken off: the cosines are those of the vectors less their mean, but for the
    length of each.
    """
    count = int(labels.max(initial=-1)) + 1
    if count < FEWEST_THEMES:
        return np.zeros(count, dtype=bool)
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(count + 1))
    parts = [vectors[order[bounds[label] : bounds[label + 1]]] for label in range(count)]
    sums = np.array([part.sum(axis=0, dtype=np.float64) for part in parts])
    sizes = np.diff(bounds).astype(np.float64)
    mean = vectors.mean(axis=0, dtype=np.float64)
    pairs = (np.einsum("ij,ij->i", sums, sums) - sizes) / np.maximum(sizes * (sizes - 1), 1)
    held = pairs - 2 * (sums @ mean) / np.maximum(sizes, 1) + mean @ mean
    return np.asarray(held < LOOSE * np.median(held), dtype=bool)


def scattered(head: str, words: Words, order: Sequence[str]) -> bool:
    """Say whether few units of a theme say what it is named after, and few anything else that is strong in it."""
    most = max((words.said[key] for key in order[:STRONGEST]), default=0)
    return words.said[head] < FEW_SAY * words.units and most < FEW_SAY_ANYTHING * words.units


def as_leftover(zh: str, en: str, cased: Mapping[str, str]) -> tuple[str, str]:
    """Return the names with what they are put before them: 其他：惊喜与期望, Other: surprise and expectations."""
    first, space, rest = en.partition(" ")
    own = first.lower() in cased or not first[1:].islower()
    return f"其他：{zh}", f"Other: {first if own else first.lower()}{space}{rest}"
