"""Train the shipped bilingual encoder: `python -m models.training.encoder --data DIR [--out DIR] [--seed N]`.

Takes a few minutes on two cores. What each step is for and what it brought: `models/weights/encoder/README.md`.
"""

import argparse
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.shipped_weights import WEIGHTS
from models.tokens import cut, is_chinese
from models.training.alignment import Lessons, Pairs, Recipe, train
from models.training.export import gram_vectors, write_encoder
from models.training.lessons import half_bags, opinion_bags, pair_bags, topic_bags
from models.training.pairs import dictionary_pairs, parallel_pairs
from models.training.reading import held_out, read_rows
from models.training.start import bag_sums, chinese_start, frequency_weights, principal_axes, unit_rows
from models.training.teacher import teacher_vectors
from models.training.topics import LABEL_FIELDS, OPINION_SETS
from models.vocabulary import Bags, Vocabulary

VERSION = "2"
DIM = 256

MIN_COUNT = 2
"""A word seen once in training is read as an unknown one."""

TRAINED = {"en": 40_000, "zh": 60_000}
SHIPPED = {"en": 25_000, "zh": 40_000}
"""Words of each language in training and in the shipped table: rarer ones help training, not the reader."""

TEACHER_SENTENCES = 36_000
"""More brought nothing measurable, and each thousand costs a second."""

ALONE_SETS = (
    "zh_absa_dianping_triplets", "zh_absa_products", "zh_car_topics_sentiment", "zh_chnsenticorp",
    "zh_cosmetics_aspects", "zh_hotel_chnsenticorp", "zh_jd_cosmetics_unlabelled", "zh_jd_laptop_sentiment",
    "zh_jd_laptop_topics", "zh_meituan_reviews", "zh_online_shopping_10cats", "zh_smp2019_intents",
    "zh_thucnews_titles", "zh_waimai_10k", "zh_afqmc_question_pairs", "zh_lcqmc_question_pairs",
    "en_absa_laptop14_quads", "en_amazon_alexa", "en_app_store_reviews", "en_banking77", "en_bitext_support_intents",
    "en_clinc150", "en_hotel_review_titles", "en_mams_aspect_terms", "en_uci_sentences",
)  # fmt: skip
"""Texts of one language whose words, and what stands beside them, are learnt; labels are not read here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The training vocabulary: English words first, each language by falling frequency."""

    vocabulary: Vocabulary
    counts: NDArray[np.int64]
    english: int


def main() -> None:
    """Read the arguments, train, write the folder of weights."""
    parser = argparse.ArgumentParser(prog="python -m models.training.encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets (*.jsonl.gz)")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "encoder", help="folder to write the weights to")
    parser.add_argument("--cache", type=Path, help="folder that keeps the teacher's vectors from one run to the next")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="SET",
        help="a set of which neither texts nor labels are read, to see what is learnt about it from the others",
    )
    options = parser.parse_args()
    train_encoder(options.data, options.out, cache=options.cache, seed=options.seed, leave_out=options.leave_out)


def train_encoder(
    data: Path,
    out: Path,
    *,
    cache: Path | None,
    seed: int,
    leave_out: Collection[str] = (),
    recipe: Recipe | None = None,
) -> None:
    """Train on the sets of `data` and write the weights to `out`; the same seed gives the same weights.

    Raises FileNotFoundError where a set is missing, ImportError where the teacher is, ValueError where a set to leave
    out is none of those read.
    """
    recipe = recipe or Recipe()
    log = _Log()
    if unknown := sorted(set(leave_out) - {*ALONE_SETS, *LABEL_FIELDS, *OPINION_SETS}):
        raise ValueError(f"there is no set {', '.join(unknown)} to leave out; see `models/training/topics.py`")
    by_source, dictionary = parallel_pairs(data, held_out_part=False), dictionary_pairs(data)
    parallel = [pair for pairs in by_source.values() for pair in pairs]
    sources = [source for source, pairs in by_source.items() for _ in pairs]
    alone = _texts_alone(data, leave_out)
    log(f"read {len(parallel):,} parallel and {len(dictionary):,} dictionary pairs, {len(alone):,} other texts")
    pairs = parallel + dictionary
    english_words, chinese_words = cut([pair[0] for pair in pairs]), cut([pair[1] for pair in pairs])
    alone_words = cut(alone)
    words = _count_words([*english_words, *chinese_words, *alone_words])
    vocabulary = words.vocabulary
    log(f"vocabulary: {words.english:,} English and {len(vocabulary) - words.english:,} Chinese words")

    sentences = _teacher_sentences([pair[0] for pair in parallel], alone, seed=seed)
    word_vectors = teacher_vectors(vocabulary.words[: words.english], cache_folder=cache)
    sentence_vectors = teacher_vectors(sentences, cache_folder=cache)
    axes = principal_axes(np.concatenate([word_vectors, sentence_vectors]), dim=DIM)
    log(f"teacher read {words.english:,} words and {len(sentences):,} sentences")

    english = unit_rows((word_vectors - word_vectors.mean(axis=0)) @ axes)
    english *= frequency_weights(words.counts[: words.english])[:, None]
    chinese_texts = vocabulary.bags_of_words(
        [text for text in [*chinese_words[: len(parallel)], *alone_words] if any(map(is_chinese, text))]
    )
    chinese = chinese_start(
        english,
        vocabulary,
        words.counts[words.english :],
        dictionary=dictionary,
        texts=_without_english(chinese_texts, words.english),
        seed=seed,
    )
    log("start of the Chinese words found from glosses and co-occurrence")

    lessons = Lessons(
        pairs=pair_bags(vocabulary, english_words, chinese_words, sources),
        teacher_bags=vocabulary.bags(sentences),
        teacher_vectors=unit_rows((sentence_vectors - sentence_vectors.mean(axis=0)) @ axes),
        topics=topic_bags(data, vocabulary, leave_out=leave_out),
        opinions=opinion_bags(data, vocabulary, leave_out=leave_out),
        halves=half_bags(vocabulary.bags_of_words(alone_words)),
    )
    table = train(
        np.concatenate([english, chinese]), lessons, pulled=words.english, recipe=recipe, seed=seed, report=log.losses
    )
    mean = _mean_vector(table, lessons.pairs)
    _ship(out, words, table, mean, config={"seed": seed, "recipe": asdict(recipe)})
    log(f"written to {out}")


