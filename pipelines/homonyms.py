"""English words of several meanings, with the Chinese word of each: a server brings the soup, or answers requests."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType


@cache
def homonyms() -> Mapping[str, tuple[str, ...]]:
    """Return the Chinese words of each English word that has several meanings, the likeliest first.

    Raises ValueError naming the line that is wrong.
    """
    found: dict[str, tuple[str, ...]] = {}
    text = Path(__file__).with_name("homonyms.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            english, _, chinese = line.partition("\t")
            meanings = tuple(word for word in chinese.split("|") if word)
            if not english or len(meanings) < 2 or english in found:
                raise ValueError(f"homonyms.tsv line {number}: one English word and two meanings or more: {line!r}")
            found[english] = meanings
    return MappingProxyType(found)


def meanings_of(word: str) -> tuple[str, ...]:
    """Return the Chinese words of an English one, in the singular or the plural; none where it has one meaning.

    A lemma will not do: "packaging" would be a package.
    """
    word = word.casefold()
    for form in (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"):
        if form in homonyms():
            return homonyms()[form]
    return ()
