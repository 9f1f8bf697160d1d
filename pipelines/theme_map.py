"""A map of themes: discs on a plane whose neighbours are neighbours, and which stays where it was when data is added.

Themes lie in hundreds of dimensions; no plane keeps all their distances. What a reader uses is who stands beside whom,
so the map keeps neighbours (t-SNE, van der Maaten and Hinton, Journal of Machine Learning Research 9, 2008) and not
distances: of each theme's three nearest by cosine about four in five are among its five nearest on the map, where
classical scaling keeps a third and stress majorisation half (docs/themes.md).
"""

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import centred
from pipelines.records import Matrix

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

PERPLEXITY = 5.0
"""Neighbours each theme minds. From 4 to 8 could not be told apart on maps of 21 to 71 themes."""
FEWEST = 8
"""Below that many themes classical scaling keeps neighbours as well, and t-SNE has nothing to weigh."""
STEP = 10.0
EXAGGERATION = 4.0
"""Learning rate and early exaggeration; the library's own are for thousands of points and blow a map of 40 apart."""
FILLED = 0.25
"""Part of the map's box that discs cover together: more, and they are pushed far from where they belong."""
GAP = 0.15
"""Room between discs, as a part of the middle radius."""
ROUNDS = 300
NEAREST = 3
AMONG = 5
LEAST_KEPT = 0.5
"""A map that keeps fewer of the nearest among the near is drawn anew."""
MOST_NEW = 0.2
"""So is one on which more than a fifth of the themes have no place yet: fewer are put beside those they are like."""


def lay_out(centroids: Matrix, units: NDArray[np.int64], *, previous: Numbers, seed: int) -> Numbers:
    """Return the place of each theme, (n, 2), centred, discs of an area by `units` (n,) not overlapping.

    `centroids` is (n, dim), rows in an order that does not depend on the data (by id); `previous` is (n, 2) with NaN
    for themes that had no place. Where the earlier map still serves, its themes stay exactly there; else it is the
    start of the new one, which is turned to fit it (orthogonal Procrustes: Gower and Dijksterhuis, Procrustes Problems,
    2004).
    """
    if len(centroids) < 2:
        return np.zeros((len(centroids), 2))
    apart = distances(centroids)
    placed = np.asarray(~np.isnan(previous).any(axis=1))
    if not placed.any():
        return push_apart(_upright(spread(apart, start=scaled(apart), seed=seed)), units)
    start = beside(apart, previous)
    kept = push_apart(start, units, still=placed)
    if placed.mean() >= 1 - MOST_NEW and kept_near(apart, kept) >= LEAST_KEPT:
        return kept
    return push_apart(_turned(spread(apart, start=start, seed=seed), start), units)


def distances(centroids: Matrix) -> Numbers:
    """Return the distance between every two themes, (n, n): of unit vectors after what all have in common is taken out.

    Its square is twice one minus the cosine.
    """
    unit = centred(centroids).astype(np.float64)
    found: Numbers = np.sqrt(np.maximum(2 - 2 * np.clip(unit @ unit.T, -1, 1), 0))
    np.fill_diagonal(found, 0)
    return found


def nearest(apart: Numbers, count: int = NEAREST) -> Places:
    """Return the numbers of the nearest other themes of each, nearest first, (n, count or fewer)."""
    own = apart + np.diag(np.full(len(apart), np.inf))
    return np.argsort(own, axis=1, kind="stable")[:, : min(count, len(apart) - 1)]


def kept_near(apart: Numbers, places: Numbers) -> float:
    """Return which part of each theme's NEAREST themes is among its AMONG nearest ones on the map, 0 to 1."""
    if len(apart) <= AMONG:
        return 1.0
    wanted, shown = nearest(apart), nearest(_between(places), AMONG)
    return float(np.mean((wanted[:, :, None] == shown[:, None, :]).any(axis=2)))


def beside(apart: Numbers, places: Numbers) -> Numbers:
    """Return places in which those that are NaN lie between the two placed themes they are most like."""
    found = places.copy()
    placed = np.flatnonzero(~np.isnan(places).any(axis=1))
    for theme in np.flatnonzero(np.isnan(places).any(axis=1)):
        like = placed[np.argsort(apart[theme, placed], kind="stable")[:2]]
        found[theme] = places[like[0]] * 0.6 + places[like[-1]] * 0.4
    return found


