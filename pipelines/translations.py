"""Words nobody put in the glossary, in the other language: the encoder's nearest word, where it is near enough."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.embedding import Bilingual, Encoder
from pipelines.glossary import by_lemma, by_zh
from pipelines.terms import lemma, stop_words
from pipelines.theme_names import Tongue

# The most frequent words of a vocabulary; rarer ones have vectors too poor to translate by.
FREQUENT = 20_000
# Cosine below which the nearest word of the other language is a guess.
NEAR = 0.55


def translator(encoder: Encoder) -> Callable[[str, Tongue], str | None]:
    """Return a function from a word and the language wanted to a word of that language, or None."""
    known_already: dict[tuple[str, str], str | None] = {}
    vocabularies: dict[str, tuple[tuple[str, ...], NDArray[np.float32]]] = {}

    def translate(word: str, language: Tongue) -> str | None:
        if (word, language) not in known_already:
            known_already[word, language] = look_up(word, language)
        return known_already[word, language]

    def look_up(word: str, language: Tongue) -> str | None:
        entry = by_lemma().get(tuple(lemma(part) for part in word.split())) if language == "zh" else by_zh().get(word)
        if entry is not None:
            return entry.zh[0] if language == "zh" else entry.en[0]
        if not isinstance(encoder, Bilingual):
            return None
        found = nearest(word, language)
        back = nearest(found, "en" if language == "zh" else "zh") if found else None
        # A true pair finds its way back; a word that is merely near everything does not.
        return found if back is not None and (back == word or (set(back) & set(word) and language == "en")) else None

    def words_of(language: Tongue) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        return encoder.words(language) if isinstance(encoder, Bilingual) else ((), np.zeros((0, 1), dtype=np.float32))

    def nearest(word: str, language: Tongue) -> str | None:
        if language not in vocabularies:
            known, matrix = words_of(language)
            kept = [row for row in range(min(FREQUENT, len(known))) if _speaks(known[row], language)]
            vocabularies[language] = (tuple(known[row] for row in kept), matrix[kept])
        known, matrix = vocabularies[language]
        if not known:
            return None
        near = matrix @ encoder.encode([word])[0]
        best = int(np.argmax(near))
        return known[best] if near[best] >= NEAR else None

    return translate


def _speaks(word: str, language: Tongue) -> bool:
    if word in stop_words() or len(word) < 2:
        return False
    if language == "en":
        return len(word) > 2 and word.isascii() and word.isalpha()
    return all("\u4e00" <= letter <= "\u9fff" for letter in word)
