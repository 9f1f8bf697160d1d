"""Short opinions and plain facts put together from the words of `phrases.txt`, which says what they are for."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

PHRASES = Path(__file__).with_name("phrases.txt")


def written_phrases() -> Iterator[tuple[str, str]]:
    """Yield (text, sentiment) for every phrase that the patterns give, always in the same order."""
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        sentiment, patterns, *gaps = line.split("\t")
        for pattern in patterns.split("|"):
            for words in product(*(gap.split("|") for gap in gaps)):
                yield pattern.format(*words), sentiment
