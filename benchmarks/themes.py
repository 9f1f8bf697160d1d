"""Themes side by side: Xinsheng, BERTopic and k-means on the same texts and vectors, against people's labels.

    python -m benchmarks.themes --data DIR [--encoder shipped] [--texts 4000] [--everything] [--only laptop,banking]
                                [--speed REVIEWS]

DIR holds labelled sets as `NAME.jsonl.gz` (see SETS and MORE). BERTopic is measured where it is installed
(`pip install bertopic`, best in an environment of its own). NMI, AMI and ARI count all texts: the unplaced are one
class. `--speed N` times N reviews from texts to named themes instead.
"""

import argparse
import gzip
import importlib.util
import json
import random
import re
import resource
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder, load_encoder
from models.training.reading import held_out
from pipelines.cluster import cluster
from pipelines.identity import identify
from pipelines.name import name_themes
from pipelines.records import EmbeddedUnits, OpinionUnit
from pipelines.settings import AnalysisSettings

# name: file, field of the class, and whether it is a list of which texts with one member are taken.
SETS: dict[str, tuple[str, str]] = {
    "laptop": ("zh_jd_laptop_topics", "label"),
    "banking": ("en_banking77", "label"),
    "shopping": ("zh_online_shopping_10cats", "category"),
    "car": ("zh_car_topics_sentiment", "labels"),
    "cosmetics": ("zh_cosmetics_aspects", "labels"),
    "stackoverflow": ("en_stackoverflow_titles", "label"),
    "intents": ("en_clinc150", "label"),
    "news": ("zh_thucnews_titles", "label"),
}
# Only measured where --only names them: to check that a rule is not made for the eight above.
MORE: dict[str, tuple[str, str]] = {
    "assistant": ("zh_smp2019_intents", "category"),
    "support": ("en_bitext_support_intents", "label"),
    "agnews": ("en_agnews", "label"),
    "complaints": ("en_cfpb_complaints_processed", "label"),
    "products": ("zh_absa_products", "category"),
    "sentences": ("en_uci_sentences", "category"),
    "laptops en": ("en_absa_laptop14_quads", "aspects"),
    "restaurants en": ("en_absa_rest1516_quads", "aspects"),
}
# Their classes were never in the training of the shipped encoder: all their texts can be taken.
UNTAUGHT = ("shopping", "products", "sentences")
NO_CLASS = {"NULL", "None", ""}
# Longer texts are cut: a class label says what a text is about, not each of its sentences.
LONGEST = 300
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """Texts with one human class each."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]


def read_set(folder: Path, name: str, *, most: int, seed: int, everything: bool) -> LabelledSet:
    """Return up to `most` texts of a set, drawn with a seed; texts with several classes are left out.

    Unless `everything` is wanted, only texts that the training of the shipped encoder did not see.
    """
    file, field = (SETS | MORE)[name]
    rows: list[tuple[str, str]] = []
    with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            label = row.get(field)
            if isinstance(label, list):
                classes = {one["category"] if isinstance(one, dict) else one for one in label} - NO_CLASS
                label = classes.pop() if len(classes) == 1 else None
            if label and row.get("text") and (everything or name in UNTAUGHT or held_out(str(row["text"]))):
                rows.append((str(row["text"])[:LONGEST], str(label)))
    rows.sort()
    random.Random(seed).shuffle(rows)
    return LabelledSet(
        name=name, texts=tuple(text for text, _ in rows[:most]), labels=tuple(label for _, label in rows[:most])
    )


def units_of(texts: Sequence[str]) -> tuple[OpinionUnit, ...]:
    """Return one opinion unit per text."""
    return tuple(
        OpinionUnit(
            id=identify("u", number, text),
            verbatim_id=identify("v", number, text),
            start=0,
            end=len(text),
            text=text,
            language="zh" if HAN.search(text) else "en",
            shadow=text,
        )
        for number, text in enumerate(texts)
    )


def xinsheng(texts: Sequence[str], vectors: NDArray[np.float32], encoder: Encoder, classes: int) -> NDArray[np.int64]:
    """Return Xinsheng's themes, names included; `classes` is not looked at."""
    settings = AnalysisSettings()
    embedded = EmbeddedUnits(units=units_of(texts), vectors=vectors)
    clustering = cluster(embedded, settings)
    name_themes(embedded, clustering, encoder=encoder, settings=settings)
    return clustering.labels.astype(np.int64)


