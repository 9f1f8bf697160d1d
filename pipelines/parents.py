"""Themes to parent themes: a table of contents for a list too long to read at once."""

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import centred, centres_of
from pipelines.records import Matrix
from pipelines.settings import AnalysisSettings


def group_themes(
    vectors: Matrix, labels: NDArray[np.int64], *, alone: NDArray[np.int64], settings: AnalysisSettings
) -> NDArray[np.int32]:
    """Return the parent group of each cluster, or -1 where it stands alone; few clusters have no parents.

    Average linkage on the centres (less their mean), cut where two groups are no longer alike: a theme that is like
    no other stays alone rather than fill a drawer. Clusters in `alone` (bare praise and blame) take no part.
    """
    leaves = int(labels.max(initial=-1)) + 1
    parents = np.full(leaves, -1, dtype=np.int32)
    joining = np.setdiff1d(np.arange(leaves), alone)
    if len(joining) < settings.parent_themes:
        return parents
    from scipy.cluster.hierarchy import fcluster, linkage

    centres = centred(centres_of(vectors, labels)[joining])
    found = fcluster(linkage(centres, method="average", metric="cosine"), 1 - settings.parent_likeness, "distance")
    number = 0
    for group in dict.fromkeys(found.tolist()):
        children = joining[found == group]
        if len(children) >= 2:
            parents[children] = number
            number += 1
    return parents
