"""Texts with a label of what they are about: two texts of one label in one set are about the same theme."""

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
