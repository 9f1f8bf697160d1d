"""Words nobody put in the glossary, in the other language: by the encoder's nearest words, or part by part.

Nearness alone crowds around a few words that are near to everything; CSLS (Conneau et al. 2018, "Word translation
without parallel data") takes off how near a word is to its ten nearest of the other language. Measured on 17,000
frequent words against dictionaries, a candidate with CSLS ≥ 0.15 and cosine ≥ 0.5 is right in 96 % of the cases.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from models.embedding import Bilingual, Encoder
from pipelines.glossary import by_zh
from pipelines.homonyms import meanings_of, subject_worth
from pipelines.records import Matrix
from pipelines.terms import stop_words
from pipelines.word_roles import chinese_role, ending_role

Wanted = Literal["zh", "en"]
Translate = Callable[[str, Wanted, Collection[str]], str | None]
"""A word, the language wanted, and the words a theme says in that language: a word, or None."""


class TranslateIn(Protocol):
    """A `Translate` that also takes the centre of the theme that says the word, to tell its meanings apart."""

    def __call__(self, word: str, wanted: Wanted, heard: Collection[str], centre: Matrix | None = None) -> str | None:
        """Return the word in the language wanted, or None."""
        ...


# The most frequent words of a vocabulary, and how often training met them at least; rarer ones have poor vectors.
FREQUENT = 20_000
LEAST_COUNT = 20
# Cosine and CSLS that make the nearest word of the other language a translation (a word with close synonyms stands in
# a crowd: there a higher cosine does) …
CLEAR_ENOUGH = ((0.5, 0.15), (0.55, 0.1))
# … and that make one of a word the theme itself says, if no other candidate is this much clearer.
HEARD_ENOUGH = (0.45, 0.05)
CLEARER = 0.08
# Of Chinese candidates with this cosine and CSLS the theme's centre decides: what it shares with one beyond the word
# itself, if it is this much, counts this often beside CSLS ("double" in a theme of clicking: 双击, not 双层).
POSSIBLE = (0.5, 0.05)
SUPPORT = 0.05
CONTEXT = 2.0
# An English word among this many most frequent ones is not left as it is in a Chinese name.
COMMON = 10_000
# Neighbours that say how crowded it is around a word, and candidates looked at.
CROWD = 10
CANDIDATES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vocabulary:
    """Words, their vectors and which of them tell of a deed ("pictured"): no Chinese noun means one of those."""

    words: tuple[str, ...]
    matrix: Matrix
    told: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A word of the other language: its cosine and CSLS, and its vector less what it shares with the word."""

    word: str
    near: float
    clear: float
    beyond: Matrix


def translator(encoder: Encoder) -> TranslateIn:
    """Return a function that says a word of a theme in the other language, or None where that would be a guess."""
    vocabularies: dict[Wanted, _Vocabulary] = {}
    ranked: dict[tuple[Wanted, str], tuple[_Candidate, ...]] = {}

    def translate(word: str, wanted: Wanted, heard: Collection[str], centre: Matrix | None = None) -> str | None:
        if wanted == "en" and centre is not None and (meanings := meanings_of(word)):
            return meant(word, meanings, heard, centre)
        if (wanted, word) not in ranked:
            ranked[wanted, word] = rank(word, wanted)
        found = ranked[wanted, word]
        for one in found:
            heard_enough = one.near >= HEARD_ENOUGH[0] and one.clear >= max(HEARD_ENOUGH[1], found[0].clear - CLEARER)
            if heard_enough and one.word in heard:
                return one.word
        for one in found[:1]:
            if any(one.near >= near and one.clear >= clear for near, clear in CLEAR_ENOUGH):
                return _fitting(found, centre).word if wanted == "zh" and centre is not None else one.word
        return by_parts(word, wanted, heard)

    def meant(word: str, meanings: Sequence[str], heard: Collection[str], centre: Matrix) -> str:
        """Return the English word that a theme says, else the one that fits what the theme is about."""

        def near(text: str) -> float:
            return float(encoder.encode([text])[0] @ centre)

        def alike(text: str, others: Sequence[str]) -> Sequence[float]:
            vectors = encoder.encode([text, *others])
            return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

        worth = subject_worth(word, near=near, alike=alike)
        return meanings[
            max(range(len(meanings)), key=lambda place: (meanings[place] in heard, round(worth[place], 4), -place))
        ]

    def rank(word: str, wanted: Wanted) -> tuple[_Candidate, ...]:
        if not isinstance(encoder, Bilingual):
            return ()
        if not vocabularies:
            vocabularies["zh"] = _vocabulary(encoder, "zh")
            vocabularies["en"] = _vocabulary(encoder, "en")
        there, here = vocabularies[wanted], vocabularies["en" if wanted == "zh" else "zh"]
        if min(len(there.words), len(here.words)) <= CROWD:
            return ()
        vector = encoder.encode([word])[0]
        near = there.matrix @ vector
        if wanted == "en" and chinese_role(word) == "noun":
            near = np.where(there.told, -1.0, near)
        rows = np.sort(np.argpartition(-near, CANDIDATES)[:CANDIDATES])
        own = _crowd(vector[None, :], there.matrix)[0]
        others = _crowd(there.matrix[rows], here.matrix)
        found = [
            _Candidate(
                word=there.words[row],
                near=float(near[row]),
                clear=2 * float(near[row]) - float(own) - float(other),
                beyond=there.matrix[row] - near[row] * vector,
            )
            for row, other in zip(rows.tolist(), others, strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-one.clear, one.word)))

    return translate


