"""Texts that say several things: themes of opinion units against one theme per text, by people's aspect categories.

    python -m benchmarks.aspects --data DIR [--only cosmetics,laptops] [--texts 1500] [--alone]

Texts are halved by a seed. A theme means the category that its units have most often in one half; a text of the other
half is said to be about the categories of all its units' themes, compared with the ones people gave it; then the halves
change places. `shared` is the other reading of "most often": a unit's text may have several categories, of which a unit
says one, so each unit's vote goes to the likeliest of them (the EM of word alignment, Brown et al. 1993, IBM model 1).
The texts are those with several categories, whose categories no training of the shipped encoder saw, and those held
out from it. BERTopic (`pip install bertopic`) gets whole texts, as it is used, and once our opinion units.
"""

import argparse
import gzip
import importlib.util
import json
import random
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.themes import bertopic, units_of
from models.embedding import Encoder, load_encoder
from models.training.reading import held_out
from pipelines.analyse import split_all
from pipelines.cluster import cluster
from pipelines.identity import identify
from pipelines.language import detect
from pipelines.records import EmbeddedUnits, OpinionUnit, Verbatim
from pipelines.settings import AnalysisSettings

SETS: dict[str, str] = {
    "car": "zh_car_topics_sentiment",
    "cosmetics": "zh_cosmetics_aspects",
    "restaurants zh": "zh_asap_sample_aspects",
    "restaurants en": "en_absa_rest1516_quads",
    "laptops": "en_absa_laptop14_quads",
    "restaurants mams": "en_mams_aspect_categories",
}
NO_CATEGORY = {"NULL", "None", ""}
FEWEST_TEXTS = 10
"""A category of fewer texts is left out: half of them cannot teach what a theme means."""
ROUNDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectSet:
    """Texts, each with one or more categories: row i of `truth` says which of `categories` text i is about."""

    texts: tuple[str, ...]
    categories: tuple[str, ...]
    truth: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Themed:
    """Pieces of texts with their theme (-1: none); `owner[i]` is the text that piece i is of."""

    labels: NDArray[np.int64]
    owner: NDArray[np.int64]


def read_aspects(folder: Path, file: str, *, most: int) -> AspectSet:
    """Return up to `most` texts that have several categories or that training did not see, drawn with a seed."""
    found: dict[str, frozenset[str]] = {}
    with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            said = row.get("labels") or [aspect["category"] for aspect in row["aspects"]]
            categories = frozenset(said) - NO_CATEGORY
            if categories and (len(categories) > 1 or held_out(row["text"])):
                found[row["text"]] = categories
    rows = sorted(found.items())
    random.Random(0).shuffle(rows)
    rows = rows[:most]
    counts: dict[str, int] = {}
    for _, categories in rows:
        for category in categories:
            counts[category] = counts.get(category, 0) + 1
    kept = sorted(category for category, count in counts.items() if count >= FEWEST_TEXTS)
    rows = [(text, categories) for text, categories in rows if categories & set(kept)]
    truth = np.array([[category in categories for category in kept] for _, categories in rows], dtype=bool)
    return AspectSet(texts=tuple(text for text, _ in rows), categories=tuple(kept), truth=truth)


def split_texts(texts: Sequence[str]) -> tuple[tuple[OpinionUnit, ...], NDArray[np.int64]]:
    """Return the opinion units of some texts as the product splits them, and which text each is of."""
    verbatims = [
        Verbatim(id=identify("v", number, text), source_id="s", row=number, text=text, language=detect(text))
        for number, text in enumerate(texts)
    ]
    units = split_all(verbatims)
    rows = {verbatim.id: number for number, verbatim in enumerate(verbatims)}
    return units, np.array([rows[unit.verbatim_id] for unit in units], dtype=np.int64)


def themes_of(units: tuple[OpinionUnit, ...], encoder: Encoder) -> NDArray[np.int64]:
    """Return Xinsheng's themes of some units."""
    vectors = encoder.encode([unit.shadow for unit in units])
    return cluster(EmbeddedUnits(units=units, vectors=vectors), AnalysisSettings()).labels.astype(np.int64)


