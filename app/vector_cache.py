"""An encoder that remembers: vectors are kept by model and text in the project's file."""

from collections.abc import Sequence

import numpy as np
from sqlite_utils import Database

from app.database import write
from app.store import vectors
from models.embedding import Encoder
from models.families import Travelling
from pipelines.records import Matrix
from pipelines.spread import Spread, blocks, in_turn
from pipelines.wording import word_part, word_vectors

PART = 2_048
"""Texts of one part where the work is shared."""


class CachedEncoder:
    """An Encoder over another one that computes no vector twice.

    What it gives is always the stored half-precision vector, first time and later, so that a run that was killed and
    goes on ends with the same result as one that was not.
    """

    def __init__(self, encoder: Encoder, db: Database, *, spread: Spread = in_turn) -> None:
        self.encoder = encoder
        self._db = db
        self._spread = spread if isinstance(encoder, Travelling) else in_turn

    @property
    def name(self) -> str:
        """The name of the encoder behind it."""
        return self.encoder.name

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.encoder.dim

    @property
    def word_part(self) -> Encoder:
        """The encoder behind it, or its part, that knows words: words of names are not kept in the project."""
        return word_part(self.encoder)

    def word_vectors(self, vectors: Matrix) -> Matrix:
        """Return what `word_part` says of the texts of these rows."""
        return word_vectors(self.encoder, vectors)

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row of unit length per text, computing and storing those not yet known."""
        keys = [vectors.text_hash(text) for text in texts]
        found = vectors.known(self._db, self.name, keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            parts = self._spread(self.encoder.encode, blocks(list(missing.values()), PART))
            fresh = np.concatenate(list(parts)).astype(np.float16)
            rows = dict(zip(missing, fresh, strict=True))
            with write(self._db):
                vectors.save(self._db, self.name, rows)
            found |= {key: row.tobytes() for key, row in rows.items()}
        flat = np.frombuffer(b"".join(found[key] for key in keys), dtype=np.float16)
        matrix = flat.reshape(len(keys), self.dim).astype(np.float32)
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), np.float32(1e-6))
        return matrix
