"""Codebooks: how well units find the themes defined beforehand, by name and a few example phrases, on people's labels.

    python -m benchmarks.codebook --data DIR [--encoder shipped] [--examples 5] [--seeds 3] [--only laptop,banking]

Each class of a labelled set (`NAME.jsonl.gz` in DIR, see SETS) is defined by its name and example phrases, drawn from
the part the shipped encoder was trained on; measured is the part it never saw. All, half or a quarter of the classes
are defined: what belongs to the others should stay out. Precision is the share of placed texts (of sets with several
classes per text: of the themes their opinion units were placed in) that people put there too, recall the share of texts
of defined classes that are placed rightly. Rivals: a text to the nearest defined theme above one cosine (by its name
alone, by the nearest phrase, by the mean of all), and a logistic regression on the same vectors and examples.
"""

import argparse
import gzip
import json
import random
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.themes import LONGEST, units_of
from models.embedding import Encoder, load_encoder
from models.training.reading import held_out
from pipelines.centres import normalised
from pipelines.cluster import cluster
from pipelines.codebook import define, place
from pipelines.codebook_entries import make_entry, split_name
from pipelines.records import Clustering, Codebook, CodebookEntry, EmbeddedUnits, OpinionUnit, Verbatim
from pipelines.settings import AnalysisSettings
from pipelines.shadow import shadow
from pipelines.split import split

# name: file, field of the class or classes, and whether texts say several things and are split into opinion units.
SETS: dict[str, tuple[str, str, bool]] = {
    "laptop": ("zh_jd_laptop_topics", "label", False),
    "car": ("zh_car_topics_sentiment", "labels", True),
    "cosmetics": ("zh_cosmetics_aspects", "labels", True),
    "banking": ("en_banking77", "label", False),
    "support": ("en_bitext_support_intents", "label", False),
    "support areas": ("en_bitext_support_intents", "category", False),
    "assistant": ("zh_smp2019_intents", "category", False),
    "shopping": ("zh_online_shopping_10cats", "category", False),
}
MOST = 2_000
SHARES = (1.0, 0.5, 0.25)
# The one cosine of the rivals: of .3, .35, .4 and .45 the best for the rival "mean of phrases" over these very sets.
CUT = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Held-out texts with their classes, and phrases of each class from the other part."""

    texts: tuple[str, ...]
    classes: tuple[frozenset[str], ...]
    phrases: dict[str, list[str]]
    several: bool


Told = list[set[str]]
"""For each text the classes it was placed in."""
Recipe = Callable[[Labelled, Codebook, "Prepared"], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Units of the held-out texts with their vectors and clusters, and which text each is of."""

    embedded: EmbeddedUnits
    text_of: NDArray[np.int64]
    encoder: Encoder
    clustering: Clustering


def read_labelled(folder: Path, name: str, *, examples: int, seed: int) -> Labelled:
    """Return a set with `examples` phrases per class drawn with a seed."""
    file, field, several = SETS[name]
    phrases: dict[str, list[str]] = {}
    held: list[tuple[str, frozenset[str]]] = []
    with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            given = row.get(field)
            classes = frozenset(given if isinstance(given, list) else [given] if given else [])
            text = str(row.get("text") or "")[:LONGEST]
            if not classes or not text:
                continue
            if held_out(text):
                held.append((text, classes))
            elif len(classes) == 1:
                phrases.setdefault(next(iter(classes)), []).append(text)
    chance = random.Random(seed)
    held.sort(key=lambda one: one[0])
    chance.shuffle(held)
    for name_of_class in sorted(phrases):
        several_texts = sorted(set(phrases[name_of_class]))
        chance.shuffle(several_texts)
        phrases[name_of_class] = several_texts[:examples]
    return Labelled(
        texts=tuple(text for text, _ in held[:MOST]),
        classes=tuple(classes for _, classes in held[:MOST]),
        phrases=phrases,
        several=several,
    )


def prepare(found: Labelled, encoder: Encoder) -> Prepared:
    """Return the opinion units of a set: one per text, or what splitting gives where texts say several things."""
    if not found.several:
        units: tuple[OpinionUnit, ...] = units_of(found.texts)
        text_of = np.arange(len(units))
    else:
        parts = [
            split(Verbatim(id=f"v{row}", source_id="s", row=row, text=text, language="zh"))
            for row, text in enumerate(found.texts)
        ]
        units = tuple(unit for one in parts for unit in one)
        text_of = np.repeat(np.arange(len(parts)), [len(one) for one in parts])
    vectors = encoder.encode([shadow(unit.shadow) for unit in units])
    embedded = EmbeddedUnits(units=units, vectors=vectors)
    clustering = cluster(embedded, AnalysisSettings())
    return Prepared(embedded=embedded, text_of=text_of, encoder=encoder, clustering=clustering)


