"""The map of themes under any filters: where each lies, how large it is, and what it is most like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from app.store import runs, theme_places, themes
from app.store.filters import Filters
from app.store.views import ThemeView
from pipelines.centres import aligned
from pipelines.records import Matrix
from pipelines.theme_map import beside, distances, lay_out, nearest, radii


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A theme on the map, in the map's own unit; `near` are the themes it is most like, nearest first."""

    theme: ThemeView
    x: float
    y: float
    radius: float
    near: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A parent theme, placed in the midst of its children's units; `children` are numbers of discs."""

    theme: ThemeView
    x: float
    y: float
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeMap:
    """All themes that have units under the filters, most units first, and the parents of several of them."""

    discs: tuple[Disc, ...]
    families: tuple[Family, ...]


def theme_map(db: Database, filters: Filters) -> ThemeMap:
    """Return the map under the filters: places are those of the last analysis, sizes are the units now.

    Themes that people have hidden are left out. What has no place yet is put beside what it is like.
    """
    views = {view.id: view for view in themes.list_views(db, filters)}
    records = [record for record in themes.all_records(db) if record.id in views and not views[record.id].is_parent]
    shown = [record for record in records if views[record.id].units and not views[record.id].hidden]
    if not shown:
        return ThemeMap(discs=(), families=())
    run = runs.latest(db)
    seed = 0 if run is None else int(run["seed"])
    units = np.array([views[record.id].units for record in shown], dtype=np.int64)
    centroids = aligned([record.centroid for record in shown], width=len(shown[int(units.argmax())].centroid))
    places = _places([record.id for record in shown], centroids, units, known=theme_places.known(db), seed=seed)
    near = nearest(distances(centroids))
    radius = radii(places, units)
    order = sorted(range(len(shown)), key=lambda at: (-int(units[at]), shown[at].id))
    discs = tuple(
        Disc(
            theme=views[shown[at].id],
            x=float(places[at, 0]),
            y=float(places[at, 1]),
            radius=float(radius[at]),
            near=tuple(views[shown[one].id] for one in near[at].tolist()),
        )
        for at in order
    )
    return ThemeMap(discs=discs, families=_families(discs, views))


def _places(
    ids: Sequence[str],
    centroids: Matrix,
    units: np.ndarray[tuple[int], np.dtype[np.int64]],
    *,
    known: Mapping[str, theme_places.Place],
    seed: int,
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    found = np.array([known.get(one, (np.nan, np.nan)) for one in ids], dtype=np.float64)
    missing = np.isnan(found).any(axis=1)
    if missing.all():
        # A project whose last analysis is older than the map.
        return lay_out(centroids, units, previous=found, seed=seed)
    return beside(distances(centroids), found) if missing.any() else found


def _families(discs: Sequence[Disc], views: Mapping[str, ThemeView]) -> tuple[Family, ...]:
    children: dict[str, list[int]] = {}
    for at, disc in enumerate(discs):
        if disc.theme.parent_id in views:
            children.setdefault(str(disc.theme.parent_id), []).append(at)
    found = []
    for parent, numbers in children.items():
        if len(numbers) < 2:
            continue
        whole = sum(discs[at].theme.units for at in numbers)
        found.append(
            Family(
                theme=views[parent],
                x=sum(discs[at].x * discs[at].theme.units for at in numbers) / whole,
                y=sum(discs[at].y * discs[at].theme.units for at in numbers) / whole,
                children=tuple(numbers),
            )
        )
    return tuple(sorted(found, key=lambda family: (-family.theme.units, family.theme.id)))
