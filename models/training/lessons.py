"""From texts and labels to the bags of words that a training of the encoder looks at."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.alignment import DICTIONARY, Opinions, Pairs, Topics, take
from models.training.topics import LABEL_FIELDS, OPINION_SETS, feedback_themes, opinion_set, topic_set
from models.vocabulary import Bags, Vocabulary

FEEDBACK_SHARE = 0.12
"""Share of the steps on themes that are drawn from the bilingual phrases: oftener only learns the phrases by heart."""

HALVED_WORDS = 10
"""A text is halved from so many words on: with fewer, a half says too little."""


def number_texts(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return a number per text, equal for equal texts."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)


def pair_bags(
    vocabulary: Vocabulary,
    english: Sequence[Sequence[str]],
    chinese: Sequence[Sequence[str]],
    sources: Sequence[str],
) -> Pairs:
    """Return the pairs of cut texts of which both have a known word; texts beyond `sources` are of the dictionaries."""
    bags = vocabulary.bags_of_words(english), vocabulary.bags_of_words(chinese)
    both = np.flatnonzero((np.diff(bags[0].offsets) > 0) & (np.diff(bags[1].offsets) > 0))
    source = np.full(len(english), DICTIONARY)
    source[: len(sources)] = number_texts(sources)
    return Pairs(
        english=take(bags[0], both),
        chinese=take(bags[1], both),
        english_text=number_texts([" ".join(english[int(n)]) for n in both]),
        chinese_text=number_texts([" ".join(chinese[int(n)]) for n in both]),
        source=source[both],
    )


def topic_bags(data: Path, vocabulary: Vocabulary, *, leave_out: Collection[str]) -> tuple[Topics, ...]:
    """Return the training parts of the sets with themes, and the bilingual phrases."""
    sets = [topic_set(data, name, held_out_part=False) for name in LABEL_FIELDS if name not in leave_out]
    # The larger sets are drawn from oftener, but not in proportion: the small ones are the ones about products.
    shares = [len(found.texts) ** 0.5 for found in sets]
    sets.append(feedback_themes())
    shares.append(FEEDBACK_SHARE / (1 - FEEDBACK_SHARE) * sum(shares))
    return tuple(
        Topics(bags=vocabulary.bags(found.texts), labels=number_texts(found.labels), share=share)
        for found, share in zip(sets, shares, strict=True)
    )


def opinion_bags(data: Path, vocabulary: Vocabulary, *, leave_out: Collection[str]) -> tuple[Opinions, ...]:
    """Return the training parts of the sets with a sentiment per text."""
    sets = [opinion_set(data, name) for name in OPINION_SETS if name not in leave_out]
    return tuple(
        Opinions(
            bags=vocabulary.bags(found.texts),
            said=np.array(found.labels, dtype=np.float32),
            share=len(found.texts) ** 0.5,
        )
        for found in sets
    )


def half_bags(bags: Bags) -> tuple[Bags, Bags]:
    """Return the first and the second halves of the texts that are long enough."""
    long = take(bags, np.flatnonzero(np.diff(bags.offsets) >= HALVED_WORDS))
    middles = (long.offsets[:-1] + long.offsets[1:]) // 2
    cuts = np.sort(np.concatenate([long.offsets, middles]))
    both = Bags(rows=long.rows, weights=long.weights, offsets=cuts)
    return take(both, np.arange(0, 2 * len(long), 2)), take(both, np.arange(1, 2 * len(long), 2))
