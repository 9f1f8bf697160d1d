"""Do themes hold still? Rows shuffled, texts left out, texts added, and new ones placed without a full run.

    python -m benchmarks.stillness --data DIR [--texts 800] [--draws 3] [--only delivery,hotels] [--theirs 1]

Of each set's reviews (opinion units as the product splits them, the shipped encoder):
`same`: shuffled rows give every unit the same theme id and every theme the same names.
`ARI -10%`: agreement of the full run with one on nine tenths of the texts, over the units of both, unthemed as a class;
beside it BERTopic on the same units and vectors (`pip install bertopic`), in `--theirs` of the draws.
`ids +10%`, `names +10%`: of the leaf themes of nine tenths of the texts, the share that a run with the rest still
has; `anew`: of those kept, the share that the run would have named the same in Chinese and in English by itself;
`units`: the share of the themed units of before whose theme still has its id.
`placed right`: of the new texts' units that the full run puts in a theme which was there before, the share that
`extend()` puts in it; `too many`: of what the full run leaves unthemed or puts in a new theme, the share that
`extend()` places in an old one all the same; `extend labels`, `full labels`: where people gave the texts a class, the
share of new texts in a theme whose most frequent class is theirs, after `extend()` and after the full run.
Last, verbatims a second of `extend()` as a whole (splitting, vectors, sentiment, placing), by the wall clock and by
this process's processor time, which other programs on the machine do not slow.
"""

import argparse
import gzip
import importlib.util
import json
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.themes import bertopic
from models.embedding import Encoder, load_encoder
from models.sentiment import load_sentiment
from pipelines.analyse import extend, split_all
from pipelines.assign import assign, reaches
from pipelines.cluster import cluster
from pipelines.identity import identify
from pipelines.language import detect
from pipelines.match import match
from pipelines.name import name_themes
from pipelines.records import EmbeddedUnits, Known, Matrix, OpinionUnit, Theme, ThemeAssignment, Verbatim
from pipelines.settings import AnalysisSettings

SETS: dict[str, tuple[str, str]] = {
    "delivery": ("zh_waimai_10k", ""),
    "hotels": ("zh_hotel_chnsenticorp", ""),
    "apps": ("en_app_store_reviews", ""),
    "restaurants": ("zh_meituan_reviews", ""),
    "speakers": ("en_amazon_alexa", ""),
    "hotel titles": ("en_hotel_review_titles", ""),
    "cars": ("zh_car_topics_sentiment", "labels"),
    "banking": ("en_banking77", "label"),
    "questions": ("en_stackoverflow_titles", "label"),
}
"""File, and the field of the texts' class where one text has one. The first four were looked at when numbers of the
engine were chosen, the others were not."""
LEFT_OUT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Verbatims with their opinion units and vectors; `labels[i]` is the class of verbatim i, or empty."""

    verbatims: tuple[Verbatim, ...]
    labels: tuple[str, ...]
    units: tuple[OpinionUnit, ...]
    vectors: Matrix
    owner: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a full run found in some units."""

    themes: tuple[Theme, ...]
    assignments: tuple[ThemeAssignment, ...]
    named: Mapping[str, tuple[str, str]]

    @property
    def place(self) -> dict[str, str]:
        """Theme of each unit that has one, by unit id."""
        return {item.unit_id: item.theme_id for item in self.assignments if item.theme_id is not None}

    @property
    def leaves(self) -> frozenset[str]:
        """Ids of the themes that hold units."""
        return frozenset(theme.id for theme in self.themes) - {theme.parent_id for theme in self.themes}

    def known(self) -> Known:
        """Return what the next run knows of this one."""
        members: dict[str, set[str]] = {}
        for unit, theme in self.place.items():
            members.setdefault(theme, set()).add(unit)
        return Known(
            themes=self.themes,
            members={theme: frozenset(units) for theme, units in members.items()},
            reach=self.reach,
        )

    @property
    def reach(self) -> dict[str, float]:
        """From which similarity on a new unit belongs to each theme."""
        near: dict[str, list[float]] = {}
        for item in self.assignments:
            if item.theme_id is not None:
                near.setdefault(item.theme_id, []).append(item.similarity)
        return reaches(near, AnalysisSettings())


