"""Themes to parent themes: a table of contents for a list too long to read at once."""

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import centred, centres_of
from pipelines.records import Matrix
from pipelines.settings import AnalysisSettings


def group_themes(
    vectors: Matrix, labels: NDArray[np.int64], counts: NDArray[np.int64], settings: AnalysisSettings
) -> NDArray[np.int32]:
    """Return the parent group of each cluster, or -1 where it stands alone; few clusters have no parents.

    Average linkage on the centres, cut at clip(1.6 √leaves, 3, 12) groups (measured in docs/themes.md); a group of
    one is no parent.
    """
    leaves = int(labels.max(initial=-1)) + 1
    alone = np.full(leaves, -1, dtype=np.int32)
    if leaves < settings.parent_themes:
        return alone
    from scipy.cluster.hierarchy import fcluster, linkage

    centres = centred(centres_of(vectors, labels))
    groups = int(np.clip(round(1.6 * leaves**0.5), 3, 12))
    tree = linkage(centres, method="ward")
    found = fcluster(tree, groups, criterion="maxclust")
    parents = alone
    number = 0
    seen: dict[int, int] = {}
    for leaf, group in enumerate(found):
        if int((found == group).sum()) < 2:
            continue
        if int(group) not in seen:
            seen[int(group)] = number
            number += 1
        parents[leaf] = seen[int(group)]
    return parents
