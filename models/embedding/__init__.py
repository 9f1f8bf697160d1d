"""Encoders: text to vectors of unit length.

A kind of encoder is a file in this folder that ends in one `FAMILY`. `load_encoder("shipped")` gives the bilingual
static encoder of `models/weights/encoder/`, `base` is that one with a small transformer
beside it; `sentence-transformers:NAME_OR_FOLDER` and `transformers:NAME_OR_FOLDER` give any other.
"""

from collections.abc import Sequence
from functools import cache
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from models.families import Family, find_families, load_named


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


@runtime_checkable
class Composed(Protocol):
    """An encoder of which a part, or which around another, knows words: themes are named by that one alone.

    Ask with `isinstance(encoder, Composed)`, as `pipelines/wording.py` does.
    """

    @property
    def word_part(self) -> Encoder:
        """The encoder that knows words."""
        ...

    def word_vectors(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return, for rows that `encode` gave or means of them, what `word_part` says of the same texts."""
        ...


EncoderFamily = Family[Encoder]


@cache
def all_families() -> dict[str, EncoderFamily]:
    """Return every FAMILY in this folder, by prefix."""
    return find_families(__name__, __path__)


def load_encoder(setting: str = "shipped") -> Encoder:
    """Return the encoder that a setting such as `shipped` or `sentence-transformers:BAAI/bge-m3` names.

    Raises ValueError for an unknown prefix, naming the known ones.
    """
    return load_named(setting, all_families(), kind="encoder")
