"""The part of an encoder that knows words: themes are named by it alone, whatever else the encoder holds."""

from models.embedding import Composed, Encoder
from pipelines.records import Matrix


def word_part(encoder: Encoder) -> Encoder:
    """Return the part of an encoder that knows words; itself where it has no parts."""
    return encoder.word_part if isinstance(encoder, Composed) else encoder


def word_vectors(encoder: Encoder, vectors: Matrix) -> Matrix:
    """Return what `word_part(encoder)` says of the texts of vectors that the encoder gave, or of means of them."""
    return encoder.word_vectors(vectors) if isinstance(encoder, Composed) else vectors
