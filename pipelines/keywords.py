"""What the units of a theme say, counted: words, words said together, and which of them tell this theme from others."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pipelines.glossary import Entry, by_key
from pipelines.terms import Term

# Terms this far apart in one clause are said of each other: "the delivery here is really slow".
WINDOW = 4

Role = Literal["aspect", "person", "opinion", "event", "mood", "noun", "verb", "quality", "word", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Units of a theme per word (`said`), per two words of one clause (`near`, sorted pair) and per two words side by
    side (`next`, in order); `forms[key]` are the ways it was said in zh and en, `units` how many units were counted."""

    units: int
    said: Mapping[str, int]
    near: Mapping[tuple[str, str], int]
    next: Mapping[tuple[str, str], int]
    forms: Mapping[str, tuple[Counter[str], Counter[str]]]

    def together(self, one: str, other: str) -> int:
        """Return how many units say both words in one clause."""
        return self.near.get((min(one, other), max(one, other)), 0)


def count_words(said: Iterable[Sequence[Term]], weights: Iterable[int]) -> Words:
    """Count the words of units, each unit as often as its weight says."""
    units = 0
    single: Counter[str] = Counter()
    near: Counter[tuple[str, str]] = Counter()
    following: Counter[tuple[str, str]] = Counter()
    forms: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for found, weight in zip(said, weights, strict=True):
        units += weight
        keys: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        chain: set[tuple[str, str]] = set()
        for index, term in enumerate(found):
            if term.stop or term.breaks:
                continue
            keys.add(term.key)
            forms.setdefault(term.key, (Counter(), Counter()))[0 if term.zh else 1][term.surface] += weight
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
        near.update(dict.fromkeys(pairs, weight))
        following.update(dict.fromkeys(chain, weight))
    return Words(units=units, said=single, near=near, next=following, forms=forms)


def rarities(themes: Sequence[Words]) -> dict[str, float]:
    """Return how well each word tells themes apart: the second factor of class-based TF-IDF (Grootendorst 2022)."""
    heard: Counter[str] = Counter()
    for theme in themes:
        for key, count in theme.said.items():
            heard[key] += count
    average = sum(theme.units for theme in themes) / max(1, len(themes))
    return {key: math.log(1 + average / count) for key, count in heard.items()}


def strengths(words: Words, rarity: Mapping[str, float]) -> dict[str, float]:
    """Return the class-based TF-IDF of each word of a theme, less for words that make poor names."""
    return {key: count / max(1, words.units) * rarity[key] * _worth(key, words) for key, count in words.said.items()}


def _worth(key: str, words: Words) -> float:
    match role_of(key):
        case "mood":
            return 0.25
        case "aspect" | "event" | "opinion":
            return 1.0
        case "person":
            return 0.6
        case "noun" | "word":
            return 0.9 if len(key) > 1 else 0.45
        case "verb" | "quality":
            return 0.7 if len(key) > 1 else 0.3
        case _:
            return 0.15


def entry_of(key: str) -> Entry | None:
    """Return the concept of a key, if it is one."""
    return by_key().get(key.removeprefix("!"))


def polarity_of(key: str) -> int:
    """Return -1, 0 or 1 for what a key says, negation counted."""
    entry = entry_of(key)
    if entry is None:
        return 0
    return -entry.polarity if key.startswith("!") else entry.polarity


def role_of(key: str) -> Role:
    """Return what part a key can play in a name: its kind in the glossary, else its part of speech, else "word"."""
    entry = entry_of(key)
    if entry is not None:
        return entry.kind
    if not ("\u3400" <= key[:1] <= "\u9fff"):
        return "word"
    tag = _tags().get(key, "n")
    if tag[0] in "ni" or tag in ("vn", "an", "l", "s", "j", "z"):
        return "noun"
    if tag[0] == "v":
        return "verb"
    return "quality" if tag[0] == "a" else "other"


@cache
def _tags() -> dict[str, str]:
    """Return the part of speech of each Chinese word, from jieba's own dictionary file."""
    import jieba

    path = Path(str(jieba.__file__)).with_name("dict.txt")
    tags: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        tags[word] = rest.partition(" ")[2] or "n"
    return tags
