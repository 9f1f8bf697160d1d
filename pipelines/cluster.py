"""Opinion units to clusters: duplicates folded, structure found on a graph, density deciding what belongs nowhere.

The way of a unit: copies fold into one (`folding`); bare praise and blame goes to its own clusters (`moods`); of the
rest a deterministic sample becomes a graph by meaning and by words (`graph`), Leiden finds small communities in it
(`communities`) that are merged to themes (`merging`), and hdbscan says what is heart and what is outside (`density`);
whoever was not in the sample is placed by a vote of neighbours.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.alike import FEWEST, few_answers, near_one_text
from pipelines.centres import centres_of, normalised, own_cosines
from pipelines.communities import adopted, agreed, grains, settled
from pipelines.density import Density, DensityAsked, dense
from pipelines.folding import Folded, fold, sample_rows
from pipelines.graph import NEAREST, Edges, added, meaning_edges, nearest, word_edges
from pipelines.merging import merged_alike
from pipelines.moods import mood_of
from pipelines.parents import group_themes
from pipelines.records import Clustering, EmbeddedUnits, Matrix, Report, silent
from pipelines.settings import AnalysisSettings
from pipelines.spread import Spread, in_turn
from pipelines.terms import terms, topic_words

# Where so many units of a cluster have no word but stop words, or none in a language that is read here, all that they
# have in common is that nothing is known of them: they are in no theme.
WORDLESS = 0.8
STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """Labels, similarity and core flags of folded units."""

    labels: NDArray[np.int64]
    core: NDArray[np.bool_]


def cluster(
    embedded: EmbeddedUnits, settings: AnalysisSettings, *, spread: Spread = in_turn, report: Report = silent
) -> Clustering:
    """Group opinion units by what they talk about, in both languages at once.

    Returns labels, similarities to the cluster's centre, parents and core flags in the rows' order. The same units in
    any order give the same clusters; units that say the same words are always together.
    """
    report("cluster", 0, STEPS)
    folded = fold(embedded.units)
    size = len(folded.keys)
    shadows = [embedded.units[row].shadow for row in folded.first]
    vectors = np.ascontiguousarray(embedded.vectors[folded.first])
    labels = np.full(size, -1, dtype=np.int64)
    core = np.zeros(size, dtype=bool)
    report("cluster", 1, STEPS)

    moods, worded = _mood_labels(shadows, folded, settings)
    topical = np.array([bool(key) for key in folded.keys], dtype=bool) & (moods < 0)
    rows = np.flatnonzero(topical)
    floor = least(len(embedded.units), settings)
    one_text = near_one_text(vectors[rows], [shadows[row] for row in rows])
    if int(folded.counts[rows][one_text.members].sum()) >= floor:
        same, rows = rows[one_text.members], rows[~one_text.members]
        labels[same], core[same] = 0, one_text.core[one_text.members]
    first = int(labels.max(initial=-1)) + 1
    if len(rows) >= FEWEST:
        chinese = np.array([embedded.units[folded.first[row]].language != "en" for row in rows], dtype=bool)
        placed = _themes(vectors[rows], chinese, [shadows[row] for row in rows], folded, rows, settings, spread, report)
        labels[rows], core[rows] = np.where(placed.labels < 0, -1, placed.labels + first), placed.core
    elif len(rows):
        few = few_answers(vectors[rows], folded.counts[rows], floor)
        labels[rows], core[rows] = np.where(few < 0, -1, few + first), few >= 0
    share = np.bincount(labels[labels >= 0], ~worded[labels >= 0]) / np.maximum(np.bincount(labels[labels >= 0]), 1)
    labels[np.append(share >= WORDLESS, False)[labels]] = -1
    offset = int(labels.max(initial=-1)) + 1
    labels[moods >= 0] = moods[moods >= 0] + offset
    core[moods >= 0] = True

    labels = _ordered(labels, folded.counts)
    similarity = _similarity(vectors, labels)
    alone = np.unique(labels[moods >= 0])
    parents = group_themes(vectors, labels, alone=alone, settings=settings)
    report("cluster", STEPS, STEPS)
    return Clustering(
        labels=labels[folded.group].astype(np.int32),
        similarity=similarity[folded.group],
        parents=parents,
        core=core[folded.group],
    )


def _mood_labels(
    shadows: Sequence[str], folded: Folded, settings: AnalysisSettings
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return two things of each unit: a number where it is bare praise, blame or indifference, and if it has a topic.

    The numbers are 0, 1, 2 … where a mood has units enough, else -1.
    """
    labels = np.full(len(shadows), -1, dtype=np.int64)
    moods: list[int | None] = []
    worded = np.zeros(len(shadows), dtype=bool)
    # The terms of a million units would fill gigabytes: only what they say of the mood is kept.
    for row, shadow in enumerate(shadows):
        found = terms(shadow)
        moods.append(mood_of(found))
        worded[row] = bool(topic_words(found))
    number = 0
    floor = least(int(folded.counts.sum()), settings)
    for polarity in (1, -1, 0):
        rows = np.array([row for row, mood in enumerate(moods) if mood == polarity], dtype=np.int64)
        if len(rows) and int(folded.counts[rows].sum()) >= floor:
            labels[rows] = number
            number += 1
    return labels, worded


