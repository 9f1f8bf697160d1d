"""The larger shipped encoder; its training is tested in `test_base_training.py`."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models.description
import models.embedding.base
from models.description import Problem, describe
from models.embedding import Bilingual, Composed, load_encoder
from models.sentiment import load_sentiment
from models.shipped_weights import WEIGHTS


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("the lights went out and nobody could see", "there was a blackout", "the luggage was light"),
        ("it never arrived", "东西一直没收到", "准时到了"),
        ("the zip came apart within a week", "拉链不到一个星期就坏了", "一个星期就送到了"),
        ("店里吵得说话都听不清", "you cannot hear yourself think in there", "the staff in the shop talked to us"),
    ],
)
def test_meaning_goes_before_words(text: str, near: str, far: str) -> None:
    vectors = load_encoder("base").encode([text, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.03


def test_the_words_order_is_read() -> None:
    base, static = (load_encoder(setting).encode(["dog bites man", "man bites dog"]) for setting in ("base", "shipped"))
    assert static[0] @ static[1] == pytest.approx(1, abs=1e-4)
    assert base[0] @ base[1] < 0.995


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
@settings(deadline=None, max_examples=15)
def test_rows_are_of_unit_length_and_hardly_depend_on_the_batch(texts: list[str]) -> None:
    encoder = load_encoder("base")
    vectors = encoder.encode(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), encoder.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors == pytest.approx(np.concatenate([encoder.encode([text]) for text in texts]), abs=1e-4)


def test_nothing_in_nothing_out() -> None:
    encoder = load_encoder("base")
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_half_of_a_cosine_is_the_static_encoders_whose_words_name_themes() -> None:
    base, static = load_encoder("base"), load_encoder("shipped")
    texts = ["物流太慢了", "slow delivery", "电池不耐用"]
    vectors, plain = base.encode(texts), static.encode(texts)
    assert vectors[:, : static.dim] @ vectors[:, : static.dim].T == pytest.approx(plain @ plain.T / 2, abs=1e-5)
    assert isinstance(base, Composed)
    assert base.word_part is static
    assert isinstance(base.word_part, Bilingual)
    assert base.word_vectors(vectors) == pytest.approx(plain, abs=1e-5)
    mean, plain_mean = vectors.mean(axis=0)[None], plain.mean(axis=0)[None]
    assert base.word_vectors(mean) == pytest.approx(plain_mean / np.linalg.norm(plain_mean), abs=1e-5)


def test_it_is_described_without_being_loaded() -> None:
    found = describe("base", "encoder")
    assert (found.problem, found.verified, found.network) == (None, True, False)
    assert found.name == load_encoder("base").name
    assert found.dim == load_encoder("base").dim
    assert found.trained_on == load_encoder("shipped").name
    assert found.card is not None


@pytest.mark.parametrize(("key", "code"), [("encoder", "other_encoder"), ("table_of", "other_table")])
def test_beside_other_models_it_is_refused(key: str, code: str, tmp_path: Path) -> None:
    place = tmp_path / "base"
    shutil.copytree(WEIGHTS / "base", place)
    config = json.loads((place / "config.json").read_text("utf-8"))
    shipped = load_encoder("shipped").name if key == "encoder" else load_sentiment("accurate").name
    assert config[key] == shipped
    (place / "config.json").write_text(json.dumps(config | {key: "another-1+00000000"}), "utf-8")
    with pytest.raises(ValueError, match=r"trained beside another-1\+00000000, shipped is .*: train it again"):
        load_encoder(f"base:{place}")
    values = {"folder": str(place), "trained_on": "another-1+00000000", "beside": shipped}
    assert describe(f"base:{place}", "encoder").problem == Problem(code=code, values=values)


@pytest.mark.parametrize(
    ("given", "folder", "said"),
    [("base", "encoder", "is no base encoder"), ("shipped", "base", "is no static encoder")],
)
def test_a_model_of_the_other_kind_is_refused(given: str, folder: str, said: str) -> None:
    place = WEIGHTS / folder
    with pytest.raises(ValueError, match=said):
        load_encoder(f"{given}:{place}")
    assert describe(f"{given}:{place}", "encoder").problem == Problem(
        code="other_kind", values={"folder": str(place), "given": given}
    )


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "base"
    shutil.copytree(WEIGHTS / "base", place)
    layers = place / "layers.safetensors"
    layers.write_bytes(layers.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(ValueError, match=r"layers\.safetensors has SHA-256"):
        load_encoder(f"base:{place}")
    assert describe(f"base:{place}", "encoder").problem == Problem(code="file_damaged", values={"file": str(layers)})


@pytest.mark.parametrize(("gone", "code"), [(False, "file_damaged"), (True, "file_missing")])
def test_the_word_table_it_reads_is_checked_too(
    gone: bool, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied_weights(tmp_path, monkeypatch)
    table = tmp_path / "weights" / "accurate" / "weights.safetensors"
    if gone:
        table.unlink()
    else:
        table.write_bytes(table.read_bytes()[:-1] + b"\0\0")
    found = describe(f"base:{tmp_path / 'weights' / 'base'}", "encoder").problem
    assert found == Problem(code=code, values={"file": str(table)})
    with pytest.raises((ValueError, FileNotFoundError), match=r"weights\.safetensors (has SHA-256|is missing)"):
        load_encoder(f"base:{tmp_path / 'weights' / 'base'}")


def test_what_the_accurate_model_stands_beside_is_nothing_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied_weights(tmp_path, monkeypatch)
    shutil.rmtree(tmp_path / "weights" / "sentiment")
    assert describe(f"base:{tmp_path / 'weights' / 'base'}", "encoder").problem is None
    assert load_encoder(f"base:{tmp_path / 'weights' / 'base'}").dim == load_encoder("base").dim


def copied_weights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the shipped weights be a copy that may be damaged."""
    shutil.copytree(WEIGHTS, folder / "weights")
    for module in (models.embedding.base, models.description):
        monkeypatch.setattr(module, "WEIGHTS", folder / "weights")
