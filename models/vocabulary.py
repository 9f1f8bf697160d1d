"""Which rows of a table of vectors the words of a text stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.tokens import cut, is_chinese

MAX_REMEMBERED = 200_000
"""Unknown words whose rows are kept at hand; beyond that they are looked up again, so memory stays bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bags:
    """The rows of many texts, one after the other: text i has `rows[offsets[i] : offsets[i + 1]]`, weighted."""

    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


class Vocabulary:
    """The words of a table in row order, and what an unknown word is read as.

    An unknown Chinese word is read as its characters, an unknown English word without its plural s, else as its
    character n-grams (together weighing as much as one word). What is left has no row and is not read.
    """

    def __init__(self, words: Sequence[str], *, grams: Sequence[str] = ()) -> None:
        self.words = tuple(words)
        self.grams = tuple(grams)
        self._rows = {word: row for row, word in enumerate(self.words)}
        self._grams = {gram: row for row, gram in enumerate(self.grams, start=len(self.words))}
        self._unknown: dict[str, tuple[tuple[int, ...], float]] = {}

    def __len__(self) -> int:
        return len(self.words) + len(self.grams)

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def row(self, word: str) -> int | None:
        """Return the row of a known word, else None."""
        return self._rows.get(word)

    def bags(self, texts: Sequence[str]) -> Bags:
        """Return the rows of each text's words, in the order of the words."""
        return self.bags_of_words(cut(texts))

    def bags_of_words(self, texts: Sequence[Sequence[str]]) -> Bags:
        """Return the rows of texts that are already cut into words."""
        rows: list[int] = []
        odd: list[tuple[int, int, float]] = []
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        known = self._rows.get
        for number, words in enumerate(texts, start=1):
            for word in words:
                row = known(word)
                if row is not None:
                    rows.append(row)
                    continue
                pieces, weight = self._pieces(word)
                if weight != 1.0:
                    odd.append((len(rows), len(rows) + len(pieces), weight))
                rows.extend(pieces)
            offsets[number] = len(rows)
        weights = np.ones(len(rows), dtype=np.float32)
        for start, end, weight in odd:
            weights[start:end] = weight
        return Bags(rows=np.array(rows, dtype=np.int32), weights=weights, offsets=offsets)

    def _pieces(self, word: str) -> tuple[tuple[int, ...], float]:
        pieces = self._unknown.get(word)
        if pieces is None:
            pieces = self._take_apart(word)
            if len(self._unknown) < MAX_REMEMBERED:
                self._unknown[word] = pieces
        return pieces

    def _take_apart(self, word: str) -> tuple[tuple[int, ...], float]:
        if is_chinese(word):
            return tuple(self._rows[character] for character in word if character in self._rows), 1.0
        for ending in ("s", "es"):
            stem = word.removesuffix(ending)
            if stem != word and stem in self._rows:
                return (self._rows[stem],), 1.0
        rows = tuple(self._grams[gram] for gram in character_grams(word) if gram in self._grams)
        return rows, 1.0 / max(1, len(rows))


def character_grams(word: str) -> list[str]:
    """Return the n-grams of 3 to 5 characters of `<word>`, the brackets marking its ends; none for a number."""
    if word.isdigit():
        return []
    marked = f"<{word}>"
    return [marked[start : start + size] for size in (3, 4, 5) for start in range(len(marked) - size + 1)]


def read_words(path: Path) -> tuple[list[str], list[int], list[str]]:
    """Return words, how often training met each, and character n-grams, from a file that `write_words` wrote."""
    words: list[str] = []
    counts: list[int] = []
    grams: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, count = line.partition("\t")
        if count:
            words.append(word)
            counts.append(int(count))
        else:
            grams.append(word)
    return words, counts, grams


def write_words(path: Path, words: Sequence[str], counts: Sequence[int], grams: Sequence[str]) -> None:
    """Write `word<tab>count` lines and then one line per n-gram, in row order."""
    lines = [f"{word}\t{count}" for word, count in zip(words, counts, strict=True)] + list(grams)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
