"""The map of themes against plainer ways of drawing one: do neighbours stay neighbours, and does it keep still.

    python -m benchmarks.theme_map data/projects/*.db

For every analysed project: themes on the map; share of each theme's three nearest themes (cosine, centred) among its
five nearest on the map, for classical scaling, stress majorisation (scikit-learn's MDS), t-SNE before discs are pushed
apart, and the map as drawn; trustworthiness of the map (5 neighbours; Venna and Kaski 2001); distance between themes of
one parent over that between any two; and how far the middle theme moves, in mean radii of the map, when the third of
the themes is taken away and drawn anew.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.manifold import MDS, trustworthiness

from app.database import connect
from app.store import themes
from app.store.filters import NO_FILTERS
from pipelines.theme_map import distances, kept_near, lay_out, scaled, spread

Numbers = NDArray[np.float64]
SEED = 1
FEWEST = 8


def main() -> None:
    """Print one row per project."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("projects", nargs="+", type=Path, help="project databases that have been analysed")
    print("| project | themes | classical | stress | t-SNE | map | trustworthiness | parents | moved |")
    print("|---|---|---|---|---|---|---|---|---|")
    for path in parser.parse_args().projects:
        row = measured(path)
        if row:
            print(f"| {path.stem} | {row[0]:.0f} | " + " | ".join(f"{value:.2f}" for value in row[1:]) + " |")


def measured(path: Path) -> tuple[float, ...]:
    """Return the figures of one project, () where it has too few themes for a map."""
    db = connect(path)
    records = themes.all_records(db)
    units_of = {view.id: view.units for view in themes.list_views(db, NO_FILTERS)}
    db.close()
    parents = {record.parent_id for record in records}
    leaves = [record for record in records if record.id not in parents]
    if len(leaves) < FEWEST:
        return ()
    centroids = np.stack([record.centroid for record in leaves])
    units = np.array([units_of[record.id] for record in leaves], dtype=np.int64)
    apart = distances(centroids)
    classical = scaled(apart)
    stress = MDS(
        n_components=2, metric="precomputed", metric_mds=True, n_init=1, init="classical_mds", random_state=SEED
    ).fit_transform(apart)
    drawn = lay_out(centroids, units, previous=np.full((len(leaves), 2), np.nan), seed=SEED)
    return (
        len(leaves),
        kept_near(apart, classical),
        kept_near(apart, stress),
        kept_near(apart, spread(apart, start=classical, seed=SEED)),
        kept_near(apart, drawn),
        trustworthiness(apart, drawn, n_neighbors=5, metric="precomputed"),
        together([record.parent_id for record in leaves], drawn),
        moved(centroids, units, drawn),
    )


def together(parents: list[str | None], places: Numbers) -> float:
    """Return the mean distance between themes of one parent over that between any two."""
    names = np.array([parent or "" for parent in parents])
    same = (names[:, None] == names[None, :]) & (names != "")[:, None] & ~np.eye(len(names), dtype=bool)
    between = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    return float(between[same].mean() / between[~np.eye(len(names), dtype=bool)].mean()) if same.any() else np.nan


def moved(centroids: NDArray[np.float32], units: NDArray[np.int64], places: Numbers) -> float:
    """Return how far the middle theme moves when a third of them had no place yet, in mean radii of the map."""
    previous = places.copy()
    previous[::3] = np.nan
    anew = lay_out(centroids, units, previous=previous, seed=SEED)
    away = np.linalg.norm(anew - places, axis=1)
    return float(np.median(away) / np.linalg.norm(places - places.mean(axis=0), axis=1).mean())


if __name__ == "__main__":
    main()