def defined_by(found: Labelled, share: float, *, seed: int) -> dict[str, CodebookEntry]:
    """Return an entry for a share of the classes: its name as words, and its phrases."""
    classes = sorted(found.phrases)
    chosen = sorted(random.Random(seed).sample(classes, max(2, round(len(classes) * share))))
    entries: dict[str, CodebookEntry] = {}
    for name in chosen:
        zh, en = split_name(name.replace("_", " ").lower())
        entries[name] = make_entry(name_zh=zh, name_en=en, examples=found.phrases[name], guid=None)
    return entries


def xinsheng(found: Labelled, codebook: Codebook, prepared: Prepared) -> list[str | None]:
    """Return the theme of each unit that is a defined one: clusters first, then what they and single units are near."""
    defined = define(codebook, prepared.encoder)
    placed = place(prepared.embedded, prepared.clustering, defined, AnalysisSettings())
    ids = [leaf.id for leaf in placed.leaves]
    return [ids[label - placed.found] if label >= placed.found else None for label in placed.clustering.labels]


def nearest(kind: str) -> Callable[[Labelled, Codebook, Prepared], list[str | None]]:
    """Return a rival: each unit alone to the nearest theme above one cosine."""

    def rival(found: Labelled, codebook: Codebook, prepared: Prepared) -> list[str | None]:
        vectors = normalised(prepared.embedded.vectors)
        near = []
        for entry in codebook:
            said = [entry.name_zh or entry.name_en, *([] if kind == "name" else entry.examples)]
            phrases = prepared.encoder.encode([shadow(text) for text in said])
            if kind == "mean":
                phrases = normalised(phrases.mean(axis=0, keepdims=True))
            near.append((vectors @ phrases.T).max(axis=1))
        cosines = np.stack(near, axis=1)
        best = cosines.argmax(axis=1)
        return [codebook[at].theme if cosines[row, at] >= CUT else None for row, at in enumerate(best)]

    return rival


def regression(found: Labelled, codebook: Codebook, prepared: Prepared) -> list[str | None]:
    """Return a logistic regression's classes, trained on names and phrases; it knows no "none of them"."""
    from sklearn.linear_model import LogisticRegression

    texts = [(shadow(text), entry.theme) for entry in codebook for text in (entry.name, *entry.examples)]
    model = LogisticRegression(max_iter=2_000, C=10.0)
    model.fit(prepared.encoder.encode([text for text, _ in texts]), [theme for _, theme in texts])
    return [str(one) for one in model.predict(prepared.embedded.vectors)]


RECIPES: dict[str, Callable[[Labelled, Codebook, Prepared], list[str | None]]] = {
    "xinsheng": xinsheng,
    "name alone": nearest("name"),
    "nearest phrase": nearest("phrase"),
    "mean of phrases": nearest("mean"),
    "regression": regression,
}


def measure(
    found: Labelled, entries: dict[str, CodebookEntry], told: Sequence[str | None], text_of: NDArray[np.int64]
) -> tuple[float, float, float, float]:
    """Return micro F1, precision, recall and the share of texts placed, in percent."""
    class_of = {entry.theme: name for name, entry in entries.items()}
    placed: list[set[str]] = [set() for _ in found.texts]
    for row, theme in zip(text_of.tolist(), told, strict=True):
        if theme is not None:
            placed[row].add(class_of[theme])
    wanted = [classes & set(entries) for classes in found.classes]
    right = sum(len(one & other) for one, other in zip(placed, wanted, strict=True))
    said, true = sum(map(len, placed)), sum(map(len, wanted))
    precision, recall = right / max(said, 1), right / max(true, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return 100 * f1, 100 * precision, 100 * recall, 100 * sum(map(bool, placed)) / max(len(placed), 1)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="shipped")
    parser.add_argument("--examples", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default=",".join(SETS))
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    encoder = load_encoder(given.encoder)
    rows: dict[tuple[float, str], list[tuple[str, tuple[float, float, float, float]]]] = {}
    for name in given.only.split(","):
        for seed in range(given.seeds):
            found = read_labelled(given.data, name, examples=given.examples, seed=seed)
            prepared = prepare(found, encoder)
            for share in SHARES:
                entries = defined_by(found, share, seed=seed)
                for title, recipe in RECIPES.items():
                    told = recipe(found, tuple(entries.values()), prepared)
                    figures = measure(found, entries, told, prepared.text_of)
                    rows.setdefault((share, title), []).append((name, figures))
    print(f"{'defined':8} {'recipe':16} {'F1':>6} {'prec':>6} {'recall':>6} {'placed':>6}   F1 per set")
    for (share, title), figures in rows.items():
        sets = {name: np.mean([one for other, one in figures if other == name], axis=0) for name, _ in figures}
        mean = np.mean(list(sets.values()), axis=0)
        each = "  ".join(f"{name} {values[0]:.0f}" for name, values in sets.items())
        print(f"{share:7.0%}  {title:16} " + " ".join(f"{value:6.1f}" for value in mean) + f"   {each}")


if __name__ == "__main__":
    main()
