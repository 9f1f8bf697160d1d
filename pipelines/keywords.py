"""What the units of a theme say, counted: words, words said together, and which of them tell this theme from others."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.glossary import Entry, by_key
from pipelines.terms import Term
from pipelines.word_roles import Role

# Terms this far apart in one clause are said of each other: "the delivery here is really slow".
WINDOW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Units of a theme per word (`said`), per two words of one clause (`near`, both ways) and per two words side by
    side (`next`, in order); `forms[key]` are the ways it was said in zh and en, `units` how many units were counted."""

    units: int
    said: Mapping[str, int]
    near: Mapping[str, Mapping[str, int]]
    next: Mapping[tuple[str, str], int]
    forms: Mapping[str, tuple[Counter[str], Counter[str]]]

    def together(self, one: str, other: str) -> int:
        """Return how many units say both words in one clause."""
        return self.near[one].get(other, 0) if one in self.near else 0

    def beside(self, key: str) -> tuple[str, ...]:
        """Return the words said in one clause with a word, in order."""
        return tuple(sorted(self.near.get(key, ())))


def count_words(said: Iterable[Sequence[Term]], weights: Iterable[int]) -> Words:
    """Count the words of units, each unit as often as its weight says."""
    units = 0
    single: Counter[str] = Counter()
    near: defaultdict[str, Counter[str]] = defaultdict(Counter)
    following: Counter[tuple[str, str]] = Counter()
    forms: defaultdict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for found, weight in zip(said, weights, strict=True):
        units += weight
        keys: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        chain: set[tuple[str, str]] = set()
        for index, term in enumerate(found):
            if term.stop or term.breaks:
                continue
            keys.add(term.key)
            forms[term.key][0 if term.zh else 1][term.surface] += weight
            content = 0
            for other in found[index + 1 : index + 1 + 3 * WINDOW]:
                if other.breaks or content >= WINDOW:
                    break
                if other.stop:
                    continue
                content += 1
                if other.key != term.key:
                    pairs.add((min(term.key, other.key), max(term.key, other.key)))
            if index + 1 < len(found):
                after = found[index + 1]
                if not after.stop and not after.breaks and after.zh == term.zh and after.key != term.key:
                    chain.add((term.key, after.key))
        single.update(dict.fromkeys(keys, weight))
        for one, two in pairs:
            near[one][two] += weight
            near[two][one] += weight
        following.update(dict.fromkeys(chain, weight))
    return Words(units=units, said=single, near=dict(near), next=following, forms=dict(forms))


def rarities(themes: Sequence[Words]) -> dict[str, float]:
    """Return how well each word tells themes apart: the second factor of class-based TF-IDF (Grootendorst 2022)."""
    heard: Counter[str] = Counter()
    for theme in themes:
        for key, count in theme.said.items():
            heard[key] += count
    average = sum(theme.units for theme in themes) / max(1, len(themes))
    return {key: math.log(1 + average / count) for key, count in heard.items()}


def strengths(words: Words, rarity: Mapping[str, float], roles: Mapping[str, Role]) -> dict[str, float]:
    """Return the class-based TF-IDF of each word of a theme, less for words that make poor names."""
    return {
        key: count / max(1, words.units) * rarity[key] * _worth(key, roles.get(key, "other"))
        for key, count in words.said.items()
    }


# How good a word of a role is in a name, beside an aspect.
WORTH: Mapping[Role, float] = {
    "aspect": 1.0, "event": 1.0, "opinion": 0.9, "deed": 0.9, "noun": 0.85, "word": 0.7, "person": 0.6, "verb": 0.5,
    "quality": 0.5, "mood": 0.25, "other": 0.1, "idle": 0.0,
}  # fmt: skip


def _worth(key: str, role: Role) -> float:
    # One Chinese character alone says little, unless the glossary knows it.
    return WORTH[role] * (0.5 if len(key) == 1 else 1.0)


def entry_of(key: str) -> Entry | None:
    """Return the concept of a key, if it is one."""
    return by_key().get(key.removeprefix("!"))


def polarity_of(key: str) -> int:
    """Return -1, 0 or 1 for what a key says, negation counted."""
    entry = entry_of(key)
    if entry is None:
        return 0
    return -entry.polarity if key.startswith("!") else entry.polarity
