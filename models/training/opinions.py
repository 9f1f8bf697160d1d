"""Texts with a sentiment: whole reviews, single clauses, and plain questions and facts, which are neutral.

People score clauses, so reviews with marked opinions are cut at their punctuation and each piece takes the sentiment
of the opinions found in it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.training.reading import held_out, read_rows

LABELS = ("negative", "neutral", "positive")

_CLAUSE = re.compile(r"[，。！？；,.!?;\n~～…]+|(?<=\s)(?=but\s|although\s|however\s)|(?=但是|不过|可是|但(?!凡|愿))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """One set; `labels[i]` is 0, 1 or 2 for a negative, neutral or positive `texts[i]`."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSet:
    """A set, how its rows are read, how many are taken at most and what one of them weighs in training."""

    name: str
    read: Callable[[dict[str, Any]], Iterator[tuple[str, str]]]
    weight: float = 1.0
    most: int = 100_000


def opinions(data: Path, found: OpinionSet, *, held_out_part: bool, seed: int) -> Opinions:
    """Return one part of a set: what training may see, or what is kept out of it. Each text once.

    A clause goes with the text that it was cut from.
    """
    labels: dict[str, int] = {}
    for row in read_rows(data, found.name):
        if held_out(row["text"] if "text" in row else row["en"]) == held_out_part:
            for text, label in found.read(row):
                labels.setdefault(text, LABELS.index(label))
    texts = list(labels)
    if len(texts) > found.most:
        chosen = np.random.default_rng(seed).permutation(len(texts))[: found.most]
        texts = [texts[number] for number in sorted(chosen)]
    return Opinions(name=found.name, texts=tuple(texts), labels=tuple(labels[text] for text in texts))


def _whole(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield row["text"], row["sentiment"]


def _without_emoticons(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    # The label was made from the emoticon, which must not give it away.
    text = re.sub(r"\[[^\]]{1,6}\]|@\S+", " ", row["text"]).strip()
    if len(text) > 3:
        yield text, row["sentiment"]


def _dialogue(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield row["zh"], row["sentiment"]
    yield row["en"], row["sentiment"]


def _aspects(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the text where all its opinions agree, and each clause in which those found agree."""
    found = {aspect["sentiment"] for aspect in row["aspects"]}
    if len(found) == 1:
        yield row["text"], next(iter(found))
    clauses = [clause.strip() for clause in _CLAUSE.split(row["text"]) if clause and len(clause.strip()) > 1]
    if len(clauses) < 2:
        return
    for clause in clauses:
        inside = {aspect["sentiment"] for aspect in row["aspects"] if _is_in(clause, aspect)}
        if len(inside) == 1:
            yield clause, next(iter(inside))


def _is_in(clause: str, aspect: dict[str, Any]) -> bool:
    said = [part for part in (aspect.get("opinion"), aspect.get("term")) if part]
    return bool(said) and said[0].lower() in clause.lower()


def _neutral(*fields: str) -> Callable[[dict[str, Any]], Iterator[tuple[str, str]]]:
    def read(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for field in fields:
            yield row[field], "neutral"

    return read


_PLAIN_SOURCES = ("crosswoz", "ui-", "docs-", "academic")


def _plain_sentences(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if row["source"].startswith(_PLAIN_SOURCES):
        yield row["zh"][:100], "neutral"
        yield row["en"][:200], "neutral"


OPINION_SETS: Sequence[OpinionSet] = (
    OpinionSet(name="zh_waimai_10k", read=_whole),
    OpinionSet(name="zh_online_shopping_10cats", read=_whole),
    OpinionSet(name="zh_hotel_chnsenticorp", read=_whole),
    OpinionSet(name="zh_chnsenticorp", read=_whole),
    # Three in four are one product's praise, and the stars contradict the words more often than elsewhere.
    OpinionSet(name="zh_meituan_reviews", read=_whole, weight=0.4),
    OpinionSet(name="zh_weibo_senti_sample", read=_without_emoticons, weight=0.4),
    OpinionSet(name="zh_jd_laptop_sentiment", read=_whole, weight=2.0),
    OpinionSet(name="zh_car_topics_sentiment", read=_aspects, weight=0.7),
    OpinionSet(name="zh_cosmetics_aspects", read=_aspects),
    OpinionSet(name="zh_absa_dianping_triplets", read=_aspects),
    OpinionSet(name="zh_absa_products", read=_aspects),
    OpinionSet(name="en_sst2_phrases", read=_whole, weight=0.6),
    OpinionSet(name="en_uci_sentences", read=_whole, weight=2.0),
    OpinionSet(name="en_amazon_alexa", read=_whole, weight=2.0),
    OpinionSet(name="en_app_store_reviews", read=_whole, weight=2.0),
    OpinionSet(name="en_hotel_review_titles", read=_whole),
    OpinionSet(name="en_absa_laptop14_quads", read=_aspects, weight=2.0),
    OpinionSet(name="en_absa_rest1516_quads", read=_aspects, weight=2.0),
    OpinionSet(name="en_mams_aspect_terms", read=_aspects),
    # Labelled with the scene in view, which the words alone often do not show.
    OpinionSet(name="zhen_dialogue_sentiment", read=_dialogue, weight=0.2, most=60_000),
    OpinionSet(name="en_clinc150", read=_neutral("text"), weight=0.5, most=5_000),
    OpinionSet(name="en_stackoverflow_titles", read=_neutral("text"), weight=0.3, most=3_000),
    OpinionSet(name="zh_lcqmc_question_pairs", read=_neutral("text"), weight=0.5, most=5_000),
    OpinionSet(name="zh_afqmc_question_pairs", read=_neutral("text"), weight=0.5, most=5_000),
    OpinionSet(name="zh_smp2019_intents", read=_neutral("text"), weight=0.5),
    OpinionSet(name="parallel_en_zh", read=_plain_sentences, weight=0.3, most=12_000),
)
"""What training reads. The last six are questions, requests and facts, taken to be neutral."""

NEUTRAL_BY_KIND = frozenset(found.name for found in OPINION_SETS[-6:])

CUT_IN_CLAUSES = frozenset(found.name for found in OPINION_SETS if found.read is _aspects)

FRAGMENTS = frozenset({"en_sst2_phrases"})
"""Sets whose texts are parts of one another: what lies inside a kept-out text is kept out too."""

LEAST_WORDS_INSIDE = 4
"""Of a fragment that gives its sentence away; shorter ones ("very good") stand in many."""