def read_spoken(folder: Path, name: str, *, most: int, encoder: Encoder) -> Spoken:
    """Return up to `most` different texts of a set as verbatims, split and embedded."""
    file, field = SETS[name]
    rows: dict[str, str] = {}
    with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            label = row.get(field, "") if field else ""
            if isinstance(label, list):
                label = label[0] if len(label) == 1 else ""
            rows[str(row["text"])] = str(label)
    drawn = sorted(rows.items())
    random.Random(0).shuffle(drawn)
    drawn = drawn[:most]
    verbatims = tuple(
        Verbatim(id=identify("v", text), source_id="s", row=number, text=text, language=detect(text))
        for number, (text, _) in enumerate(drawn)
    )
    units = split_all(verbatims)
    number = {verbatim.id: row for row, verbatim in enumerate(verbatims)}
    return Spoken(
        verbatims=verbatims,
        labels=tuple(label for _, label in drawn),
        units=units,
        vectors=encoder.encode([unit.shadow for unit in units]),
        owner=np.array([number[unit.verbatim_id] for unit in units], dtype=np.int64),
    )


def run(spoken: Spoken, rows: NDArray[np.int64], encoder: Encoder, known: Known) -> Found:
    """Return the themes of some units in the given order, matched with the known ones as a full run does it."""
    settings = AnalysisSettings()
    embedded = EmbeddedUnits(units=tuple(spoken.units[row] for row in rows), vectors=spoken.vectors[rows])
    clustering = cluster(embedded, settings)
    themes, leaf_of = name_themes(embedded, clustering, encoder=encoder, settings=settings)
    assignments = tuple(
        ThemeAssignment(
            unit_id=unit.id, theme_id=None if label < 0 else themes[leaf_of[label]].id, similarity=float(near)
        )
        for unit, label, near in zip(embedded.units, clustering.labels, clustering.similarity, strict=True)
    )
    matched, moved = match(known, themes, assignments)
    # `match` keeps the order of themes: the name each would have had is that of the theme it was.
    named = {after.id: (one.name_zh, one.name_en) for one, after in zip(themes, matched, strict=True)}
    return Found(themes=matched, assignments=moved, named=named)


def same_in_any_order(spoken: Spoken, full: Found, encoder: Encoder) -> bool:
    """Say whether shuffled rows give each unit the same theme and each theme the same names."""
    rows = np.random.default_rng(1).permutation(len(spoken.units))
    again = run(spoken, rows, encoder, Known())
    return again.place == full.place and again.named == full.named


def agreement(one: Mapping[str, str], other: Mapping[str, str], units: Sequence[str]) -> float:
    """Return the adjusted Rand index of two placings of some units, unthemed as a class of its own."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score([one.get(unit, "") for unit in units], [other.get(unit, "") for unit in units]))


def theirs(spoken: Spoken, rows: NDArray[np.int64], encoder: Encoder) -> dict[str, str]:
    """Return BERTopic's topics of some units."""
    shadows = [spoken.units[row].shadow for row in rows]
    labels = bertopic(shadows, spoken.vectors[rows], encoder, 0)
    return {spoken.units[row].id: str(label) for row, label in zip(rows, labels.tolist(), strict=True)}


def right_by_labels(spoken: Spoken, place: Mapping[str, str], learned: NDArray[np.bool_]) -> float:
    """Return the share, in percent, of the labelled units not learned from whose theme mostly holds their class."""
    holds: dict[str, Counter[str]] = {}
    rest = []
    for row, unit in enumerate(spoken.units):
        label = spoken.labels[spoken.owner[row]]
        if label and learned[row] and unit.id in place:
            holds.setdefault(place[unit.id], Counter())[label] += 1
        elif label and not learned[row]:
            rest.append((unit.id, label))
    means = {theme: min(classes, key=lambda one: (-classes[one], one)) for theme, classes in holds.items()}
    return 100 * float(np.mean([means.get(place.get(unit, "")) == label for unit, label in rest])) if rest else np.nan


