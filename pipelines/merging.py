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
        shared = np.zeros((count, int(coarser.max()) + 1))
        np.add.at(shared, (labels, coarser), 1)
        pairs.merge(settings.merge_nearness / settings.merge_together, settings, among=shared.argmax(axis=1))
    pairs.merge(settings.merge_nearness, settings, among=np.zeros(count, dtype=np.int64))
    return np.unique(pairs.home[labels], return_inverse=True)[1].astype(np.int64)


class _Pairs:
    """What is known of every pair of communities while they merge."""

    def __init__(self, edges: Edges, points: Matrix, labels: NDArray[np.int64], count: int) -> None:
        self.border = np.zeros((count, count))
        np.add.at(self.border, (labels[edges.low], labels[edges.high]), edges.weight)
        self.border += self.border.T
        sums = np.zeros((count, points.shape[1]))
        np.add.at(sums, labels, points)
        self.dots = sums @ sums.T
        self.sizes = np.bincount(labels, minlength=count).astype(np.float64)
        self.home = np.arange(count)
        self.alive = np.arange(count)

    def merge(self, least: float, settings: AnalysisSettings, *, among: NDArray[np.int64]) -> None:
        """Merge the nearest pair of those with the same number in `among` until none is nearer than `least`."""
        while len(self.alive) > 1:
            alive = self.alive
            table = np.ix_(alive, alive)
            near = _nearness(self.border[table], self.dots[table], self.sizes[alive], settings)
            near[among[alive][:, None] != among[alive]] = -1.0
            place = int(np.argmax(near))
            if near.flat[place] < least:
                break
            one, other = sorted((int(alive[place // len(alive)]), int(alive[place % len(alive)])))
            for counted in (self.border, self.dots):
                counted[one] += counted[other]
                counted[:, one] += counted[:, other]
            self.sizes[one] += self.sizes[other]
            self.home[self.home == other] = one
            self.alive = alive[alive != other]


def _nearness(
    border: NDArray[np.float64], dots: NDArray[np.float64], sizes: NDArray[np.float64], settings: AnalysisSettings
) -> NDArray[np.float64]:
    """Return how near each pair is, shape (n, n); -1 on the diagonal and where no edge leads across."""
    strength = np.maximum(border.sum(axis=1), 1e-9)
    share = border / np.minimum.outer(strength, strength)
    inside = np.maximum((np.diag(dots) - sizes) / np.maximum(sizes * (sizes - 1), 1), LOOSE)
    likeness = np.clip(dots / np.outer(sizes, sizes) / np.sqrt(np.outer(inside, inside)), -1, MOST_ALIKE)
    near = np.where(border > 0, share * np.exp(settings.merge_likeness * likeness), -1.0)
    np.fill_diagonal(near, -1.0)
    return near