def bertopic(texts: Sequence[str], vectors: NDArray[np.float32], encoder: Encoder, classes: int) -> NDArray[np.int64]:
    """Return BERTopic's topics with its defaults, Chinese cut by jieba."""
    import jieba
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer

    jieba.setLogLevel(60)
    chinese = sum(bool(HAN.search(text)) for text in texts) > len(texts) / 2
    counter = (
        CountVectorizer(tokenizer=jieba.lcut, token_pattern=None) if chinese else CountVectorizer(stop_words="english")
    )
    model = BERTopic(vectorizer_model=counter, embedding_model=None)
    topics, _ = model.fit_transform(list(texts), vectors)
    return np.asarray(topics, dtype=np.int64)


def reassigned(texts: Sequence[str], vectors: NDArray[np.float32], encoder: Encoder, classes: int) -> NDArray[np.int64]:
    """Return BERTopic's topics with every outlier sent to the nearest centroid."""
    labels = bertopic(texts, vectors, encoder, classes)
    return sent_to_nearest(labels, vectors)


def sent_to_nearest(labels: NDArray[np.int64], vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the labels with -1 replaced by the label of the nearest centroid."""
    names = np.unique(labels[labels >= 0])
    if not len(names):
        return labels
    centres = np.stack([vectors[labels == name].mean(axis=0) for name in names])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return np.where(labels >= 0, labels, names[np.argmax(vectors @ centres.T, axis=1)])


def kmeans(texts: Sequence[str], vectors: NDArray[np.float32], encoder: Encoder, classes: int) -> NDArray[np.int64]:
    """Return k-means told the true number of classes."""
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(n_clusters=classes, n_init=3, random_state=0).fit_predict(vectors), dtype=np.int64)


Recipe = Callable[[Sequence[str], NDArray[np.float32], Encoder, int], NDArray[np.int64]]


def measure(truth: Sequence[str], labels: NDArray[np.int64]) -> dict[str, float]:
    """Return the figures of one row: themes, share placed, and agreement with the truth in percent."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, normalized_mutual_info_score

    placed = labels >= 0
    known = np.asarray(truth)
    return {
        "themes": float(len(set(labels[placed].tolist()))),
        "placed": 100 * float(placed.mean()),
        "NMI": 100 * float(normalized_mutual_info_score(known, labels)),
        "AMI": 100 * float(adjusted_mutual_info_score(known, labels)),
        "ARI": 100 * float(adjusted_rand_score(known, labels)),
        "NMI placed": 100 * float(normalized_mutual_info_score(known[placed], labels[placed])) if placed.any() else 0.0,
    }


def compare(
    folder: Path, names: Sequence[str], recipes: dict[str, Recipe], *, encoder: Encoder, most: int, everything: bool
) -> None:
    """Print one line per set and recipe, then the mean over the sets."""
    figures: dict[str, list[dict[str, float]]] = {title: [] for title in recipes}
    short: list[str] = []
    print(f"{'set':14}{'texts':>8}{'classes':>8}  {'recipe':22}" + "".join(f"{head:>11}" for head in HEADS))
    for name in names:
        found = read_set(folder, name, most=most, seed=0, everything=everything)
        vectors = encoder.encode(found.texts)
        classes = len(set(found.labels))
        fitted: dict[str, NDArray[np.int64]] = {}
        for title, recipe in recipes.items():
            started = time.perf_counter()
            # Both rows of BERTopic from one fit: no two of its fits are alike.
            again = title == "bertopic+nearest" and "bertopic" in fitted
            labels = (
                sent_to_nearest(fitted["bertopic"], vectors)
                if again
                else recipe(found.texts, vectors, encoder, classes)
            )
            seconds = time.perf_counter() - started
            fitted[title] = labels
            row = measure(found.labels, labels) | {"seconds": seconds}
            figures[title].append(row)
            if title == "xinsheng":
                short += fallen_short(found, row)
            print(
                f"{name:14}{len(found.texts):8}{classes:8}  {title:22}"
                + "".join(f"{row[head]:11.1f}" for head in HEADS),
                flush=True,
            )
    for title, rows in figures.items():
        print(f"{'mean':30}  {title:22}" + "".join(f"{np.mean([row[head] for row in rows]):11.1f}" for head in HEADS))
    if "xinsheng" in recipes:
        print("short of what is asked of every set: " + ("; ".join(short) or "none"))


def fallen_short(found: LabelledSet, row: dict[str, float]) -> list[str]:
    """Return what a set misses of what is asked of every one: texts placed, themes for half of all its classes."""
    classes = len(set(found.labels))
    out = []
    if row["placed"] < LEAST_PLACED:
        out.append(f"{found.name}: {row['placed']:.1f} % placed")
    if row["themes"] < LEAST_THEMES * classes:
        out.append(f"{found.name}: {row['themes']:.0f} themes for {classes} classes")
    return out


LEAST_PLACED = 90.0
LEAST_THEMES = 0.5
HEADS = ("themes", "placed", "NMI", "AMI", "ARI", "NMI placed", "seconds")


def speed(folder: Path, recipes: dict[str, Recipe], *, encoder: Encoder, reviews: int) -> None:
    """Print seconds for reviews of a mixed bag (food delivery, shopping, apps), from texts to named themes."""
    texts: list[str] = []
    for file in ("zh_waimai_10k", "zh_online_shopping_10cats", "en_app_store_reviews"):
        with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            texts.extend(str(json.loads(line)["text"])[:LONGEST] for line in lines)
    texts.sort()
    random.Random(0).shuffle(texts)
    texts = texts[:reviews]
    started = time.perf_counter()
    vectors = encoder.encode(texts)
    print(f"{len(texts)} reviews, vectors in {time.perf_counter() - started:.1f} s (shared by all)")
    for title, recipe in recipes.items():
        started = time.perf_counter()
        labels = recipe(texts, vectors, encoder, 30)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{title:22} {time.perf_counter() - started:8.1f} s   themes {len(set(labels.tolist()) - {-1}):4}   "
            f"placed {100 * float((labels >= 0).mean()):5.1f} %   peak memory of the process so far {peak:.0f} MB",
            flush=True,
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="shipped")
    parser.add_argument("--texts", type=int, default=4_000)
    parser.add_argument("--everything", action="store_true", help="also texts the shipped encoder was trained on")
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("--recipes", default="xinsheng,bertopic,bertopic+nearest,k-means(true)")
    parser.add_argument("--speed", type=int, default=0, metavar="REVIEWS")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    known: dict[str, Recipe] = {
        "xinsheng": xinsheng,
        "bertopic": bertopic,
        "bertopic+nearest": reassigned,
        "k-means(true)": kmeans,
    }
    recipes = {title: known[title] for title in given.recipes.split(",")}
    if importlib.util.find_spec("bertopic") is None:
        print("bertopic is not installed: left out", file=sys.stderr)
        recipes = {title: recipe for title, recipe in recipes.items() if not title.startswith("bertopic")}
    encoder = load_encoder(given.encoder)
    if given.speed:
        speed(given.data, recipes, encoder=encoder, reviews=given.speed)
    else:
        compare(
            given.data, given.only.split(","), recipes, encoder=encoder, most=given.texts, everything=given.everything
        )


if __name__ == "__main__":
    main()
