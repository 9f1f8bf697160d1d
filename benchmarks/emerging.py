"""Do new topics surface? Classes are held back from a full run, then arrive with the rest of the feedback.

    python -m benchmarks.emerging --data DIR

Half of each set, less the texts of the classes held back, is analysed; the other half is placed by `extend`. Printed:
how much of the known and of the new classes fits no theme, how much of the known is in a theme that mostly holds its
class, how many proposals there are, in how many a class held back is the majority, and how many of those classes are
found so. With `--usual` the same similarity is asked of every theme, whatever its own units say.
"""

import argparse
import gzip
import json
import random
from collections import Counter
from pathlib import Path

import numpy as np

from models.embedding import load_encoder
from models.sentiment import load_sentiment
from pipelines.analyse import analyse, extend
from pipelines.assign import reaches
from pipelines.emerging import emerging
from pipelines.records import EmbeddedUnits, Known, Verbatim
from pipelines.settings import AnalysisSettings

SETS = (
    ("zh_thucnews_titles", "label", 2, 5_000),
    ("zh_smp2019_intents", "category", 4, 2_000),
    ("en_clinc150", "category", 2, 8_000),
    ("en_clinc150", "label", 30, 8_000),
    ("zh_online_shopping_10cats", "category", 2, 4_000),
    ("en_banking77", "label", 15, 6_000),
    ("en_stackoverflow_titles", "label", 4, 5_000),
    ("en_bitext_support_intents", "label", 5, 4_000),
    ("zh_jd_laptop_topics", "label", 6, 4_198),
    ("en_agnews", "label", 1, 4_000),
)
"""File, key of the class, classes held back, texts."""
SEEDS = (1, 2)


def measured(rows: list[dict[str, str]], key: str, held_back: int, *, seed: int, usual: bool) -> str:
    """Return one line of results."""
    draw = random.Random(seed)
    named = {f"v{number}": str(row[key]) for number, row in enumerate(rows)}
    new = set(draw.sample(sorted(set(named.values())), held_back))
    verbatims = [
        Verbatim(id=f"v{n}", source_id="s", row=n, text=row["text"], language="en" if row["text"].isascii() else "zh")
        for n, row in enumerate(rows)
    ]
    half = len(verbatims) // 2
    settings, encoder, model = AnalysisSettings(), load_encoder(), load_sentiment()
    before = [verbatim for verbatim in verbatims[:half] if named[verbatim.id] not in new]
    first = analyse(before, Known(), encoder=encoder, sentiment_model=model, settings=settings)
    near: dict[str, list[float]] = {}
    holds: dict[str, Counter[str]] = {}
    for unit, place in zip(first.embedded.units, first.assignments, strict=True):
        if place.theme_id is not None:
            near.setdefault(place.theme_id, []).append(place.similarity)
            holds.setdefault(place.theme_id, Counter())[named[unit.verbatim_id]] += 1
    known = Known(themes=first.themes, reach={} if usual else reaches(near, settings))
    later = extend(verbatims[half:], known, encoder=encoder, sentiment_model=model, settings=settings)
    units, vectors, fresh = [], [], set()
    for analysis in (first, later):
        for unit, vector, place in zip(
            analysis.embedded.units, analysis.embedded.vectors, analysis.assignments, strict=True
        ):
            if place.theme_id is None:
                units.append(unit)
                vectors.append(vector)
                if analysis is later:
                    fresh.add(unit.id)
    waiting = EmbeddedUnits(units=tuple(units), vectors=np.stack(vectors).astype(np.float32))
    taken = [(theme.name_zh, theme.name_en) for theme in first.themes]
    found = emerging(waiting, fresh, taken=taken, encoder=encoder, settings=settings)
    of = {unit.id: named[unit.verbatim_id] for unit in later.embedded.units} | {
        unit.id: named[unit.verbatim_id] for unit in first.embedded.units
    }
    majority = []
    for one in found:
        name, count = Counter(of[unit_id] for unit_id in one.unit_ids).most_common(1)[0]
        majority.append(name if count * 2 >= len(one.unit_ids) else "")
    right = [name for name in majority if name in new]
    left = [unit.id in fresh for unit in later.embedded.units]
    is_new = [of[unit.id] in new for unit in later.embedded.units]
    known_left = np.mean([one for one, other in zip(left, is_new, strict=True) if not other])
    new_left = np.mean([one for one, other in zip(left, is_new, strict=True) if other])
    mostly = {theme: classes.most_common(1)[0][0] for theme, classes in holds.items()}
    known_right = np.mean(
        [
            place.theme_id is not None and mostly[place.theme_id] == of[place.unit_id]
            for place in later.assignments
            if of[place.unit_id] not in new
        ]
    )
    return (
        f"left: known {known_left:6.1%} new {new_left:6.1%}; right {known_right:6.1%}; "
        f"proposals {len(found):3}, right {len(right):3}; "
        f"classes found {len(set(right))} of {len(new)}"
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--usual", action="store_true", help="one similarity for all themes")
    asked = parser.parse_args()
    folder = asked.data
    for file, key, held_back, count in SETS:
        with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if row.get(key) and row.get("text")]
        for seed in SEEDS:
            shuffled = sorted(rows, key=lambda row: str(row["text"]))
            random.Random(seed).shuffle(shuffled)
            line = measured(shuffled[:count], key, held_back, seed=seed, usual=asked.usual)
            print(f"{file:28} {key:8} {line}", flush=True)


if __name__ == "__main__":
    main()
