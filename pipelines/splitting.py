"""A theme into parts: a proposal with names, from the words and vectors of its units alone, always the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import centred, centres_of, normalised
from pipelines.folding import fold, sample_rows
from pipelines.name import name_themes
from pipelines.records import Clustering, EmbeddedUnits, Matrix
from pipelines.settings import AnalysisSettings
from pipelines.theme_names import apart

# Distinct texts the parts are found on; Ward's method needs the square of it in memory.
SAMPLE = 2_000
# Times every text may go to the nearest part afterwards: after three hardly any moves.
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPart:
    """A part with a name in both languages; `rows` are its units, `exemplars` the rows that show it."""

    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    rows: tuple[int, ...]
    exemplars: tuple[int, ...]


def propose_parts(
    embedded: EmbeddedUnits, parts: int, *, taken: Collection[tuple[str, str]] = (), settings: AnalysisSettings
) -> tuple[ProposedPart, ...]:
    """Return up to `parts` parts of some units, the largest first; names differ from each other and from `taken`.

    Ward's method (Ward 1963) on the vectors less their mean, then every text to the nearest part. Fewer parts come
    back where there are fewer distinct texts; one part or none means that there is nothing to split.
    """
    folded = fold(embedded.units)
    vectors = centred(embedded.vectors[folded.first])
    labels = _parts(vectors, folded.keys, min(parts, len(folded.keys)), seed=settings.seed)
    count = int(labels.max(initial=-1)) + 1
    if count < 2:
        return ()
    units = labels[folded.group]
    sizes = np.bincount(units, minlength=count)
    order = sorted(range(count), key=lambda label: (-sizes[label], int(np.flatnonzero(labels == label)[0])))
    renumbered = np.array([order.index(label) for label in range(count)], dtype=np.int32)[units]
    centres = centres_of(vectors, renumbered[folded.first].astype(np.int64))
    similarity = np.einsum("ij,ij->i", vectors[folded.group], centres[renumbered]).astype(np.float32)
    clustering = Clustering(
        labels=renumbered,
        similarity=similarity,
        parents=np.full(count, -1, dtype=np.int32),
        core=np.ones(len(renumbered), dtype=bool),
    )
    themes, _ = name_themes(embedded, clustering, encoder=_Wordless(dim=embedded.vectors.shape[1]), settings=settings)
    row_of = {unit.id: row for row, unit in enumerate(embedded.units)}
    taken_zh, taken_en = {zh.casefold() for zh, _ in taken}, {en.casefold() for _, en in taken}
    found = []
    for label, theme in enumerate(themes[:count]):
        zh = apart(theme.name_zh, taken_zh, theme.keywords, chinese=True)
        en = apart(theme.name_en, taken_en, theme.keywords, chinese=False)
        taken_zh.add(zh.casefold())
        taken_en.add(en.casefold())
        found.append(
            ProposedPart(
                name_zh=zh,
                name_en=en,
                keywords=theme.keywords,
                rows=tuple(np.flatnonzero(renumbered == label).tolist()),
                exemplars=tuple(row_of[one] for one in theme.exemplars),
            )
        )
    return tuple(found)


def _parts(vectors: Matrix, keys: Sequence[str], count: int, *, seed: int) -> NDArray[np.int64]:
    """Return the part of each row, numbered without gaps."""
    if count < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    sample = sample_rows(keys, SAMPLE, seed=seed)
    found = fcluster(linkage(vectors[sample].astype(np.float64), method="ward"), count, "maxclust")
    labels = np.full(len(vectors), -1, dtype=np.int64)
    labels[sample] = np.unique(found, return_inverse=True)[1]
    for _ in range(ROUNDS):
        centres = centres_of(vectors[labels >= 0], labels[labels >= 0])
        labels = np.argmax(normalised(vectors) @ centres.T, axis=1).astype(np.int64)
        labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return labels


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wordless:
    """An encoder that knows no word: names come from what units say, without a model being loaded."""

    dim: int
    name: str = "wordless"

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return zeros."""
        return np.zeros((len(texts), self.dim), dtype=np.float32)
