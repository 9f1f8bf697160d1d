"""How good encoders are, on texts that training never saw.

`python -m benchmarks.encoder --data DIR [--encoder SETTING]…` prints one table; every
number is a percentage unless it says otherwise. Fixed seed.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder, load_encoder
from models.training.pairs import parallel_pairs
from models.training.reading import held_out, read_rows
from models.training.topics import topic_set

SEED = 7
MOST = 4000
"""Texts of one measurement at most, so that a run takes a minute."""

Vectors = NDArray[np.float32]
Part = tuple[list[str], list[str]]


def main() -> None:
    """Read the arguments, measure each encoder, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", action="append", help="a setting such as shipped or sentence-transformers:NAME")
    options = parser.parse_args()
    settings = options.encoder or ["shipped"]
    columns = [measure(load_encoder(setting), options.data) for setting in settings]
    print(f"| measurement | {' | '.join(settings)} |\n|---|{'---:|' * len(settings)}")
    for name in columns[0]:
        print(f"| {name} | {' | '.join(f'{column[name]:,.1f}' for column in columns)} |")


def measure(encoder: Encoder, data: Path) -> dict[str, float]:
    """Return the figures of one encoder, by the name they have in the table."""
    return {
        "waimai sentiment probe": probe(encoder, *labelled(data, "zh_waimai_10k", "sentiment")),
        "shopping sentiment probe": probe(encoder, *labelled(data, "zh_online_shopping_10cats", "sentiment")),
        "Banking77 probe": probe(encoder, *themed(data, "en_banking77")),
        "laptop themes, 8 examples each (zh)": few_shot(encoder, *themed(data, "zh_jd_laptop_topics")),
        "cosmetics themes, 8 examples each (zh)": few_shot(encoder, *themed(data, "zh_cosmetics_aspects")),
        "translation found, Tatoeba": retrieval(encoder, pairs_of(data, "tatoeba")),
        "translation found, all sources": retrieval(encoder, pairs_of(data, "")),
        "translation in the same of 50 clusters": same_cluster(encoder, pairs_of(data, "")),
        "v-measure, news titles (zh)": v_measure(encoder, themed(data, "zh_thucnews_titles")[1]),
        "v-measure, shop categories (zh)": v_measure(
            encoder, labelled(data, "zh_online_shopping_10cats", "category")[1]
        ),
        "v-measure, Banking77": v_measure(encoder, themed(data, "en_banking77")[1]),
        "v-measure, laptop themes (zh)": v_measure(encoder, themed(data, "zh_jd_laptop_topics")[1]),
        "texts of 20 characters a second (zh)": speed(encoder, labelled(data, "zh_waimai_10k", "sentiment")[0][0]),
    }


def labelled(data: Path, name: str, field: str) -> tuple[Part, Part]:
    """Return texts and labels of the training part and of the held-out part."""
    parts: tuple[Part, Part] = ([], []), ([], [])
    for row in read_rows(data, name):
        part = parts[held_out(row["text"])]
        part[0].append(row["text"])
        part[1].append(row[field])
    return parts[0], parts[1]


def themed(data: Path, name: str) -> tuple[Part, Part]:
    """Return texts and themes of the training part and of the held-out part."""
    first, second = (topic_set(data, name, held_out_part=part) for part in (False, True))
    return (list(first.texts), list(first.labels)), (list(second.texts), list(second.labels))


def pairs_of(data: Path, source: str) -> list[tuple[str, str]]:
    """Return held-out parallel sentences of one source, or of all for an empty name."""
    if not source:
        return parallel_pairs(data, held_out_part=True)[:MOST]
    rows = (row for row in read_rows(data, "parallel_en_zh") if row["source"] == source)
    return [(row["en"], row["zh"]) for row in rows if held_out(row["en"], percent=1)]


def probe(encoder: Encoder, train: Part, test: Part) -> float:
    """Return the accuracy of a logistic regression trained on vectors of the training part."""
    from sklearn.linear_model import LogisticRegression

    train = sample(train, 2 * MOST)
    model = LogisticRegression(C=10, max_iter=300).fit(encoder.encode(train[0]), train[1])
    return 100 * float(model.score(encoder.encode(test[0]), test[1]))


def few_shot(encoder: Encoder, train: Part, test: Part) -> float:
    """Return the accuracy of the nearest mean of eight examples, over five draws."""
    vectors, labels = encoder.encode(train[0]), np.array(train[1])
    tested, truth = encoder.encode(test[0]), np.array(test[1])
    names = [name for name in np.unique(labels) if (labels == name).sum() >= 8]
    random, scores = np.random.default_rng(SEED), []
    kept = np.isin(truth, names)
    for _ in range(5):
        chosen = [random.choice(np.flatnonzero(labels == name), 8, replace=False) for name in names]
        centres = np.stack([vectors[rows].mean(axis=0) for rows in chosen])
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        found = np.array(names)[(tested[kept] @ centres.T).argmax(axis=1)]
        scores.append(float((found == truth[kept]).mean()))
    return 100 * float(np.mean(scores))


def retrieval(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> float:
    """Return how often the nearest text of the other language is the translation, over both directions."""
    english, chinese = (encoder.encode([pair[side] for pair in pairs]) for side in (0, 1))
    similarity, right = english @ chinese.T, np.arange(len(pairs))
    return 50 * float((similarity.argmax(axis=1) == right).mean() + (similarity.argmax(axis=0) == right).mean())


def same_cluster(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> float:
    """Return how often k-means over both languages puts a text and its translation together."""
    vectors = encoder.encode([pair[0] for pair in pairs] + [pair[1] for pair in pairs])
    labels = clusters(vectors, 50, SEED)
    return 100 * float((labels[: len(pairs)] == labels[len(pairs) :]).mean())


def v_measure(encoder: Encoder, test: Part) -> float:
    """Return the v-measure of k-means with as many clusters as there are labels, the mean over three seeds."""
    from sklearn.metrics import v_measure_score

    texts, labels = sample(test, MOST)
    vectors = encoder.encode(texts)
    scores = [v_measure_score(labels, clusters(vectors, len(set(labels)), SEED + n)) for n in range(3)]
    return 100 * float(np.mean(scores))


def clusters(vectors: Vectors, count: int, seed: int) -> NDArray[np.int32]:
    """Return k-means labels."""
    from sklearn.cluster import KMeans

    labels: NDArray[np.int32] = KMeans(count, n_init=3, random_state=seed).fit_predict(vectors)
    return labels


def sample(part: Part, most: int) -> Part:
    """Return at most so many texts with their labels, drawn with the fixed seed."""
    chosen = np.random.default_rng(SEED).permutation(len(part[0]))[:most]
    return [part[0][n] for n in chosen], [part[1][n] for n in chosen]


def speed(encoder: Encoder, texts: list[str]) -> float:
    """Return texts a second, the best of three rounds."""
    short = [text[:20] for text in texts]
    return max(len(short) / seconds(lambda: encoder.encode(short)) for _ in range(3))


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