def push_apart(places: Numbers, units: NDArray[np.int64], *, still: NDArray[np.bool_] | None = None) -> Numbers:
    """Return places at which discs of an area by units do not overlap; those that are `still` (n,) do not move.

    Overlapping discs push each other off along the line between their middles, as in Dorling's cartograms (Area
    Cartograms, 1996), which keeps who stands beside whom.
    """
    found = places - (0 if still is not None else places.mean(axis=0))
    radius = _filling(found, units)
    room = radius[:, None] + radius[None, :] + GAP * float(np.median(radius))
    moves = np.ones(len(found)) if still is None else (~still).astype(np.float64)
    order = np.arange(len(found))
    side = np.sign(np.subtract.outer(order, order))
    for _ in range(ROUNDS):
        away = found[:, None, :] - found[None, :, :]
        length = np.linalg.norm(away, axis=2)
        over = np.maximum(room - length, 0)
        np.fill_diagonal(over, 0)
        if not (over * moves[:, None]).max() > 1e-3 * radius.max():
            break
        # Discs on the very same spot part sideways by their number, so that nothing is left to chance.
        away[:, :, 0] += np.where(length == 0, side, 0)
        pushes = (away / np.where(length == 0, 1, length)[:, :, None] * over[:, :, None]).sum(axis=1)
        found = found + 0.25 * pushes * moves[:, None]
    return found if still is not None else found - found.mean(axis=0)


def radii(places: Numbers, units: NDArray[np.int64]) -> Numbers:
    """Return the radius of each disc, (n,): areas are as the units, together FILLED of the map's box.

    Smaller where discs would overlap otherwise (as under filters that leave one theme large), but not below half.
    """
    roots = np.sqrt(units)
    full = float(_filling(places, units).sum()) / max(float(roots.sum()), 1e-9)
    room = _between(places) + np.diag(np.full(len(places), np.inf))
    free = float((room / np.maximum(roots[:, None] + roots[None, :], 1e-9)).min(initial=np.inf))
    found: Numbers = roots * min(full, max(free, full / 2))
    return found


def _filling(places: Numbers, units: NDArray[np.int64]) -> Numbers:
    box = np.maximum(places.max(axis=0) - places.min(axis=0), 1e-6)
    area = FILLED * float(np.maximum(box, box.max() / 2).prod())
    found: Numbers = np.sqrt(area * units / (np.pi * max(int(units.sum()), 1)))
    return found


def spread(apart: Numbers, *, start: Numbers, seed: int) -> Numbers:
    """Return where t-SNE puts themes, (n, 2), begun from `start`; below FEWEST themes the start itself, centred."""
    begun = start - start.mean(axis=0)
    if len(apart) < FEWEST:
        return np.asarray(begun, dtype=np.float64)
    from sklearn.manifold import TSNE

    size = float(begun.std()) or 1.0
    tsne = TSNE(
        n_components=2,
        perplexity=min(PERPLEXITY, (len(apart) - 1) / 3),
        metric="precomputed",
        init=(begun / size * 1e-2).astype(np.float32),
        method="exact",
        learning_rate=STEP,
        early_exaggeration=EXAGGERATION,
        random_state=seed,
    )
    return np.asarray(tsne.fit_transform(apart), dtype=np.float64)


def scaled(apart: Numbers) -> Numbers:
    """Return the two axes of classical scaling (Torgerson, Psychometrika 17, 1952), their signs fixed."""
    n = len(apart)
    middle = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(-0.5 * middle @ (apart**2) @ middle)
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    return _signed(axes)


def _upright(places: Numbers) -> Numbers:
    """Return places turned so that the map is wide rather than tall."""
    centred_places = places - places.mean(axis=0)
    _, _, axes = np.linalg.svd(centred_places, full_matrices=False)
    turned: Numbers = centred_places @ axes.T
    return _signed(turned)


def _signed(places: Numbers) -> Numbers:
    """Return places mirrored so that on each axis the theme farthest out lies on its positive side."""
    farthest = places[np.abs(places).argmax(axis=0), np.arange(places.shape[1])]
    found: Numbers = places * np.where(farthest < 0, -1.0, 1.0)
    return found


def _turned(places: Numbers, towards: Numbers) -> Numbers:
    """Return places turned, mirrored and stretched evenly so that they lie nearest to others."""
    ours, theirs = places - places.mean(axis=0), towards - towards.mean(axis=0)
    u, sizes, v = np.linalg.svd(ours.T @ theirs)
    size = float(sizes.sum()) / (float(np.square(ours).sum()) or 1.0)
    found: Numbers = ours @ (u @ v) * (size or 1.0)
    return found


def _between(places: Numbers) -> Numbers:
    found: Numbers = np.linalg.norm(places[:, None, :] - places[None, :, :], axis=2)
    return found
