"""Sentiment models: text to calibrated probabilities of negative, neutral and positive.

A kind of model is a file in this folder that ends in one `FAMILY`, as for encoders.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class SentimentModel(Protocol):
    """What the pipelines ask of a sentiment model."""

    @property
    def name(self) -> str:
        """Name and version, stored with every run."""
        ...

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return calibrated probabilities (negative, neutral, positive), float32 of shape (len(texts), 3)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentFamily:
    """A kind of sentiment model: its prefix in a setting, and how one is loaded from what follows the colon."""

    prefix: str
    title: str
    load: Callable[[str], SentimentModel]


@cache
def all_families() -> dict[str, SentimentFamily]:
    """Return every FAMILY in this folder, by prefix."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.FAMILY.prefix: module.FAMILY for module in modules if hasattr(module, "FAMILY")}


def load_sentiment(setting: str = "shipped") -> SentimentModel:
    """Return the model that a setting such as `shipped` or `transformers:NAME_OR_FOLDER` names.

    Raises ValueError for an unknown prefix, naming the known ones.
    """
    prefix, _, rest = setting.partition(":")
    family = all_families().get(prefix)
    if family is None:
        known = ", ".join(sorted(all_families()))
        raise ValueError(f"no kind of sentiment model is called {prefix!r}; known kinds: {known}")
    return family.load(rest)
