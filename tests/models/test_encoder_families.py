import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.embedding import all_families, load_encoder
from models.pretrained import BATCH, best_device
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


@pytest.mark.parametrize("prefix", ["sentence-transformers", "transformers"])
def test_a_folder_without_a_model_is_explained(prefix: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="transformers cannot load the folder") as caught:
        load_encoder(f"{prefix}:{tmp_path}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("prefix", ["sentence-transformers", "transformers"])
def test_a_missing_folder_is_named_without_asking_a_hub(prefix: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no folder") as caught:
        load_encoder(f"{prefix}:{tmp_path / 'gone'}")
    assert "gone" in str(caught.value)


@pytest.mark.parametrize("prefix", ["sentence-transformers", "transformers"])
def test_a_damaged_file_is_one_sentence(prefix: str, tmp_path: Path) -> None:
    folder = write(prefix, tmp_path / "model")
    weights = next(folder.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:60])
    with pytest.raises(ValueError, match="cannot load the folder") as caught:
        load_encoder(f"{prefix}:{folder}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("prefix", "module"), [("sentence-transformers", "embedding"), ("transformers", "sentiment")])
def test_a_name_on_a_hub_that_cannot_be_asked_is_one_sentence(prefix: str, module: str) -> None:
    code = f"""
from models.{module} import load_{"encoder" if module == "embedding" else "sentiment"} as load
try:
    load("{prefix}:nobody/has-such-a-model")
except ValueError as error:
    print(error)
"""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": "."}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert len(done.stdout.splitlines()) == 1, done.stdout + done.stderr
    assert "cannot load 'nobody/has-such-a-model': it is not on this machine" in done.stdout


def test_loading_says_nothing_of_its_own(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folders = {prefix: write(prefix, tmp_path / prefix) for prefix in ("sentence-transformers", "transformers")}
    capfd.readouterr()
    for prefix, folder in folders.items():
        load_encoder(f"{prefix}:{folder}").encode(["good"])
    assert capfd.readouterr() == ("", "")


def test_long_lists_are_read_in_batches_and_come_back_in_order(tmp_path: Path) -> None:
    encoder = load_encoder(f"transformers:{write_encoder(tmp_path)}")
    texts = [" ".join(["good", "bad", "slow"][: number % 3 + 1]) for number in range(3 * BATCH + 5)]
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), encoder.dim)
    for number in (0, 1, 2, BATCH, len(texts) - 1):
        assert vectors[number] == pytest.approx(vectors[number % 3], abs=1e-5)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-3)


def test_a_very_long_text_is_cut_rather_than_refused(tmp_path: Path) -> None:
    encoder = load_encoder(f"transformers:{write_encoder(tmp_path)}")
    assert np.isfinite(encoder.encode(["good " * 5000])).all()


def test_the_graphics_card_is_used_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    for there, device in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert best_device() == device
