from pathlib import Path

import numpy as np
import pytest

from models.embedding import all_families, load_encoder
from tests.models.tiny_models import write_encoder, write_static_sentence_model

TEXTS = ["good delivery", "slow", "bad bad good slow delivery", ""]


def write(prefix: str, folder: Path) -> Path:
    return write_static_sentence_model(folder) if prefix == "sentence-transformers" else write_encoder(folder)


def test_every_family_is_found_by_its_prefix() -> None:
    assert {"shipped", "sentence-transformers", "transformers"} <= set(all_families())
    assert all(family.prefix == prefix for prefix, family in all_families().items())


@pytest.mark.parametrize("prefix", ["sentence-transformers", "transformers"])
def test_a_folder_gives_rows_of_unit_length(prefix: str, tmp_path: Path) -> None:
    encoder = load_encoder(f"{prefix}:{write(prefix, tmp_path)}")
    vectors = encoder.encode(TEXTS[:3])
    assert vectors.shape == (3, encoder.dim)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.concatenate([encoder.encode([text]) for text in TEXTS[:3]]) == pytest.approx(vectors, abs=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dim)
    assert encoder.encode(TEXTS).shape == (4, encoder.dim)


def test_the_name_changes_with_the_weights(tmp_path: Path) -> None:
    first = load_encoder(f"transformers:{write_encoder(tmp_path / 'first', seed=1)}").name
    second = load_encoder(f"transformers:{write_encoder(tmp_path / 'second', seed=2)}").name
    assert first.rsplit("+", 1)[1] != second.rsplit("+", 1)[1]


@pytest.mark.parametrize("prefix", ["sentence-transformers", "transformers"])
def test_a_missing_name_says_what_to_write(prefix: str) -> None:
    with pytest.raises(ValueError, match="after the colon"):
        load_encoder(prefix)


def test_a_folder_without_a_model_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="transformers cannot load"):
        load_encoder(f"transformers:{tmp_path}")
