"""Clusters to themes: ids from their members, names in zh and en, keywords, exemplars, parent themes."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder
from pipelines.cluster import centres_of
from pipelines.exemplars import choose_exemplars
from pipelines.folding import fold
from pipelines.identity import identify
from pipelines.records import Clustering, EmbeddedUnits, Theme
from pipelines.settings import AnalysisSettings
from pipelines.terms import terms
from pipelines.theme_names import count_words, entry_of, keyword_scores, sentence_case

# Units read for a theme's words: past a few hundred, more copies of the same words change no name.
READ = 600


def name_themes(
    embedded: EmbeddedUnits, clustering: Clustering, *, encoder: Encoder, settings: AnalysisSettings
) -> tuple[tuple[Theme, ...], NDArray[np.int32]]:
    """Return all themes, leaves first and then parents, and for each cluster the index of its leaf theme."""
    folded = fold(embedded.units)
    labels = clustering.labels[folded.first].astype(np.int64)
    vectors = embedded.vectors[folded.first]
    centres = centres_of(vectors, labels)
    count = len(centres)
    read: list[NDArray[np.int64]] = []
    words = []
    for label in range(count):
        rows = np.flatnonzero(labels == label)
        chosen = rows[np.lexsort((rows, -clustering.similarity[folded.first[rows]]))][:READ]
        read.append(chosen)
        said = [terms(embedded.units[folded.first[row]].shadow) for row in chosen]
        words.append(count_words(said, [int(folded.counts[row]) for row in chosen]))
    heard: Counter[str] = Counter()
    for theme_words in words:
        heard.update(theme_words.said)
    themes: list[Theme] = []
    for label in range(count):
        scores = keyword_scores(words[label], heard, words)
        keys = sorted(scores, key=lambda key: (-scores[key], key))[: settings.keywords]
        shown = [words[label].forms[key].most_common(1)[0][0] for key in keys] or ["?"]
        rows = read[label]
        units = [embedded.units[folded.first[row]] for row in rows]
        exemplars = choose_exemplars(
            units, vectors[rows], clustering.similarity[folded.first[rows]], settings.exemplars
        )
        heart = sorted(folded.keys[row] for row in np.flatnonzero(labels == label))
        zh = [(entry.zh[0] if (entry := entry_of(key)) else word) for key, word in zip(keys, shown, strict=False)]
        en = [(entry.en[0] if (entry := entry_of(key)) else word) for key, word in zip(keys, shown, strict=False)]
        size = int(folded.counts[labels == label].sum())
        themes.append(
            Theme(
                id=identify("t", *heart),
                parent_id=None,
                name_zh="·".join(zh[:2]) or shown[0],
                name_en=sentence_case(" · ".join(en[:2])) or shown[0],
                keywords=tuple(shown),
                exemplars=tuple(units[row].id for row in exemplars),
                centroid=centres[label],
                tentative=size < settings.tentative_units,
            )
        )
    return tuple(themes), np.arange(count, dtype=np.int32)
