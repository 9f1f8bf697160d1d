"""What moving a few units teaches: the rest of a mixed theme, before and after, against people's labels.

    python -m benchmarks.taught --data DIR [--moved 3,5,10,20] [--texts 3000] [--only laptop,banking]

Of every theme in which a second class has enough texts, some texts of that class are moved to the theme that the class
has most of (or to a new one), as a person would; the edit is replayed by the product's own code. The figures are over
the theme's other texts: `right` is the share whose place fits their class (the moved class there, all others here).
"""

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.themes import MORE, SETS, LabelledSet, read_set, units_of
from models.embedding import Encoder, load_encoder
from pipelines.centres import centres_of, normalised
from pipelines.cluster import cluster
from pipelines.edit_state import PlacedTexts
from pipelines.edits import replay
from pipelines.records import EmbeddedUnits, Theme, ThemeAssignment, ThemeEdit
from pipelines.settings import AnalysisSettings

LEAST_LEFT = 8
LEAST_THEME = 40
DRAWS = 3


def measure(found: LabelledSet, encoder: Encoder, moved: int) -> list[tuple[float, float, float, float]]:
    """Return (right before, right after, right among those that followed, share of the class that followed)."""
    settings = AnalysisSettings()
    units = units_of(found.texts)
    vectors = normalised(encoder.encode(found.texts).astype(np.float16).astype(np.float32))
    labels = cluster(EmbeddedUnits(units=units, vectors=vectors), settings).labels.astype(np.int64)
    themes = tuple(
        Theme(id=f"t{n}", parent_id=None, name_zh=f"{n}", name_en=f"{n}", keywords=(), exemplars=(), centroid=centre)
        for n, centre in enumerate(centres_of(vectors, labels))
    )
    placed = [
        ThemeAssignment(unit_id=unit.id, theme_id=f"t{label}" if label >= 0 else None, similarity=0.0)
        for unit, label in zip(units, labels.tolist(), strict=True)
    ]
    texts = PlacedTexts(
        keys=[str(row).encode() for row in range(len(units))],
        first_run=np.ones(len(units), dtype=np.int64),
        vectors=lambda rows: vectors[rows],
        units=lambda rows: [units[row] for row in rows.tolist()],
    )
    truth = np.asarray(found.labels)
    major = {label: Counter(truth[labels == label].tolist()).most_common(2) for label in range(len(themes))}
    rows = []
    for label, classes in major.items():
        inside = np.flatnonzero(labels == label)
        if len(classes) < 2 or len(inside) < LEAST_THEME or classes[1][1] < moved + LEAST_LEFT:
            continue
        second = classes[1][0]
        homes = [other for other, found_classes in major.items() if found_classes[0][0] == second]
        target = f"t{max(homes, key=lambda one: int((truth[labels == one] == second).sum()))}" if homes else "new"
        for draw in range(DRAWS):
            taught = random.Random(draw).sample([int(row) for row in inside if truth[row] == second], moved)
            edit = ThemeEdit(
                id=1,
                at="",
                who="",
                kind="move",
                theme_ids=(f"t{label}",),
                into=target,
                name_zh="new",
                name_en="new",
                texts=frozenset(str(row).encode() for row in taught),
                run=1,
            )
            done = replay(themes, placed, [edit], texts=texts, settings=settings)
            rest = np.array([row for row in inside.tolist() if row not in taught])
            should = truth[rest] == second
            follows = np.array([done.assignments[row].theme_id == target for row in rest.tolist()])
            rows.append(
                (
                    float((~should).mean()),
                    float((should == follows).mean()),
                    float(should[follows].mean()) if follows.any() else float("nan"),
                    float(follows[should].mean()),
                )
            )
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line per set and number of texts moved, then the mean over all cases."""
    parser = argparse.ArgumentParser(description="What moving a few units teaches.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--moved", default="3,5,10,20")
    parser.add_argument("--texts", type=int, default=3000)
    parser.add_argument("--only", default=",".join((*SETS, *MORE)))
    asked = parser.parse_args(arguments)
    encoder = load_encoder("shipped")
    print(
        f"{'moved':>6}{'set':>16}{'cases':>8}{'right before':>14}{'after':>8}{'precision':>11}{'recall':>8}{'worse':>8}"
    )
    for moved in map(int, asked.moved.split(",")):
        cases: list[tuple[float, float, float, float]] = []
        for name in asked.only.split(","):
            found = read_set(asked.data, name, most=asked.texts, seed=5, everything=True)
            own = measure(found, encoder, moved)
            cases += own
            if own:
                _line(moved, name, own)
        if cases:
            _line(moved, "all", cases)


def _line(moved: int, name: str, cases: list[tuple[float, float, float, float]]) -> None:
    table = np.array(cases)
    worse = float((table[:, 1] < table[:, 0] - 0.01).mean())
    figures = [table[:, 0].mean(), table[:, 1].mean(), np.nanmean(table[:, 2]), table[:, 3].mean(), worse]
    shown = "".join(f"{100 * value:{width}.1f}" for value, width in zip(figures, (14, 8, 11, 8, 8), strict=True))
    print(f"{moved:6}{name:>16}{len(cases):8}{shown}", flush=True)


if __name__ == "__main__":
    main()
