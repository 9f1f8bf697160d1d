"""The larger shipped encoder: the static table, and beside it the small transformer, which reads words in their order.

Both count alike: a cosine is the mean of both cosines. On two cores it is some two hundred
times slower than the table alone.

Trained by `python -m models.training.base_encoder`; protocol and figures in `models/weights/base/README.md`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embedding import EncoderFamily
from models.embedding.shipped import StaticEncoder, unit
from models.embedding.shipped import load as load_static
from models.mapped import map_tensors
from models.pieces import Pieces, read_tokens
from models.shipped_weights import WEIGHTS, open_weights
from models.small_transformer import SmallTransformer, read_body

HALF = np.float32(np.sqrt(0.5))
"""Length of either part. With a third of the cosine from the transformer, or with all of it, themes agree with people's
classes by a point less (AMI); with two thirds the card's figures move by two points at most, up and down."""


class BaseEncoder:
    """Vectors of unit length: the static encoder's row and behind it the transformer's.

    A row depends on the texts encoded beside it in its last digits. It does not travel to other processes: torch uses
    all cores from one.
    """

    def __init__(self, *, name: str, static: StaticEncoder, pieces: Pieces, body: SmallTransformer) -> None:
        self.name = name
        self.word_part = static
        self.dim = static.dim + body.width
        self._pieces = pieces
        self._body = body

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length per text, float32 of shape (len(texts), dim)."""
        means = unit(self._body.means(self._pieces.rows(texts)))
        return np.concatenate([HALF * self.word_part.encode(texts), HALF * means], axis=1)

    def word_vectors(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows of the static encoder that rows of `encode`, or means of them, hold."""
        return unit(vectors[:, : self.word_part.dim])


@cache
def load(folder: str) -> BaseEncoder:
    """Return the encoder of a folder written by the training, or the shipped one for an empty name.

    Its word table and tokens are those of the accurate sentiment model. Raises FileNotFoundError or ValueError where
    the files are missing or not what config.json states, or where the shipped static encoder or the accurate model is
    another than the one it was trained beside.
    """
    weights = open_weights(Path(folder) if folder else WEIGHTS / "base")
    if not {"encoder", "table_of"} <= set(weights.config):
        raise ValueError(
            f"{weights.folder} holds {weights.name}, which is no base encoder; name a folder that its training wrote"
        )
    static, table = load_static(""), open_weights(WEIGHTS / "accurate")
    for trained, shipped in ((weights.config["encoder"], static.name), (weights.config["table_of"], table.name)):
        if trained != shipped:
            raise ValueError(
                f"{weights.name} was trained beside {trained}, shipped is {shipped}: train it again (docs/models.md)"
            )
    tensors = map_tensors(table.folder / "weights.safetensors") | map_tensors(weights.folder / "layers.safetensors")
    return BaseEncoder(
        name=weights.name,
        static=static,
        pieces=Pieces(read_tokens(table.folder / "tokens.txt")),
        body=read_body(tensors, table.config),
    )


FAMILY = EncoderFamily(
    prefix="base", title="Shipped bilingual encoder with a transformer, slower", load=load, weights=WEIGHTS / "base"
)
