import json
import shutil
from pathlib import Path

import pytest

from models.description import Role, describe
from models.embedding import load_encoder
from models.families import folder_of
from models.sentiment import load_sentiment
from models.shipped_weights import WEIGHTS
from tests.models.tiny_models import write_classifier, write_encoder, write_static_sentence_model

SHIPPED: tuple[tuple[Role, str], ...] = (("encoder", "encoder"), ("sentiment", "sentiment"))


@pytest.mark.parametrize(("role", "folder"), SHIPPED)
def test_what_is_told_is_what_would_be_loaded(role: Role, folder: str) -> None:
    found = describe("shipped", role)
    loaded = load_encoder("shipped") if role == "encoder" else load_sentiment("shipped")
    assert found.name == loaded.name
    assert found.verified is True
    assert found.problem is None
    assert found.network is False
    assert found.folder == WEIGHTS / folder
    assert found.card is not None
    assert found.bytes == sum((WEIGHTS / folder / file.name).stat().st_size for file in found.files) > 1000
    if role == "encoder":
        assert found.dim == load_encoder("shipped").dim
    else:
        assert found.classes == ("negative", "neutral", "positive")


@pytest.mark.parametrize(("role", "folder"), SHIPPED)
def test_a_damaged_file_is_named_and_not_loaded(role: Role, folder: str, tmp_path: Path) -> None:
    place = tmp_path / folder
    shutil.copytree(WEIGHTS / folder, place)
    weights = next(place.glob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    setting = f"shipped:{place}"
    found = describe(setting, role)
    assert found.verified is False
    assert found.problem is not None
    assert weights.name in found.problem
    with pytest.raises(ValueError, match=rf"{weights.name} has SHA-256"):
        load_encoder(setting) if role == "encoder" else load_sentiment(setting)
    weights.unlink()
    assert "is missing" in str(describe(setting, role).problem)


def test_a_sentiment_model_beside_another_encoder_is_told(tmp_path: Path) -> None:
    place = tmp_path / "sentiment"
    shutil.copytree(WEIGHTS / "sentiment", place)
    config = json.loads((place / "config.json").read_text("utf-8"))
    (place / "config.json").write_text(json.dumps(config | {"encoder": "another-1+00000000"}), "utf-8")
    assert "was trained on another-1+00000000" in str(describe(f"shipped:{place}", "sentiment").problem)


def test_folders_of_other_libraries_are_described_without_loading(tmp_path: Path) -> None:
    plain = describe(f"transformers:{write_encoder(tmp_path / 'plain')}", "encoder")
    assert (plain.dim, plain.network, plain.problem, plain.verified) == (8, False, None, None)
    assert [file.name for file in plain.files] == ["model.safetensors"]
    static = describe(f"sentence-transformers:{write_static_sentence_model(tmp_path / 'static')}", "encoder")
    assert static.problem is None
    assert static.bytes > 0
    head = write_classifier(tmp_path / "head", {0: "negative", 1: "positive"})
    assert describe(f"transformers:{head}", "sentiment").classes == ("negative", "positive")


def test_a_name_on_a_hub_would_touch_the_network() -> None:
    found = describe("sentence-transformers:BAAI/bge-m3", "encoder")
    assert (found.network, found.problem, found.files, found.name) == (True, None, (), None)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("word2vec:x", "known kinds: "),
        ("transformers:", "after the colon"),
        ("transformers:./nowhere", "there is no folder './nowhere'"),
        ("transformers:/nowhere/at/all", "there is no folder"),
        ("shipped:/nowhere", "there is no folder"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(setting: str, words: str) -> None:
    problem = describe(setting, "encoder").problem
    assert problem is not None
    assert words in problem
    assert "\n" not in problem


def test_an_empty_folder_holds_no_model(tmp_path: Path) -> None:
    assert "holds no model" in str(describe(f"transformers:{tmp_path}", "sentiment").problem)
    assert "no folder of our weights" in str(describe(f"shipped:{tmp_path}", "sentiment").problem)


def test_a_config_that_is_no_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{", "utf-8")
    assert "is no JSON" in str(describe(f"shipped:{tmp_path}", "encoder").problem)


def test_a_name_is_a_folder_only_where_there_is_one(tmp_path: Path) -> None:
    assert folder_of(str(tmp_path)) == tmp_path
    assert folder_of("owner/model") is None
    with pytest.raises(ValueError, match="there is no folder"):
        folder_of(str(tmp_path / "gone"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(ValueError, match="there is no folder"):
        folder_of(str(tmp_path / "file"))
