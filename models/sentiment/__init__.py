"""Sentiment models: text to calibrated probabilities of negative, neutral and positive.

A kind of model is a file in this folder that ends in one `FAMILY`, as for encoders.
"""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.families import Family, find_families, load_named


class SentimentModel(Protocol):
    """What the pipelines ask of a sentiment model."""

    @property
    def name(self) -> str:
        """Name and version, stored with every run."""
        ...

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return calibrated probabilities (negative, neutral, positive), float32 of shape (len(texts), 3)."""
        ...


SentimentFamily = Family[SentimentModel]


@cache
def all_families() -> dict[str, SentimentFamily]:
    """Return every FAMILY in this folder, by prefix."""
    return find_families(__name__, __path__)


def load_sentiment(setting: str = "shipped") -> SentimentModel:
    """Return the model that a setting such as `shipped` or `transformers:NAME_OR_FOLDER` names.

    Raises ValueError for an unknown prefix, naming the known ones.
    """
    return load_named(setting, all_families(), kind="sentiment model")
