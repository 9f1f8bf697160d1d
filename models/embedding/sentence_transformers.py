"""Any model of the sentence-transformers library: `sentence-transformers:NAME_OR_FOLDER`.

A folder is read from disk; a name is looked up on the Hugging Face hub, which is only ever done because a person set
it. The graphics card is used where there is one.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.embedding import EncoderFamily
from models.families import folder_of
from models.fingerprint import fingerprint
from models.pretrained import BATCH, best_device, cannot_load, quietly

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_STATIC = 2048
"""For models that only look up word vectors, whose cost is per call."""


class SentenceTransformerEncoder:
    """A SentenceTransformer behind the Encoder protocol."""

    def __init__(self, *, model: "SentenceTransformer", setting: str) -> None:
        self.name = f"sentence-transformers:{setting}+{fingerprint(model)}"
        self.dim = int(model.encode(["一"], show_progress_bar=False).shape[1])
        self._model = model
        self._batch = BATCH_STATIC if type(model[0]).__name__ == "StaticEmbedding" else BATCH

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length per text, float32 of shape (len(texts), dim)."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        found = self._model.encode(
            list(texts),
            batch_size=self._batch,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(found, dtype=np.float32)


@cache
def load(name_or_folder: str) -> SentenceTransformerEncoder:
    """Return the encoder; raises ValueError where no model was named or where it cannot be loaded."""
    folder = folder_of(name_or_folder)
    from sentence_transformers import SentenceTransformer

    with quietly():
        try:
            model = SentenceTransformer(name_or_folder if folder is None else str(folder), device=best_device())
        # A damaged file ends in whatever its reader raises; which one it was does not help a person.
        except Exception as error:
            raise cannot_load("sentence-transformers", name_or_folder, error) from error
    return SentenceTransformerEncoder(model=model, setting=name_or_folder)


FAMILY = EncoderFamily(prefix="sentence-transformers", title="A sentence-transformers model", load=load)