def least(units: int, settings: AnalysisSettings) -> int:
    """Return how many units a theme needs in a set of that many units."""
    if units <= settings.small_units:
        return min(3, settings.min_theme_units)
    return max(settings.min_theme_units, round(settings.min_theme_root * math.sqrt(units)))


def _themes(
    vectors: Matrix,
    chinese: NDArray[np.bool_],
    shadows: Sequence[str],
    folded: Folded,
    rows: NDArray[np.int64],
    settings: AnalysisSettings,
    spread: Spread,
    report: Report,
) -> _Placed:
    sample = sample_rows([folded.keys[row] for row in rows], settings.sample_size, seed=settings.seed)
    mean = vectors[sample].mean(axis=0, dtype=np.float64).astype(np.float32)
    if len(sample) <= settings.small_units and not settings.small_centred:
        mean = np.zeros_like(mean)
    points = normalised(vectors[sample] - mean)
    meaning, near = meaning_edges(points, chinese[sample], settings)
    graph = added(
        meaning,
        word_edges([topic_words(terms(shadows[row])) for row in sample], settings),
        share=settings.lexical_weight,
    )
    report("cluster", 2, STEPS)
    floor = least(int(folded.counts[rows].sum()), settings)
    # Density and communities are two views of one graph: other hands may look at the one meanwhile.
    asked = DensityAsked(edges=graph, min_cluster_size=max(3, floor), min_samples=NEAREST)
    looking = spread(dense, [asked])
    fine, coarser = grains(agreed(graph, settings), settings)
    found = merged_alike(graph, points, fine, settings, coarser=coarser)
    report("cluster", 3, STEPS)
    # A sample holds a share of each theme's units.
    counts, fewest = folded.counts[rows][sample], floor * len(sample) / len(rows)
    found = settled(graph, _dissolved(graph, found, counts, fewest), settings)
    density = next(looking)
    labels = np.where(_outside(points, vectors[sample], near, found, density, settings), -1, found)
    labels = _dissolved(graph, labels, counts, fewest)
    heart = _heart(labels, density, settings)
    if len(sample) == len(rows):
        return _Placed(labels=labels, core=heart)
    return _vote(vectors, mean, sample, points, labels, heart, settings)


def _dissolved(graph: Edges, labels: NDArray[np.int64], counts: NDArray[np.int64], fewest: float) -> NDArray[np.int64]:
    """Return the labels with the units of each theme that has too few where most of their neighbours are."""
    sizes = np.bincount(labels[labels >= 0], counts[labels >= 0], minlength=int(labels.max(initial=-1)) + 1)
    small = (labels >= 0) & np.append(sizes < max(2.0, fewest), False)[labels]
    return adopted(graph, np.where(small, -1, labels), small)


