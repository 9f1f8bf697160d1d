"""The texts that the sentiment model learns from: sets of opinions, phrases of our own, sentences a teacher judged."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.opinion_teacher import Judged, judged_sentences
from models.training.opinions import FRAGMENTS, LABELS, LEAST_WORDS_INSIDE, OPINION_SETS, opinions
from models.training.phrases import written_phrases
from models.training.reading import beginning, read_rows

PHRASE_WEIGHT = 1.5
"""Of a phrase from `phrases.txt`: some thousands of them stand against three hundred thousand texts."""

TAUGHT: Mapping[str, int] = {
    "en_sst2_phrases": 10_000,
    "zhen_dialogue_sentiment": 5_000,
    "en_hotel_review_titles": 4_000,
    "en_clinc150": 1_500,
    "en_stackoverflow_titles": 1_000,
    "parallel_en_zh": 1_500,
}
"""Texts of a set that the teacher is tuned on at most, so that no kind of text outweighs the others."""

ENGLISH_JUDGED, CHINESE_JUDGED = 0.4, 0.25
"""Weights of a sentence that the teacher judged; the Chinese side less, for a translation may shift the tone."""

JUDGED_FROM = "parallel_en_zh"
"""Its sentences are judged by the teacher too, so that it cannot be left out."""

HOTELS, SAME_HOTELS = "zh_hotel_chnsenticorp", "zh_online_shopping_10cats"
DOUBTED_IN = frozenset({HOTELS, "zh_chnsenticorp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All texts of training, with the probabilities to learn (texts, 3), weight and the number of their set."""

    texts: list[str]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    sets: NDArray[np.int64]


def all_texts(
    data: Path,
    *,
    cache_folder: Path | None,
    seed: int,
    report: Callable[[str], None],
    leave_out: Collection[str] = (),
) -> Gathered:
    """Return every text of training, with the sentences that the English teacher judged behind them.

    Raises FileNotFoundError where a set is missing, ImportError where the teacher is, ValueError where a set to leave
    out is none of those read.
    """
    gathered = gather(data, seed=seed, leave_out=leave_out)
    report(f"read {len(gathered.texts):,} texts of {len(OPINION_SETS) - len(set(leave_out))} sets")
    taught = english(gathered, seed=seed)
    judged = judged_sentences(
        data,
        [gathered.texts[number] for number in taught],
        gathered.targets[taught].argmax(axis=1),
        gathered.weights[taught],
        cache_folder=cache_folder,
        seed=seed,
        report=report,
    )
    return with_judged(gathered, judged)


def gather(data: Path, *, seed: int, leave_out: Collection[str] = ()) -> Gathered:
    """Return every text that training may see, phrases of our own last.

    Of the sets of `leave_out` none is taken, nor from another set a text that begins as one of theirs. Raises
    ValueError where there is no such set.
    """
    if unknown := sorted(set(leave_out) - {found.name for found in OPINION_SETS} | {JUDGED_FROM} & set(leave_out)):
        raise ValueError(f"there is no set {', '.join(unknown)} to leave out; see `models/training/opinions.py`")
    rows = (row for name in leave_out for row in read_rows(data, name))
    left_out = {beginning(row[key]) for row in rows for key in ("text", "zh", "en") if row.get(key)} - {""}
    kept_out = {text for found in OPINION_SETS for text in opinions(data, found, held_out_part=True, seed=seed).texts}
    doubted = doubted_hotels(data)
    texts: list[str] = []
    labels: list[int] = []
    weights: list[float] = []
    sets: list[int] = []
    for number, found in enumerate(OPINION_SETS):
        if found.name in leave_out:
            continue
        part = opinions(data, found, held_out_part=False, seed=seed)
        whole = ""
        if found.name in FRAGMENTS:
            whole = "\n".join(f" {text} " for text in opinions(data, found, held_out_part=True, seed=seed).texts)
        for text, label in zip(part.texts, part.labels, strict=True):
            # A common clause may stand in reviews of both parts; it is then held out.
            inside = len(text.split()) >= LEAST_WORDS_INSIDE and text in whole
            doubtful = found.name in DOUBTED_IN and beginning(text) in doubted
            if text not in kept_out and not inside and not doubtful and beginning(text) not in left_out:
                texts.append(text)
                labels.append(label)
                weights.append(found.weight)
                sets.append(number)
    for text, sentiment in written_phrases():
        texts.append(text)
        labels.append(LABELS.index(sentiment))
        weights.append(PHRASE_WEIGHT)
        sets.append(len(OPINION_SETS))
    return Gathered(
        texts=texts,
        targets=np.eye(3, dtype=np.float32)[labels],
        weights=np.array(weights, dtype=np.float32),
        sets=np.array(sets, dtype=np.int64),
    )


def doubted_hotels(data: Path) -> set[str]:
    """Return how those hotel reviews begin that the shopping set, which has the same reviews, leaves out.

    They are garbled, or complaints marked as praise: of such reviews kept out of training, models that get 92 % of the
    others right get half right.
    """
    same = {beginning(row["text"]) for row in read_rows(data, SAME_HOTELS)}
    return {beginning(row["text"]) for row in read_rows(data, HOTELS)} - same


def english(gathered: Gathered, *, seed: int) -> NDArray[np.int64]:
    """Return the numbers of the English texts that the teacher is tuned on."""
    random = np.random.default_rng(seed)
    ascii_only = np.array([text[:60].isascii() for text in gathered.texts])
    names = [found.name for found in OPINION_SETS]
    chosen = []
    for number in range(len(OPINION_SETS) + 1):
        inside = np.flatnonzero(ascii_only & (gathered.sets == number))
        if number < len(names) and names[number].startswith("zh_"):
            continue
        most = TAUGHT.get(names[number], len(inside)) if number < len(names) else len(inside)
        chosen.append(random.permutation(inside)[:most])
    return np.concatenate(chosen)


def with_judged(gathered: Gathered, judged: Judged) -> Gathered:
    """Return the texts with the teacher's sentences behind them, their weights about one."""
    texts = [*gathered.texts, *judged.english, *judged.chinese]
    count = len(judged.english)
    weights = [gathered.weights, np.full(count, ENGLISH_JUDGED), np.full(count, CHINESE_JUDGED)]
    together = np.concatenate(weights).astype(np.float32)
    return Gathered(
        texts=texts,
        targets=np.concatenate([gathered.targets, judged.probabilities, judged.probabilities]),
        weights=together / together.mean(),
        sets=np.concatenate([gathered.sets, np.full(2 * count, len(OPINION_SETS) + 1)]),
    )
