"""Encoders: text to vectors of unit length.

A kind of encoder is a file in this folder that ends in one `FAMILY`. `load_encoder("shipped")` gives the bilingual
static encoder of `models/weights/encoder/`; `sentence-transformers:NAME_OR_FOLDER` and
`transformers:NAME_OR_FOLDER` give any other.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """What the pipelines ask of an encoder."""

    @property
    def name(self) -> str:
        """Name and version: vectors are cached under it, so it changes when the weights do."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length per text, float32 of shape (len(texts), dim)."""
        ...


@runtime_checkable
class Bilingual(Protocol):
    """An encoder that also knows words of both languages, so that a theme can be named in the other one.

    Ask with `isinstance(encoder, Bilingual)`.
    """

    def words(self, language: Literal["zh", "en"]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        """Return the known words of a language, the most frequent first, with the vectors `encode` gives them."""
        ...

    def counts(self, language: Literal["zh", "en"]) -> NDArray[np.int64]:
        """Return how often training met each word of `words(language)`, in the same order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderFamily:
    """A kind of encoder: the prefix that names it in a setting, and how one is loaded from what follows the colon."""

    prefix: str
    title: str
    load: Callable[[str], Encoder]


@cache
def all_families() -> dict[str, EncoderFamily]:
    """Return every FAMILY in this folder, by prefix."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.FAMILY.prefix: module.FAMILY for module in modules if hasattr(module, "FAMILY")}


def load_encoder(setting: str = "shipped") -> Encoder:
    """Return the encoder that a setting such as `shipped` or `sentence-transformers:BAAI/bge-m3` names.

    Raises ValueError for an unknown prefix, naming the known ones.
    """
    prefix, _, rest = setting.partition(":")
    family = all_families().get(prefix)
    if family is None:
        known = ", ".join(sorted(all_families()))
        raise ValueError(f"no kind of encoder is called {prefix!r}; known kinds: {known}")
    return family.load(rest)
