import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from models.training.alignment import Lessons, Opinions, Pairs, Recipe, Topics, take, thin, train
from models.training.encoder import train_encoder
from models.training.export import gram_vectors, quantise
from models.training.lazy_adam import Gradient, LazyAdam
from models.training.lessons import half_bags, pair_bags
from models.training.linear import Examples, Features, fit_linear
from models.training.losses import apart, contrast, leaning
from models.training.opinions import OPINION_SETS, OpinionSet, opinions
from models.training.pairs import parallel_pairs
from models.training.reading import held_out, read_rows
from models.training.start import unit_rows
from models.training.topics import feedback_themes, opinion_set
from models.vocabulary import Bags, Vocabulary


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


def bags_of(*texts: list[int]) -> Bags:
    return Bags(
        rows=np.array([row for text in texts for row in text], dtype=np.int32),
        weights=np.ones(sum(map(len, texts)), dtype=np.float32),
        offsets=np.cumsum([0, *map(len, texts)]),
    )


def test_parallel_sentences_are_either_taught_or_kept_out(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"en": f"sentence number {number}", "zh": f"第{number}句", "source": "tatoeba" if number % 2 else "ui"}
        for number in range(3000)
    ]
    write_rows(tmp_path, "parallel_en_zh", rows)
    taught, kept = (parallel_pairs(tmp_path, held_out_part=part) for part in (False, True))
    assert all(len(taught[name]) + len(kept[name]) == 1500 for name in ("tatoeba", "ui"))
    assert not set(taught["tatoeba"]) & set(kept["tatoeba"])
    assert len(kept["tatoeba"]) > 1.5 * len(kept["ui"])


def test_the_emoticons_a_sentiment_was_made_from_are_not_learnt(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": f"第{number}天终于到了[哈哈]", "sentiment": "positive"} for number in range(30)
    ]
    write_rows(tmp_path, "zh_weibo_senti_sample", [*rows, {"text": "没有标签", "sentiment": None}])
    found = opinion_set(tmp_path, "zh_weibo_senti_sample")
    assert set(found.labels) == {"1"}
    assert 20 < len(found.texts) <= 30
    assert not any("[" in text for text in found.texts)


def test_pairs_know_their_source_and_unknown_texts_are_left_out() -> None:
    english, chinese = [["fast"], ["nowhere"], ["slow"]], [["快"], ["慢"], ["慢"]]
    pairs = pair_bags(Vocabulary(["fast", "slow", "快", "慢"]), english, chinese, ["ui", "ui"])
    assert pairs.english.rows.tolist() == [0, 1]
    assert pairs.chinese.rows.tolist() == [2, 3]
    assert pairs.source[0] >= 0 > pairs.source[1]


def test_a_long_text_gives_two_halves_and_a_short_one_none() -> None:
    first, second = half_bags(bags_of([1, 2], list(range(11)), list(range(20, 32))))
    assert [first.rows.tolist(), second.rows.tolist()] == [
        [0, 1, 2, 3, 4, 20, 21, 22, 23, 24, 25],
        [5, 6, 7, 8, 9, 10, 26, 27, 28, 29, 30, 31],
    ]
    assert first.offsets.tolist() == [0, 5, 11]


def test_a_set_to_leave_out_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no set en_clinc15 to leave out"):
        train_encoder(tmp_path, tmp_path, cache=None, seed=0, leave_out=["en_clinc15"])


def test_the_slopes_are_those_of_the_losses() -> None:
    import torch
    from torch.nn.functional import cross_entropy, logsigmoid

    random = np.random.default_rng(5)
    left, right = (
        torch.from_numpy(unit_rows(random.normal(size=(6, 16)).astype(np.float32))).requires_grad_() for _ in range(2)
    )
    same = torch.eye(6, dtype=torch.bool)
    same[0, 3] = same[3, 0] = True
    said = torch.tensor([0, 1, 1, 0, 0.5, 1])
    with torch.no_grad():
        by_hand = contrast(left, right, scale=5, same=same), apart(left, right), leaning(left, right[0], said, scale=5)

    likeness = (5 * left @ right.T).masked_fill(same & ~torch.eye(6, dtype=torch.bool), -1e9)
    logits = 5 * left @ right[0].detach()
    derived = (
        (cross_entropy(likeness, torch.arange(6)) + cross_entropy(likeness.T, torch.arange(6))) / 2,
        1 - (left * right.detach()).sum(dim=1).mean(),
        -(said * logsigmoid(logits) + (1 - said) * logsigmoid(-logits)).mean(),
    )
    for loss, expected in zip(by_hand, derived, strict=True):
        vectors = (left, right)[: len(loss.slopes)]
        # Half precision has three digits.
        assert loss.value == pytest.approx(float(expected.detach()), abs=0.02)
        for found, slope in zip(loss.slopes, torch.autograd.grad(expected, vectors), strict=True):
            assert found.numpy() == pytest.approx(slope.numpy(), abs=0.02)