def meant_by_majority(themed: Themed, truth: NDArray[np.bool_], rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each theme the category that most of its units' texts have among `rows`, -1 where it has none."""
    counts = np.zeros((int(themed.labels.max(initial=-1)) + 1, truth.shape[1]))
    seen = rows[themed.owner] & (themed.labels >= 0)
    np.add.at(counts, themed.labels[seen], truth[themed.owner[seen]].astype(np.float64))
    return _strongest(counts)


def meant_by_sharing(themed: Themed, truth: NDArray[np.bool_], rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the same, each unit voting for the likeliest of its text's categories."""
    themes = int(themed.labels.max(initial=-1)) + 1
    seen = rows[themed.owner] & (themed.labels >= 0)
    labels, may = themed.labels[seen], truth[themed.owner[seen]].astype(np.float64)
    likely = np.full((themes, truth.shape[1]), 1.0)
    shares = np.zeros_like(likely)
    for _ in range(ROUNDS):
        votes = may * likely[labels]
        # A text without any category has no vote.
        votes /= np.maximum(votes.sum(axis=1, keepdims=True), 1e-300)
        shares = np.zeros_like(likely)
        np.add.at(shares, labels, votes)
        # How likely a category's text has this theme: a frequent category is not for that the likelier one.
        likely = (shares + 0.01) / (shares + 0.01).sum(axis=0, keepdims=True)
    return _strongest(shares)


def _strongest(counts: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.where(counts.max(axis=1, initial=0.0) > 0, np.argmax(counts, axis=1), -1).astype(np.int64)


def predicted(themed: Themed, meant: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which categories each text is said to be about: those of all its units' themes."""
    said = np.zeros(shape, dtype=bool)
    means = np.append(meant, -1)[themed.labels]
    said[themed.owner[means >= 0], means[means >= 0]] = True
    return said


def figures(said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> dict[str, float]:
    """Return micro precision, recall and F1 and the mean of the categories' F1, in percent."""
    both, claimed, there = (said & truth).sum(axis=0), said.sum(axis=0), truth.sum(axis=0)
    each = 2 * both / np.maximum(claimed + there, 1)
    return {
        "precision": 100 * both.sum() / max(int(claimed.sum()), 1),
        "recall": 100 * both.sum() / max(int(there.sum()), 1),
        "micro-F1": 100 * 2 * both.sum() / max(int(claimed.sum() + there.sum()), 1),
        "macro-F1": 100 * float(each.mean()),
    }


def measure(themed: Themed, truth: NDArray[np.bool_], *, draws: int = 5) -> dict[str, float]:
    """Return the figures of one way to find themes, the mean of some halvings of the texts."""
    rows: list[dict[str, float]] = []
    for draw in range(draws):
        half = np.random.default_rng(draw).permutation(len(truth)) < len(truth) // 2
        said = {reading: np.zeros_like(truth) for reading in READINGS}
        for learned in (half, ~half):
            for reading, meaning in READINGS.items():
                meant = meaning(themed, truth, learned)
                said[reading][~learned] = predicted(themed, meant, truth.shape)[~learned]
        row = figures(said["majority"], truth)
        shared = figures(said["shared"], truth)
        rows.append(row | {"shared micro": shared["micro-F1"], "shared macro": shared["macro-F1"]})
    return {head: float(np.mean([row[head] for row in rows])) for head in rows[0]}


READINGS = {"majority": meant_by_majority, "shared": meant_by_sharing}
HEADS = ("precision", "recall", "micro-F1", "macro-F1", "shared micro", "shared macro")


def ways(found: AspectSet, encoder: Encoder, *, with_bertopic: bool) -> dict[str, Themed]:
    """Return each way's themes of the same texts."""
    units, owner = split_texts(found.texts)
    whole = units_of(found.texts)
    each = np.arange(len(found.texts))
    out = {
        "xinsheng, units": Themed(labels=themes_of(units, encoder), owner=owner),
        "xinsheng, whole texts": Themed(labels=themes_of(whole, encoder), owner=each),
        "one theme for all": Themed(labels=np.zeros(len(found.texts), dtype=np.int64), owner=each),
    }
    if with_bertopic:
        shadows = [unit.shadow for unit in units]
        vectors = encoder.encode(found.texts)
        out["bertopic, whole texts"] = Themed(labels=bertopic(found.texts, vectors, encoder, 0), owner=each)
        out["bertopic, our units"] = Themed(labels=bertopic(shadows, encoder.encode(shadows), encoder, 0), owner=owner)
    return out


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line per set and way, then the means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="shipped")
    parser.add_argument("--texts", type=int, default=1_500)
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("--alone", action="store_true", help="without BERTopic")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    encoder = load_encoder(asked.encoder)
    with_bertopic = importlib.util.find_spec("bertopic") is not None
    if asked.alone:
        with_bertopic = False
    elif not with_bertopic:
        print("bertopic is not installed: left out", file=sys.stderr)
    print(f"{'set (texts, categories, of each text)':44}{'way':24}{'themes':>8}" + "".join(f"{h:>14}" for h in HEADS))
    table: dict[str, list[Mapping[str, float]]] = {}
    for name in asked.only.split(","):
        found = read_aspects(asked.data, SETS[name], most=asked.texts)
        title = f"{name} ({len(found.texts)}, {len(found.categories)}, {found.truth.sum(axis=1).mean():.1f})"
        for way, themed in ways(found, encoder, with_bertopic=with_bertopic).items():
            row = measure(themed, found.truth)
            table.setdefault(way, []).append(row)
            themes = int(themed.labels.max(initial=-1)) + 1
            print(f"{title:44}{way:24}{themes:8}" + "".join(f"{row[head]:14.1f}" for head in HEADS), flush=True)
    for way, rows in table.items():
        means = "".join(f"{np.mean([row[head] for row in rows]):14.1f}" for head in HEADS)
        print(f"{'mean':44}{way:24}{'':8}{means}")


if __name__ == "__main__":
    main()