def _texts_alone(data: Path, leave_out: Collection[str]) -> list[str]:
    texts = [
        row[field][:300]
        for name in ALONE_SETS
        if name not in leave_out
        for row in read_rows(data, name)
        for field in ("text", "text2")
        if field in row and not held_out(row[field])
    ]
    return list(dict.fromkeys(texts))


def _count_words(texts: Sequence[Sequence[str]]) -> Words:
    counts = Counter(word for text in texts for word in text)
    # Every character that a word falls back on is a word too.
    counts.update({character: 0 for word in counts if is_chinese(word) for character in word})
    kept: dict[str, list[str]] = {}
    for language, chinese in (("en", False), ("zh", True)):
        known = [word for word, count in counts.items() if is_chinese(word) == chinese and _is_kept(word, count)]
        kept[language] = sorted(known, key=lambda word: (-counts[word], word))[: TRAINED[language]]
    words = kept["en"] + kept["zh"]
    return Words(
        vocabulary=Vocabulary(words),
        counts=np.array([counts[word] for word in words], dtype=np.int64),
        english=len(kept["en"]),
    )


def _is_kept(word: str, count: int) -> bool:
    return count >= MIN_COUNT


def _teacher_sentences(parallel: Sequence[str], alone: Sequence[str], *, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    english = [text for text in alone if not is_chinese(text)]
    half = TEACHER_SENTENCES // 2
    chosen = [english[n] for n in random.permutation(len(english))[:half]]
    chosen += [parallel[n] for n in random.permutation(len(parallel))[: TEACHER_SENTENCES - len(chosen)]]
    return chosen


def _without_english(bags: Bags, english: int) -> Bags:
    kept = bags.rows >= english
    offsets = np.concatenate([[0], np.cumsum(kept)])[bags.offsets]
    return Bags(rows=bags.rows[kept], weights=bags.weights[kept], offsets=offsets)


def _mean_vector(table: NDArray[np.float32], pairs: Pairs) -> NDArray[np.float32]:
    means = [unit_rows(bag_sums(table, bags)).mean(axis=0) for bags in (pairs.english, pairs.chinese)]
    return np.asarray((means[0] + means[1]) / 2, dtype=np.float32)


def _ship(
    out: Path, words: Words, table: NDArray[np.float32], mean: NDArray[np.float32], config: dict[str, object]
) -> None:
    chinese = np.arange(words.english, len(words.vocabulary))
    rows = np.concatenate([np.arange(words.english)[: SHIPPED["en"]], chinese[: SHIPPED["zh"]]])
    kept = [words.vocabulary.words[row] for row in rows]
    english = words.vocabulary.words[: words.english]
    grams, gram_table = gram_vectors(english, table[: words.english])
    write_encoder(
        out,
        words=kept,
        counts=[int(words.counts[row]) for row in rows],
        grams=grams,
        vectors=np.concatenate([table[rows], gram_table]),
        mean=mean,
        config={"name": "xinsheng-encoder", "version": VERSION, "dim": DIM, **config},
    )


class _Log:
    """Progress on the terminal, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"[{time.monotonic() - self._start:6.1f} s] {text}", flush=True)

    def losses(self, step: int, steps: int, losses: dict[str, float]) -> None:
        self(f"step {step:>5}/{steps}  " + "  ".join(f"{name} {loss:.3f}" for name, loss in losses.items()))


if __name__ == "__main__":
    main()