def test_training_draws_translations_together_and_good_from_bad() -> None:
    random = np.random.default_rng(2)
    # Word n and word n + 20 mean the same; of the first 20, the even ones are good.
    start = unit_rows(random.normal(size=(40, 16)).astype(np.float32))
    meanings = np.arange(20)
    english, chinese = bags_of(*[[n] for n in range(20)]), bags_of(*[[n + 20] for n in range(20)])
    everything = np.tile(meanings, 10)
    lessons = Lessons(
        pairs=Pairs(
            english=take(english, everything),
            chinese=take(chinese, everything),
            english_text=everything,
            chinese_text=everything,
            source=np.zeros(200, dtype=np.int64),
        ),
        teacher_bags=english,
        teacher_vectors=start[:20],
        topics=(Topics(bags=english, labels=meanings // 4, share=1.0),),
        opinions=(Opinions(bags=english, said=(meanings % 2 == 0).astype(np.float32), share=1.0),),
        halves=(english, chinese),
    )
    recipe = Recipe(epochs=20, batch=20, teacher_batch=10, halves_batch=10, learning_rate=0.02)
    table = unit_rows(train(start, lessons, pulled=20, recipe=recipe, seed=1, report=lambda *_: None))
    assert ((table[:20] @ table[20:].T).argmax(axis=1) == meanings).all()
    good = table[0:20:2].mean(axis=0) - table[1:20:2].mean(axis=0)
    assert (table[0:20:2] @ good).min() > (table[1:20:2] @ good).max()
    again = unit_rows(train(start, lessons, pulled=20, recipe=recipe, seed=1, report=lambda *_: None))
    assert np.array_equal(table, again)


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


def test_thinned_bags_lose_words_but_none_is_emptied() -> None:
    bags = bags_of(*[[3 * n, 3 * n + 1, 3 * n + 2] for n in range(400)], [], [5])
    thinned = thin(bags, 0.6, np.random.default_rng(0))
    texts = [thinned.rows[start:end] for start, end in zip(thinned.offsets[:-1], thinned.offsets[1:], strict=True)]
    assert all(len(text) > 0 and set(text // 3) == {n} for n, text in enumerate(texts[:400]))
    assert [len(text) for text in texts[400:]] == [0, 1]
    assert 0.35 < len(thinned.rows) / len(bags.rows) < 0.55


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
        ngrams=Features(
            buckets=buckets.ravel(),
            shares=np.full(8192, 0.7, dtype=np.float32),
            offsets=np.arange(4097, dtype=np.int64) * 2,
        ),
        targets=np.eye(3, dtype=np.float32)[labels],
        weights=np.ones(4096, dtype=np.float32),
    )
    everyone = np.arange(4096)
    first, second = (fit_linear(examples, everyone, buckets=8, seed=3, report=lambda _: None) for _ in range(2))
    assert (first.logits(examples, everyone).argmax(axis=1) == labels).mean() > 0.9
    assert np.array_equal(first.ngram_weights, second.ngram_weights)


def test_leanings_learn_what_one_word_says_in_two_domains() -> None:
    # The only n-gram says nothing by itself: it praises in one domain and blames in the other.
    random = np.random.default_rng(4)
    domains = random.integers(0, 2, 4096)
    ones, offsets = np.ones(4096, dtype=np.float32), np.arange(4097, dtype=np.int64)
    examples = Examples(
        ngrams=Features(buckets=np.zeros(4096, dtype=np.int32), shares=ones, offsets=offsets),
        leanings=Features(buckets=domains.astype(np.int32), shares=ones, offsets=offsets),
        targets=np.eye(3, dtype=np.float32)[domains * 2],
        weights=ones,
    )
    everyone = np.arange(4096)
    fit = fit_linear(examples, everyone, buckets=1, leaning_buckets=2, epochs=40, seed=3, report=lambda _: None)
    assert (fit.logits(examples, everyone).argmax(axis=1) == domains * 2).all()
    assert fit.leanings[1, 0] > 0.5 > -0.5 > fit.leanings[0, 0]
    without = Examples(ngrams=examples.ngrams, targets=examples.targets, weights=examples.weights)
    assert np.allclose(fit.logits(without, everyone), fit.logits(without, everyone)[0])
