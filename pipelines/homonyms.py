"""Words of several meanings, each with its word in the other language: a server brings soup, or answers requests.

Each meaning belongs to subjects that feedback is on (code, hotels, food …), each known by words that it is full of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One meaning of a word: its word in the other language and the subjects that it belongs to.

    A product's name stays as it is: Spark.
    """

    said: str
    subjects: tuple[str, ...]


# How much it counts that a theme is on a meaning's subject beside that it is near its word, and of the former what the
# subject shares with the centre beyond the word itself. Of 115 made-up themes 92 mean the right thing by the words
# alone and 110 so, of 67 further ones 59 and 66; weights of 1 to 3 differ by two.
SUBJECT_WORTH = 2.0
BEYOND = 2.5
# A rarer meaning is this much worthier than the likeliest before it is taken: a theme of leftovers is on no subject.
LIKELIEST = 0.2


@cache
def homonyms() -> Mapping[str, tuple[Meaning, ...]]:
    """Return the meanings of each word that has several, the likeliest first.

    Raises ValueError naming the line that is wrong.
    """
    return _read()[0]


@cache
def subjects() -> Mapping[str, str]:
    """Return the subjects that meanings belong to, each with the words that feedback on it is full of."""
    return _read()[1]


def meanings_of(word: str) -> tuple[str, ...]:
    """Return the words of the other language for one, English in the singular or the plural; none for one meaning.

    A lemma will not do: "packaging" would be a package.
    """
    return tuple(meaning.said for meaning in _meanings(word))


def subject_worth(
    word: str, *, near: Callable[[str], float], alike: Callable[[str, Sequence[str]], Sequence[float]]
) -> tuple[float, ...]:
    """Return how much a theme speaks for each meaning of a word by what it is about.

    `near` is how near a text is to the theme's centre, `alike` how near texts are to another (cosines). Of a meaning's
    subjects the nearest counts.
    """
    meanings = _meanings(word)
    met = sorted({subject for meaning in meanings for subject in meaning.subjects})
    texts = [subjects()[subject] for subject in met]
    own = near(word)
    worth: dict[str, float] = {}
    for subject, text, likeness in zip(met, texts, alike(word, texts), strict=True):
        close = near(text)
        worth[subject] = SUBJECT_WORTH * (close + BEYOND * (close - likeness * own))
    found = (max(worth[subject] for subject in meaning.subjects) for meaning in meanings)
    return tuple(one if place else one + LIKELIEST for place, one in enumerate(found))


def _meanings(word: str) -> tuple[Meaning, ...]:
    word = word.casefold()
    forms = (word, word.removesuffix("s"), word.removesuffix("es"))
    for form in (*forms, word.removesuffix("ies") + "y") if word.endswith("ies") else forms:
        if form in homonyms():
            return homonyms()[form]
    return ()


@cache
def _read() -> tuple[Mapping[str, tuple[Meaning, ...]], Mapping[str, str]]:
    words: dict[str, tuple[Meaning, ...]] = {}
    known: dict[str, str] = {}
    text = Path(__file__).with_name("homonyms.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        first, _, rest = line.partition("\t")
        if first.startswith("@"):
            known[first.removeprefix("@")] = rest
            continue
        meanings = tuple(_meaning(part) for part in rest.split("|"))
        told = all(one.said and one.subjects and set(one.subjects) <= set(known) for one in meanings)
        if not first or first in words or len(meanings) < 2 or not told:
            raise ValueError(
                f"homonyms.tsv line {number}: one word and two meanings or more, each a word, "
                f"@ and subjects from the lines above: {line!r}"
            )
        words[first] = meanings
    return MappingProxyType(words), MappingProxyType(known)


def _meaning(part: str) -> Meaning:
    said, _, about = part.partition("@")
    return Meaning(said=said, subjects=tuple(subject for subject in about.split(",") if subject))
