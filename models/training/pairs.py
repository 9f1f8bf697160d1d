"""Pairs of an English and a Chinese text that mean the same: parallel sentences, and dictionaries."""

import re
from collections.abc import Iterator
from pathlib import Path

from models.training.reading import held_out, read_rows

MAX_CHARACTERS = 300
"""A longer text is cut: its later words would drown in the mean of all."""

HELD_OUT_PERCENT = 1
"""Share of the parallel sentences kept out: 4,000 pairs measure retrieval well enough."""

HELD_OUT_TATOEBA = 4
"""Tatoeba's share is larger, since it is also measured alone, among 1,000."""

MAX_SENSES = 4
"""Senses taken from a dictionary entry: later ones are rare or archaic."""

Pair = tuple[str, str]

_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]|（[^）]*）|【[^】]*】|<[^>]*>")
_PART_OF_SPEECH = re.compile(r"^\s*[a-z]{1,5}\.\s*(?:&\s*[a-z]{1,5}\.\s*)?")
_SEPARATOR = re.compile(r"[;；,，、。]")
_NOT_A_GLOSS = re.compile(r"variant of|surname |^CL:|^see |abbr\. |used in|\bold name|Taiwan pr\.")


def parallel_pairs(data: Path, *, held_out_part: bool) -> dict[str, list[Pair]]:
    """Return the parallel sentences by source, (English, Chinese): what training may see, or what is kept out of it.

    Raises FileNotFoundError where the set is missing.
    """
    found: dict[str, list[Pair]] = {}
    for row in read_rows(data, "parallel_en_zh"):
        percent = HELD_OUT_TATOEBA if row["source"] == "tatoeba" else HELD_OUT_PERCENT
        if held_out(row["en"], percent=percent) == held_out_part:
            found.setdefault(row["source"], []).append((row["en"][:MAX_CHARACTERS], row["zh"][:MAX_CHARACTERS]))
    return found


def dictionary_pairs(data: Path) -> list[Pair]:
    """Return (English, Chinese) words and phrases of the three dictionaries, in a fixed order, each once."""
    return list(dict.fromkeys([*_cedict(data), *_ecdict(data), *_words_and_phrases(data)]))


def _cedict(data: Path) -> Iterator[Pair]:
    for row in read_rows(data, "dict_cedict_zh_en"):
        senses = [_BRACKETS.sub(" ", sense).strip() for sense in row["en"] if not _NOT_A_GLOSS.search(sense)]
        for sense in [sense for sense in senses if 0 < len(sense.split()) <= 8][:MAX_SENSES]:
            yield sense.removeprefix("to "), row["zh"]


def _ecdict(data: Path) -> Iterator[Pair]:
    for row in read_rows(data, "dict_ecdict_subset_en_zh"):
        for chinese in _chinese_senses(row["zh"]):
            yield row["en"], chinese


def _words_and_phrases(data: Path) -> Iterator[Pair]:
    for row in read_rows(data, "dict_en_zh_words_phrases"):
        for chinese in _chinese_senses(row["zh"]):
            yield row["en"], chinese


def _chinese_senses(glosses: list[str]) -> list[str]:
    senses = [
        sense.strip()
        for gloss in glosses
        for sense in _SEPARATOR.split(_PART_OF_SPEECH.sub("", _BRACKETS.sub(" ", gloss)))
    ]
    return list(dict.fromkeys(sense for sense in senses if 0 < len(sense) <= 12))[:MAX_SENSES]
