"""Fold units that say the same words, and put what is left in an order that does not depend on the rows'."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.records import OpinionUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Distinct units in order of their keys.

    `keys[j]` is what folded unit j is known by, `first[j]` the row of the unit that stands for it, `counts[j]` how
    many units say it, and `group[i]` the folded unit of row i. A key is empty for a unit without a letter or digit.
    """

    keys: tuple[str, ...]
    first: NDArray[np.int64]
    counts: NDArray[np.int64]
    group: NDArray[np.int64]


def fold_key(text: str) -> str:
    """Return the letters and digits of a text, NFKC and case-folded: what two copies of one remark have in common."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def fold(units: Sequence[OpinionUnit]) -> Folded:
    """Fold units by their keys; of several that share one, the smallest (shadow, id) stands for them all."""
    best: dict[str, int] = {}
    keys: list[str] = []
    for row, unit in enumerate(units):
        key = fold_key(unit.shadow)
        keys.append(key)
        other = best.get(key)
        if other is None or (unit.shadow, unit.id) < (units[other].shadow, units[other].id):
            best[key] = row
    ordered = sorted(best)
    position = {key: index for index, key in enumerate(ordered)}
    group = np.fromiter((position[key] for key in keys), dtype=np.int64, count=len(keys))
    return Folded(
        keys=tuple(ordered),
        first=np.fromiter((best[key] for key in ordered), dtype=np.int64, count=len(ordered)),
        counts=np.bincount(group, minlength=len(ordered)).astype(np.int64),
        group=group,
    )


def sample_rows(keys: Sequence[str], size: int, *, seed: int) -> NDArray[np.int64]:
    """Return `size` positions in `keys`, ascending, chosen by a hash of each key.

    The same key is chosen or left out whatever the others are, near enough, so that new data hardly moves a sample.
    """
    if len(keys) <= size:
        return np.arange(len(keys), dtype=np.int64)
    salt = seed.to_bytes(8, "big", signed=True)
    digests = np.fromiter(
        (
            int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=7, key=salt).digest())
            for key in keys
        ),
        dtype=np.int64,
        count=len(keys),
    )
    return np.sort(np.argsort(digests, kind="stable")[:size]).astype(np.int64)
