"""Small communities to themes: two whose border is as busy as their meanings are alike are one.

Neither count alone will do. Where units form a continuum every border is busy; where an encoder knows a subject well,
what is about different things can lie near. So a busy border is asked for, and the less busy the more alike the two
are. Nothing in it depends on how large a community is: one that holds most of all units stays whole, and one of a
dozen stays apart.
"""

import numpy as np
from numpy.typing import NDArray

from pipelines.graph import Edges
from pipelines.records import Matrix
from pipelines.settings import AnalysisSettings

# The mean cosine inside a community that is loose or has one member, which has no pairs to take a mean of.
LOOSE = 0.02
# Two small communities can by chance be more alike than their own members are, but not more than this.
MOST_ALIKE = 1.5


def merged_alike(
    edges: Edges,
    points: Matrix,
    labels: NDArray[np.int64],
    settings: AnalysisSettings,
    *,
    coarser: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the labels with communities merged, the nearest pair first, until no pair is near enough.

    A pair is as near as share * exp(weight * likeness): `share` is how much of the smaller one's edge weight leads to
    the other, `likeness` the mean cosine between the two over the geometric mean of those inside each, which is the
    cosine of their centres as it would be if neither had any spread (Spearman's correction for attenuation, 1904).
    `points` are the nodes' unit vectors, less their mean. `coarser` are the nodes' labels in a coarser partition: two
    communities that lie mostly in the same one of it are held together, and may be `merge_together` times less near.
    """
    count = int(labels.max(initial=-1)) + 1
    if count < 2:
        return labels
    pairs = _Pairs(edges, points, labels, count)
    if coarser is not None:
        among = _mostly_in(labels, coarser, count)
        pairs.merge(settings.merge_nearness / settings.merge_together, settings, among=among)
    pairs.merge(settings.merge_nearness, settings, among=np.zeros(count, dtype=np.int64))
    return np.unique(pairs.home[labels], return_inverse=True)[1].astype(np.int64)


def _mostly_in(labels: NDArray[np.int64], coarser: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return for each community the coarser one that most of its nodes are in, the first of equals."""
    pairs, times = np.unique(np.stack([labels, coarser]), axis=1, return_counts=True)
    order = np.lexsort((pairs[1], -times, pairs[0]))
    first = order[np.r_[True, np.diff(pairs[0][order]) > 0]]
    most = np.zeros(count, dtype=np.int64)
    most[pairs[0][first]] = pairs[1][first]
    return most


class _Pairs:
    """What is known of every pair of communities while they merge.

    There are a few hundred communities, but as many as nodes where all edges weigh the same. So a merger counts anew
    what it changed and nothing else: all pairs after each would be hours.
    """

    def __init__(self, edges: Edges, points: Matrix, labels: NDArray[np.int64], count: int) -> None:
        self.border = np.zeros((count, count))
        np.add.at(self.border, (labels[edges.low], labels[edges.high]), edges.weight)
        self.border += self.border.T
        self.strength = np.maximum(self.border.sum(axis=1), 1e-9)
        self.sums = np.zeros((count, points.shape[1]))
        np.add.at(self.sums, labels, points)
        self.sizes = np.bincount(labels, minlength=count).astype(np.float64)
        self.inside = _inside(np.einsum("ij,ij->i", self.sums, self.sums), self.sizes)
        self.home = np.arange(count)
        self.alive = np.ones(count, dtype=bool)

    def merge(self, least: float, settings: AnalysisSettings, *, among: NDArray[np.int64]) -> None:
        """Merge the nearest pair of those with the same number in `among` until none is nearer than `least`."""
        near = np.stack([self._nearness(row, settings, among) for row in range(len(self.home))])
        # The nearest of each, and how near: where that is `old`, it was so before a merger and is no more.
        where = near.argmax(axis=1)
        best = near.max(axis=1)
        old = np.zeros(len(near), dtype=bool)
        while True:
            place = int(np.argmax(best))
            if best[place] < least:
                break
            if old[place]:
                where[place] = near[place].argmax()
                best[place], old[place] = near[place, where[place]], False
                continue
            one, other = sorted((place, int(where[place])))
            self._join(one, other)
            near[other] = near[:, other] = best[other] = -1.0
            near[one] = near[:, one] = self._nearness(one, settings, among)
            now = near[:, one]
            changed = (where == one) | (where == other)
            nearer = (now > best) | ((now == best) & ~old & (changed | (one < where)))
            old = (old | changed) & ~nearer
            where[nearer], best[nearer] = one, now[nearer]
            where[one] = near[one].argmax()
            best[one], old[one], old[other] = near[one, where[one]], False, False

    def _join(self, one: int, other: int) -> None:
        self.border[one] += self.border[other]
        self.border[:, one] += self.border[:, other]
        self.border[other] = self.border[:, other] = 0.0
        for counted in (self.strength, self.sums, self.sizes):
            counted[one] += counted[other]
        self.inside[one] = _inside(self.sums[one] @ self.sums[one], self.sizes[one])
        self.home[self.home == other] = one
        self.alive[other] = False

    def _nearness(self, row: int, settings: AnalysisSettings, among: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how near each community is to one; -1 for itself, without an edge across, and outside its group."""
        near = np.full(len(self.home), -1.0)
        others = np.flatnonzero(self.alive & (self.border[row] > 0) & (among == among[row]))
        others = others[others != row]
        if not self.alive[row] or not len(others):
            return near
        share = self.border[row, others] / np.minimum(self.strength[row], self.strength[others])
        cosine = self.sums[others] @ self.sums[row] / (self.sizes[others] * self.sizes[row])
        likeness = np.clip(cosine / np.sqrt(self.inside[row] * self.inside[others]), -1, MOST_ALIKE)
        near[others] = share * np.exp(settings.merge_likeness * likeness)
        return near


def _inside(dots: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean cosine of the pairs inside communities, from the squared lengths of their sums."""
    return np.maximum((dots - sizes) / np.maximum(sizes * (sizes - 1), 1), LOOSE)
