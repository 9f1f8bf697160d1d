"""Words to names: what a theme's units talk about and what they say of it, in zh and en.

A name is aspect + what is said (物流慢, "Slow delivery") where enough units say the two together, else the strongest
phrase or words. The other language's name comes from its own units, else from the glossary, else from the encoder's
nearest words, else it is the original's.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.glossary import Entry, by_key
from pipelines.terms import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the units of one theme say: units per key, per pair of keys said side by side, and the forms of each key."""

    units: int
    said: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    forms: Mapping[str, Counter[str]]
    runs: Mapping[str, int]


def count_words(said: Sequence[Sequence[Term]], weights: Sequence[int]) -> Words:
    """Count the words of a theme's units, each as often as its weight says."""
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    runs: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for found, weight in zip(said, weights, strict=True):
        keys: set[str] = set()
        near: set[tuple[str, str]] = set()
        for index, term in enumerate(found):
            if term.stop or term.breaks:
                continue
            keys.add(term.key)
            forms.setdefault(term.key, Counter())[term.surface] += weight
            for other in found[index + 1 : index + 5]:
                if other.breaks:
                    break
                if not other.stop and other.key != term.key:
                    near.add((term.key, other.key))
        single.update({key: weight for key in keys})
        pairs.update({pair: weight for pair in near})
    return Words(units=sum(weights), said=single, pairs=pairs, forms=forms, runs=runs)


def keyword_scores(words: Words, heard: Mapping[str, int], themes: Sequence[Words]) -> dict[str, float]:
    """Return the class-based TF-IDF (Grootendorst 2022) of each word of a theme: share of its units x rarity."""
    average = sum(theme.units for theme in themes) / max(1, len(themes))
    return {
        key: count / max(1, words.units) * math.log(1 + average / heard[key] * len(themes) ** 0.5)
        for key, count in words.said.items()
    }


def entry_of(key: str) -> Entry | None:
    """Return the concept of a key, if it is one."""
    return by_key().get(key.removeprefix("!"))


def sentence_case(name: str) -> str:
    """Return an English name with its first letter in upper case."""
    return name[:1].upper() + name[1:]
