"""Texts with a label of what they are about, or of whether they are good or bad news."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.training.reading import held_out, read_rows

LABEL_FIELDS = {
    "en_banking77": "label",
    "en_bitext_support_intents": "label",
    "en_clinc150": "label",
    "en_stackoverflow_titles": "label",
    "en_agnews": "label",
    "en_cfpb_complaints_processed": "label",
    "en_absa_laptop14_quads": "aspects",
    "en_absa_rest1516_quads": "aspects",
    "zh_jd_laptop_topics": "label",
    "zh_cosmetics_aspects": "labels",
    "zh_car_topics_sentiment": "labels",
    "zh_thucnews_titles": "label",
    "zh_smp2019_intents": "category",
}
"""The sets and the field that holds the theme; of several themes in a row, none is taken."""

OPINION_SETS = (
    "zh_waimai_10k", "zh_online_shopping_10cats", "zh_meituan_reviews", "zh_hotel_chnsenticorp", "zh_chnsenticorp",
    "zh_jd_laptop_sentiment", "zh_weibo_senti_sample", "en_hotel_review_titles", "en_sst2_phrases",
    "en_uci_sentences", "en_amazon_alexa", "en_app_store_reviews",
)  # fmt: skip
"""Sets with a `sentiment` of negative, neutral or positive for each text."""

SAID = {"negative": "0", "neutral": "0.5", "positive": "1"}

_EMOTICON = re.compile(r"\[[^\]]{1,6}\]")

FEEDBACK_THEMES = Path(__file__).with_name("feedback_themes.txt")

NO_THEME = {"oos", "NULL", "None", ""}
"""Labels that only say that no theme fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSet:
    """One labelled set; `labels[i]` is the theme of `texts[i]`."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]


def topic_set(data: Path, name: str, *, held_out_part: bool) -> TopicSet:
    """Return one part of a set: what training may see, or what is kept out of it. Each text once."""
    found: dict[str, str] = {}
    for row in read_rows(data, name):
        labels = set(_labels(row, LABEL_FIELDS[name])) - NO_THEME
        if len(labels) == 1 and held_out(row["text"]) == held_out_part:
            found.setdefault(row["text"], labels.pop())
    return TopicSet(name=name, texts=tuple(found), labels=tuple(found.values()))


def opinion_set(data: Path, name: str) -> TopicSet:
    """Return the training part of a set with its sentiment as the label: 0, 0.5 or 1.

    Emoticons in brackets are dropped: in one set the label was made from them.
    """
    found = {
        _EMOTICON.sub("", row["text"]): SAID[row["sentiment"]]
        for row in read_rows(data, name)
        if row.get("sentiment") in SAID and not held_out(row["text"])
    }
    return TopicSet(name=name, texts=tuple(found), labels=tuple(found.values()))


def feedback_themes() -> TopicSet:
    """Return the phrases of `feedback_themes.txt`, the one set whose themes hold texts of both languages."""
    lines = [line for line in FEEDBACK_THEMES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    said = [(phrase.strip(), str(number)) for number, line in enumerate(lines) for phrase in line.split("|")]
    return TopicSet(
        name="feedback_themes", texts=tuple(text for text, _ in said), labels=tuple(label for _, label in said)
    )


def _labels(row: dict[str, Any], field: str) -> Iterator[str]:
    value = row[field]
    if field == "aspects":
        yield from (aspect["category"] for aspect in value)
    elif isinstance(value, list):
        yield from value
    else:
        yield value
