"""The accurate sentiment model: a small bilingual transformer beside the fast model, their answers added.

It reads words in their order and knows what sentences mean, for it started from an English sentence encoder; the fast
model knows turns of phrase to the letter. On two cores it is some sixty times slower than the fast model on one.

Trained by `python -m models.training.transformer`; protocol and figures in `models/weights/accurate/README.md`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.mapped import map_tensors
from models.pieces import Pieces, read_tokens
from models.sentiment import SentimentFamily
from models.sentiment.shipped import ShippedSentiment, softmax
from models.sentiment.shipped import load as load_fast
from models.shipped_weights import WEIGHTS, open_weights
from models.small_transformer import SmallTransformer, read_body

LEAST = 1e-6
"""Least probability of the fast model that is taken for real, so that its logarithm is no infinity."""


class AccurateSentiment:
    """Calibrated probabilities from the body's mean vector and from the fast model.

    It does not travel to other processes: torch uses all cores from one, and each copy would take a hundred megabytes.
    """

    def __init__(
        self,
        *,
        name: str,
        pieces: Pieces,
        body: SmallTransformer,
        head: NDArray[np.float32],
        bias: NDArray[np.float32],
        fast: ShippedSentiment,
        share: float,
    ) -> None:
        self.name = name
        self._pieces = pieces
        self._body = body
        self._head = head
        self._bias = bias
        self._fast = fast
        self._share = share

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return calibrated probabilities (negative, neutral, positive), float32 of shape (len(texts), 3)."""
        means = self._body.means(self._pieces.rows(texts))
        # einsum, not a matrix product: its sums do not depend on how many texts there are.
        logits = np.einsum("ij,kj->ik", means, self._head) + self._bias
        return softmax(together(logits, self._fast.predict(texts), share=self._share))


def together(logits: NDArray[np.float32], fast: NDArray[np.float32], *, share: float) -> NDArray[np.float32]:
    """Return the transformer's logits and the fast model's logarithmic probabilities added, times `share`."""
    logs = np.log(np.maximum(fast, LEAST))
    found: NDArray[np.float32] = (share * (logits + logs)).astype(np.float32)
    return found


@cache
def load(folder: str) -> AccurateSentiment:
    """Return the model of a folder written by the training, or the shipped one for an empty name.

    Raises FileNotFoundError or ValueError where the folder's files are missing or not what its config.json states, or
    where the shipped fast model is another than the one it was calibrated beside.
    """
    weights = open_weights(Path(folder) if folder else WEIGHTS / "accurate")
    if "beside" not in weights.config:
        raise ValueError(
            f"{weights.folder} holds {weights.name}, which is no accurate model; name a folder that its training wrote"
        )
    fast = load_fast("")
    if fast.name != weights.config["beside"]:
        raise ValueError(
            f"{weights.name} was calibrated beside {weights.config['beside']}, shipped is {fast.name}: train it again"
            " (docs/models.md)"
        )
    tensors = map_tensors(weights.folder / "weights.safetensors")
    return AccurateSentiment(
        name=weights.name,
        pieces=Pieces(read_tokens(weights.folder / "tokens.txt")),
        body=read_body(tensors, weights.config),
        head=np.array(tensors["head"]),
        bias=np.array(tensors["head_bias"]),
        fast=fast,
        share=1 / weights.config["temperature"],
    )


FAMILY = SentimentFamily(
    prefix="accurate", title="Shipped bilingual transformer, slower", load=load, weights=WEIGHTS / "accurate"
)