def _fitting(found: Sequence[_Candidate], centre: Matrix) -> _Candidate:
    """Return the first candidate, or one as possible that the theme speaks for more clearly."""
    support = [round(float(one.beyond @ centre), 4) for one in found]
    possible = [
        place
        for place, one in enumerate(found)
        if not place or (one.near >= POSSIBLE[0] and one.clear >= POSSIBLE[1] and support[place] >= SUPPORT)
    ]
    return found[max(possible, key=lambda place: (found[place].clear + CONTEXT * support[place], -place))]


def _crowd(vectors: Matrix, matrix: Matrix) -> Matrix:
    """Return how near each vector's nearest words are, on average."""
    near = vectors @ matrix.T
    nearest: Matrix = np.partition(near, near.shape[1] - CROWD, axis=1)[:, -CROWD:].mean(axis=1)
    return nearest


def common_words(encoder: Encoder) -> frozenset[str]:
    """Return the English words that are no brand or product: the most frequent ones the encoder was trained on."""
    return frozenset(encoder.words("en")[0][:COMMON]) if isinstance(encoder, Bilingual) else frozenset()


def by_parts(word: str, wanted: Wanted, heard: Collection[str]) -> str | None:
    """Return a Chinese compound of two glossary words in English: what is before says what kind (水箱盖: tank lid).

    A `Translate` that needs no encoder; `heard` is not looked at.
    """
    if wanted != "en":
        return None
    for cut in range(len(word) - 1, 0, -1):
        first, second = by_zh().get(word[:cut]), by_zh().get(word[cut:])
        if first is None or second is None or second.kind not in ("aspect", "noun"):
            continue
        if first.kind in ("aspect", "noun", "opinion") and max(cut, len(word) - cut) >= 2:
            return f"{first.en[0]} {second.en[0]}"
    return None


def _vocabulary(encoder: Bilingual, language: Wanted) -> _Vocabulary:
    known, matrix = encoder.words(language)
    counts = encoder.counts(language)
    most = min(FREQUENT, len(known))
    kept = [row for row in range(most) if counts[row] >= LEAST_COUNT and _speaks(known[row], language)]
    words = tuple(known[row] for row in kept)
    told = np.array([ending_role(word) == "verb" for word in words], dtype=bool)
    return _Vocabulary(words=words, matrix=np.ascontiguousarray(matrix[kept]), told=told)


_ENGLISH = re.compile("[a-z]{3,}")
_CHINESE = re.compile("[\u4e00-\u9fff]{2,4}")


# Words that a dictionary gives and a report does not.
_COARSE = frozenset(
    {"ass", "arse", "bitch", "bastard", "damn", "fuck", "fucking", "shit", "slut", "whore", "sex", "naked"}
)


def _speaks(word: str, language: Wanted) -> bool:
    """Say whether a word could stand in a name: known to a dictionary as a noun, a verb or an adjective."""
    if word in stop_words() or word in _COARSE:
        return False
    if language == "zh":
        return _CHINESE.fullmatch(word) is not None and chinese_role(word) in ("noun", "verb", "quality")
    return _ENGLISH.fullmatch(word) is not None and ending_role(word) != "other"
