"""Any text classifier of the transformers library that tells sentiment: `transformers:NAME_OR_FOLDER`.

Heads of three classes, of two (negative, positive) and of one to five stars are understood by their labels.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.fingerprint import fingerprint
from models.pretrained import in_batches, load_pretrained, tokens_of
from models.sentiment import SentimentFamily

NEGATIVE, NEUTRAL, POSITIVE = range(3)

_NAMES = (
    (re.compile(r"neg|bad|消极|负|差评", re.IGNORECASE), NEGATIVE),
    (re.compile(r"neu|mixed|中", re.IGNORECASE), NEUTRAL),
    (re.compile(r"pos|good|积极|正|好评", re.IGNORECASE), POSITIVE),
)
_STARS = re.compile(r"\b([1-5])\b\s*(?:stars?|星)?|([1-5])星|stars?[ _]?([1-5])", re.IGNORECASE)
_NAMELESS = re.compile(r"label_\d+", re.IGNORECASE)

_BY_NUMBER = {2: (NEGATIVE, POSITIVE), 3: (NEGATIVE, NEUTRAL, POSITIVE), 5: (0, 0, 1, 2, 2)}
"""What unnamed classes (LABEL_0 …) are taken to be: the order in which such heads are nearly always trained."""


class TransformersSentiment:
    """A sequence classifier behind the SentimentModel protocol."""

    def __init__(self, *, model: Any, tokenizer: Any, setting: str) -> None:
        self.name = f"transformers:{setting}+{fingerprint(model)}"
        self._classes = classes_of(model.config.id2label, setting)
        self._model = model
        self._tokenizer = tokenizer

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return probabilities (negative, neutral, positive), float32 of shape (len(texts), 3), as the head gives them.

        A head of two classes knows no neutral: what it is unsure of counts as neutral, all of it at even odds, none
        at certainty.
        """
        return in_batches(texts, self._predict, width=3)

    def _predict(self, texts: list[str]) -> NDArray[np.float32]:
        import torch

        tokens = tokens_of(texts, self._model, tokenizer=self._tokenizer)
        with torch.inference_mode():
            logits = self._model(**tokens).logits
        heads = torch.softmax(logits.float(), dim=1).cpu().numpy()
        classes = np.zeros((len(texts), 3), dtype=np.float32)
        for head, number in enumerate(self._classes):
            classes[:, number] += heads[:, head]
        if NEUTRAL not in self._classes:
            unsure = 2 * np.minimum(classes[:, NEGATIVE], classes[:, POSITIVE])
            classes[:, [NEGATIVE, POSITIVE]] -= unsure[:, None] / 2
            classes[:, NEUTRAL] = unsure
        return classes


def classes_of(labels: Mapping[int, str], setting: str) -> tuple[int, ...]:
    """Return which of negative, neutral and positive (0, 1, 2) each class of a head is.

    Raises ValueError, with the labels, where their names do not tell.
    """
    names = [labels[number] for number in sorted(labels)]
    if all(_NAMELESS.fullmatch(name) for name in names) and len(names) in _BY_NUMBER:
        return _BY_NUMBER[len(names)]
    found = tuple(_class_of(name) for name in names)
    if None in found or not {NEGATIVE, POSITIVE} <= set(found):
        raise ValueError(
            f"transformers:{setting} has the labels {', '.join(names)}: which of them are negative and which positive"
            " is not clear; use a model whose labels say so (negative, neutral, positive or 1 star … 5 stars)"
        )
    return tuple(number for number in found if number is not None)


def _class_of(name: str) -> int | None:
    for pattern, number in _NAMES:
        if pattern.search(name):
            return number
    stars = _STARS.search(name)
    if stars is None:
        return None
    return (NEGATIVE, NEGATIVE, NEUTRAL, POSITIVE, POSITIVE)[int(next(filter(None, stars.groups()))) - 1]


@cache
def load(name_or_folder: str) -> TransformersSentiment:
    """Return the model; raises ValueError where none was named, it cannot be loaded, or its labels are not clear."""
    model, tokenizer = load_pretrained(name_or_folder, head="AutoModelForSequenceClassification")
    return TransformersSentiment(model=model, tokenizer=tokenizer, setting=name_or_folder)


FAMILY = SentimentFamily(prefix="transformers", title="A transformers text classifier", load=load)
