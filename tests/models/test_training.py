import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from models.ngrams import Ngrams
from models.training.alignment import take
from models.training.export import gram_vectors, quantise
from models.training.lazy_adam import Gradient, LazyAdam
from models.training.linear import Examples, fit_linear
from models.training.opinions import OPINION_SETS, OpinionSet, opinions
from models.training.reading import held_out, read_rows
from models.training.topics import feedback_themes
from models.vocabulary import Bags


def write_rows(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_a_tenth_is_held_out_and_copies_go_together() -> None:
    texts = [f"review number {number} about this and that" for number in range(2000)]
    assert 0.07 < np.mean([held_out(text) for text in texts]) < 0.13
    long = "The same first thirty letters of this review, and then"
    assert held_out(long + " one ending") == held_out(long.upper() + "  another one!")


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--data must name the folder"):
        list(read_rows(tmp_path, "zh_waimai_10k"))


def test_clauses_take_the_sentiment_of_the_opinions_in_them(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "text": f"第{number}次来，味道很好，但是服务太慢。",
            "aspects": [
                {"term": "味道", "opinion": "很好", "sentiment": "positive"},
                {"term": "服务", "opinion": "太慢", "sentiment": "negative"},
            ],
        }
        for number in range(40)
    ]
    write_rows(tmp_path, "zh_cosmetics_aspects", rows)
    aspects = next(found for found in OPINION_SETS if found.name == "zh_cosmetics_aspects")
    part = opinions(tmp_path, aspects, held_out_part=False, seed=0)
    assert dict(zip(part.texts, part.labels, strict=True)) == {"味道很好": 2, "但是服务太慢": 0}


def test_both_parts_of_a_set_are_the_whole(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"text": f"text {number}", "sentiment": "positive"} for number in range(200)]
    write_rows(tmp_path, "en_uci_sentences", rows)
    whole = OpinionSet(name="en_uci_sentences", read=lambda row: iter([(row["text"], row["sentiment"])]))
    parts = [set(opinions(tmp_path, whole, held_out_part=part, seed=0).texts) for part in (True, False)]
    assert len(parts[0]) + len(parts[1]) == 200
    assert not parts[0] & parts[1]


def test_feedback_themes_hold_both_languages() -> None:
    themes = feedback_themes()
    for label in set(themes.labels):
        phrases = [text for text, theme in zip(themes.texts, themes.labels, strict=True) if theme == label]
        assert len({text.isascii() for text in phrases}) == 2, phrases


def test_taking_bags_keeps_their_rows() -> None:
    bags = Bags(
        rows=np.array([1, 2, 3, 4], dtype=np.int32),
        weights=np.array([1, 0.5, 0.5, 1], dtype=np.float32),
        offsets=np.array([0, 1, 1, 4]),
    )
    taken = take(bags, np.array([2, 0, 1]))
    assert taken.rows.tolist() == [2, 3, 4, 1]
    assert taken.weights.tolist() == [0.5, 0.5, 1, 1]
    assert taken.offsets.tolist() == [0, 3, 4, 4]


def test_adam_finds_the_least_square_and_leaves_other_rows() -> None:
    adam = LazyAdam(np.zeros((3, 2), dtype=np.float32))
    rows, target = np.array([0, 2], dtype=np.int32), np.array([[1, -1], [0.5, 2]], dtype=np.float32)
    for step in range(2000):
        adam.step(Gradient(rows=rows, slope=2 * (adam.table[rows] - target)), learning_rate=0.05 * (1 - step / 2000))
    assert adam.table[rows] == pytest.approx(target, abs=1e-3)
    assert (adam.table[1] == 0).all()


def test_quantised_rows_are_within_half_a_step() -> None:
    vectors = np.random.default_rng(0).normal(size=(20, 8)).astype(np.float32)
    vectors[3] = 0
    numbers, scales = quantise(vectors)
    assert (np.abs(numbers * scales[:, None] - vectors) <= scales[:, None] / 2 + 1e-6).all()


def test_words_of_one_stem_give_their_grams_a_direction() -> None:
    words = ["deliver", "delivers", "delivered", "battery", "batteries"]
    vectors = np.array([[1, 0]] * 3 + [[0, 1]] * 2, dtype=np.float32)
    grams, table = gram_vectors(words, vectors)
    unseen = np.mean([table[grams.index(gram)] for gram in ("<del", "eliv", "liver")], axis=0)
    assert unseen[0] > unseen[1] + 0.5


def test_the_linear_model_learns_and_repeats_itself() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, 4096)
    # Bucket 0, 1 or 2 gives the label away; three others are noise.
    buckets = np.stack([labels, random.integers(3, 6, 4096)], axis=1).astype(np.int32)
    examples = Examples(
        ngrams=Ngrams(buckets=buckets.ravel(), offsets=np.arange(4097, dtype=np.int64) * 2),
        shares=np.full(8192, 0.7, dtype=np.float32),
        vectors=np.zeros((4096, 4), dtype=np.float32),
        labels=labels,
        weights=np.ones(4096, dtype=np.float32),
    )
    everyone = np.arange(4096)
    first, second = (fit_linear(examples, everyone, buckets=8, seed=3, report=lambda _: None) for _ in range(2))
    assert (first.logits(examples, everyone).argmax(axis=1) == labels).mean() > 0.9
    assert np.array_equal(first.ngram_weights, second.ngram_weights)