def one_draw(
    spoken: Spoken, full: Found, encoder: Encoder, *, draw: int, beside: Mapping[str, str]
) -> dict[str, float]:
    """Return the figures of one draw of the texts that are left out or come later."""
    later = np.random.default_rng(draw).random(len(spoken.verbatims)) < LEFT_OUT
    before, new = np.flatnonzero(~later[spoken.owner]), np.flatnonzero(later[spoken.owner])
    first = run(spoken, before, encoder, Known())
    shared = [spoken.units[row].id for row in before]
    figures = {"ARI -10%": 100 * agreement(full.place, first.place, shared)}
    if beside:
        figures["BERTopic"] = 100 * agreement(beside, theirs(spoken, before, encoder), shared)
    grown = run(spoken, np.arange(len(spoken.units)), encoder, first.known())
    kept = first.leaves & grown.leaves
    earlier, now = {theme.id: theme for theme in first.themes}, {theme.id: theme for theme in grown.themes}
    said = {one: (earlier[one].name_zh, earlier[one].name_en) for one in kept}
    figures |= {
        "ids +10%": 100 * len(kept) / max(len(first.leaves), 1),
        "names +10%": 100 * sum((now[one].name_zh, now[one].name_en) == said[one] for one in kept) / len(first.leaves),
        "anew zh": 100 * float(np.mean([grown.named[one][0] == said[one][0] for one in kept])),
        "anew en": 100 * float(np.mean([grown.named[one][1] == said[one][1] for one in kept])),
        "units": 100 * float(np.mean([theme in grown.leaves for theme in first.place.values()])),
    }
    incoming = EmbeddedUnits(units=tuple(spoken.units[row] for row in new), vectors=spoken.vectors[new])
    placed = assign(incoming, first.themes, AnalysisSettings(), reach=first.reach)
    extended = {item.unit_id: item.theme_id for item in placed if item.theme_id is not None}
    ids = [unit.id for unit in incoming.units]
    old = [unit for unit in ids if grown.place.get(unit) in first.leaves]
    rest = [unit for unit in ids if grown.place.get(unit) not in first.leaves]
    learned = ~later[spoken.owner]
    return figures | {
        "placed": 100 * len(extended) / max(len(ids), 1),
        "placed right": 100 * float(np.mean([extended.get(unit) == grown.place[unit] for unit in old])),
        "too many": 100 * float(np.mean([unit in extended for unit in rest])) if rest else np.nan,
        "extend labels": right_by_labels(spoken, first.place | extended, learned),
        "full labels": right_by_labels(spoken, grown.place, learned),
    }


HEADS = (
    "ARI -10%", "BERTopic", "ids +10%", "names +10%", "anew zh", "anew en", "units", "placed", "placed right",
    "too many", "extend labels", "full labels",
)  # fmt: skip


def rate(spoken: Sequence[Spoken], found: Sequence[Found], encoder: Encoder) -> str:
    """Return how many verbatims a second `extend()` places in all sets' themes, as a line to print."""
    verbatims = [verbatim for one in spoken for verbatim in one.verbatims]
    themes = tuple(theme for one in found for theme in one.themes)
    known = Known(
        themes=themes,
        members={key: held for one in found for key, held in one.known().members.items()},
        reach={key: level for one in found for key, level in one.reach.items()},
    )
    model = load_sentiment()
    extend(verbatims[:50], known, encoder=encoder, sentiment_model=model, settings=AnalysisSettings())
    wall, processor = time.perf_counter(), time.process_time()
    done = extend(verbatims, known, encoder=encoder, sentiment_model=model, settings=AnalysisSettings())
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return (
        f"extend: {len(verbatims):,} verbatims ({len(done.embedded.units):,} units) into {len(themes):,} themes: "
        f"{len(verbatims) / wall:,.0f} a second of the clock, {len(verbatims) / processor:,.0f} of the processor; "
        f"seconds {dict(done.seconds)}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line per set, means of its draws; then the means of the sets, and the rate of `extend()`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="shipped")
    parser.add_argument("--texts", type=int, default=800)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--theirs", type=int, default=1, help="draws in which BERTopic is measured too")
    parser.add_argument("--only", default=",".join(SETS))
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    encoder = load_encoder(asked.encoder)
    beside = asked.theirs
    if importlib.util.find_spec("bertopic") is None:
        print("bertopic is not installed: left out", file=sys.stderr)
        beside = 0
    print(f"{'set':14}{'units':>7}{'themes':>7}{'same':>6}" + "".join(f"{head:>14}" for head in HEADS))
    every: list[dict[str, float]] = []
    sets: list[Spoken] = []
    found: list[Found] = []
    for name in asked.only.split(","):
        spoken = read_spoken(asked.data, name, most=asked.texts, encoder=encoder)
        rows = np.arange(len(spoken.units))
        full = run(spoken, rows, encoder, Known())
        their_full = theirs(spoken, rows, encoder) if beside else {}
        drawn = [
            one_draw(spoken, full, encoder, draw=draw, beside=their_full if draw < beside else {})
            for draw in range(asked.draws)
        ]
        row = {head: _mean([one.get(head, np.nan) for one in drawn]) for head in HEADS}
        same = "yes" if same_in_any_order(spoken, full, encoder) else "NO"
        shown = "".join(f"{row[head]:14.1f}" for head in HEADS)
        print(f"{name:14}{len(spoken.units):7}{len(full.leaves):7}{same:>6}{shown}", flush=True)
        every.append(row)
        sets.append(spoken)
        found.append(full)
    print(f"{'mean':34}" + "".join(f"{_mean([row[head] for row in every]):14.1f}" for head in HEADS))
    print(rate(sets, found, encoder))


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan


if __name__ == "__main__":
    main()
