"""The bilingual glossary of feedback words: what customers talk about, and what they say of it, in zh and en.

`glossary.tsv` is our own; one concept a line: kind, polarity, Chinese words, English words (the first of each is the
one that names are made of). It ties 物流 to "delivery" whatever the encoder, and gives names in the other language.
Where a concept has shades that a name should keep apart (热情 and 耐心 both praise the staff), ";" parts them, in both
languages in the same order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

Kind = Literal["aspect", "person", "opinion", "event", "deed", "mood", "noun", "verb", "idle"]
"""aspect: what is talked about; person: who is ("good friends" names no theme); opinion: what is said of it; event:
what happens to it (told after the noun in both languages: "app crashes"); deed: what customers do or want, a name of
its own ("will buy again"); mood: praise or blame of nothing at all; noun, verb: any other word worth a translation;
idle: an idiom without a topic ("of course"), read as a stop word."""

Sense = tuple[tuple[str, ...], tuple[str, ...]]
"""One shade of a concept: its Chinese and its English words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One concept: `zh` and `en` hold every way to say it, `senses` the same by shade, polarity is -1, 0 or 1."""

    kind: Kind
    polarity: int
    senses: tuple[Sense, ...]

    @property
    def zh(self) -> tuple[str, ...]:
        """Every Chinese way to say it; the first names it."""
        return tuple(word for sense in self.senses for word in sense[0])

    @property
    def en(self) -> tuple[str, ...]:
        """Every English way to say it; the first names it."""
        return tuple(word for sense in self.senses for word in sense[1])

    @property
    def key(self) -> str:
        """What the concept is known by in both languages."""
        zh, en = self.senses[0]
        return f"={en[0]}/{zh[0]}"


@cache
def entries() -> tuple[Entry, ...]:
    """Return every concept of the glossary; ValueError names the line that is not one."""
    found: list[Entry] = []
    text = Path(__file__).with_name("glossary.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 4:
            raise ValueError(f"glossary.tsv line {number} has {len(fields)} fields, 4 are expected: {line!r}")
        kind, polarity, zh, en = fields
        if kind not in get_args(Kind) or polarity not in ("-", "0", "+"):
            raise ValueError(f"glossary.tsv line {number}: {kind!r} {polarity!r} is no kind with a polarity of - 0 +")
        shades = [[_words(shade) for shade in column.split(";")] for column in (zh, en)]
        if len(shades[0]) != len(shades[1]) or not all(shades[0] + shades[1]):
            raise ValueError(f"glossary.tsv line {number}: each shade needs words in both languages: {line!r}")
        senses = tuple(zip(*shades, strict=True))
        found.append(Entry(kind=_kind(kind), polarity={"-": -1, "0": 0, "+": 1}[polarity], senses=senses))
    return tuple(found)


def _words(shade: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in shade.split("|") if word.strip())


def _kind(text: str) -> Kind:
    return next(kind for kind in get_args(Kind) if kind == text)


@cache
def by_zh() -> Mapping[str, Entry]:
    """Return the concept of each Chinese way to say it; the first line that claims a word has it."""
    found: dict[str, Entry] = {}
    for entry in entries():
        for word in entry.zh:
            found.setdefault(word, entry)
    return MappingProxyType(found)


@cache
def by_en() -> Mapping[tuple[str, ...], Entry]:
    """Return the concept of each English way to say it, word by word and in lower case."""
    return MappingProxyType({tuple(phrase.lower().split()): entry for entry in entries() for phrase in entry.en})


@cache
def by_lemma() -> Mapping[tuple[str, ...], Entry]:
    """Return the concept of each English way to say it, as lemmas (see `pipelines.terms.lemma`).

    Where lemmas meet ("car", "caring"), the word that is its own lemma has it.
    """
    from pipelines.terms import lemma, stop_words

    found: dict[tuple[str, ...], Entry] = {}
    for own in (True, False):
        for phrase, entry in by_en().items():
            lemmas = tuple(lemma(word) for word in phrase)
            # "evening" is a word of its own, "even" is none of its forms.
            if len(lemmas) == 1 and lemmas[0] in stop_words():
                continue
            if (lemmas == phrase) is own:
                found.setdefault(lemmas, entry)
    return MappingProxyType(found)


@cache
def by_key() -> Mapping[str, Entry]:
    """Return the concept of each key."""
    return MappingProxyType({entry.key: entry for entry in entries()})