def _outside(
    points: Matrix,
    vectors: Matrix,
    near: NDArray[np.float32],
    found: NDArray[np.int64],
    density: Density,
    settings: AnalysisSettings,
) -> NDArray[np.bool_]:
    """Say which units belong nowhere: outermost by density and far from their neighbours, or far from the centre.

    `points` are the vectors less their mean.
    """
    if len(found) > settings.small_units:
        outermost = np.zeros(len(found), dtype=bool)
        outermost[np.lexsort((near, -density.outlier))[: round(settings.outlier_share * len(found))]] = True
    else:
        # In a small set density tells too little, and the mean is what most of it is about.
        outermost = _similarity(vectors, found) < settings.small_similarity
    lonely = near < min(settings.outlier_nearness * float(np.median(near)), settings.outlier_similarity)
    return (outermost & lonely) | (_similarity(points, found) < settings.min_similarity)


def _heart(labels: NDArray[np.int64], density: Density, settings: AnalysisSettings) -> NDArray[np.bool_]:
    """Say which units are the denser part of their theme."""
    heart = np.zeros(len(labels), dtype=bool)
    for label in range(int(labels.max(initial=-1)) + 1):
        rows = np.flatnonzero(labels == label)
        if len(rows):
            heart[rows] = density.outlier[rows] <= np.quantile(density.outlier[rows], settings.core_share)
    return heart


def _vote(
    vectors: Matrix,
    mean: Matrix,
    sample: NDArray[np.int64],
    points: Matrix,
    labels: NDArray[np.int64],
    heart: NDArray[np.bool_],
    settings: AnalysisSettings,
) -> _Placed:
    """Place the rows outside the sample where most of their nearest neighbours in it are, unthemed included."""
    out = np.full(len(vectors), -1, dtype=np.int64)
    core = np.zeros(len(vectors), dtype=bool)
    out[sample], core[sample] = labels, heart
    others = np.setdiff1d(np.arange(len(vectors)), sample)
    count = int(labels.max(initial=-1)) + 1
    for start in range(0, len(others), 2_048):
        block = others[start : start + 2_048]
        found = nearest(normalised(vectors[block] - mean), points, settings.vote_neighbours)
        votes = np.zeros((len(block), count + 1))
        voted = labels[found.rows]
        for column in range(voted.shape[1]):
            np.add.at(votes, (np.arange(len(block)), voted[:, column]), np.maximum(found.similarity[:, column], 0.001))
        winner = np.argmax(votes, axis=1)
        out[block] = np.where(winner == count, -1, winner)
    return _Placed(labels=out, core=core)


def _ordered(labels: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the labels renumbered: the cluster with most units first, then the one whose first key sorts first."""
    names, first = np.unique(labels, return_index=True)
    sizes = {int(name): int(counts[labels == name].sum()) for name in names if name >= 0}
    start = {int(name): int(row) for name, row in zip(names, first, strict=True)}
    order = sorted(sizes, key=lambda name: (-sizes[name], start[name]))
    renumbered = {name: index for index, name in enumerate(order)} | {-1: -1}
    return np.array([renumbered[int(label)] for label in labels], dtype=np.int64)


def _similarity(vectors: Matrix, labels: NDArray[np.int64]) -> Matrix:
    """Return each row's cosine to the mean of its cluster; for a row in none, to the nearest cluster's mean."""
    if not len(vectors) or labels.max(initial=-1) < 0:
        return np.zeros(len(vectors), dtype=np.float32)
    centres = centres_of(vectors, labels)
    similarity = np.zeros(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), 8_192):
        block, own = normalised(vectors[start : start + 8_192]), labels[start : start + 8_192]
        inside, outside = np.flatnonzero(own >= 0), np.flatnonzero(own < 0)
        similarity[start + inside] = own_cosines(block[inside], centres[own[inside]])
        if len(outside):
            similarity[start + outside] = (block[outside] @ centres.T).max(axis=1)
    return np.clip(similarity, -1.0, 1.0)
