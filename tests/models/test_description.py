import json
import shutil
from pathlib import Path

import pytest

from models.description import Problem, Role, describe
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
    assert found.problem == Problem(code="file_damaged", values={"file": str(weights)})
    with pytest.raises(ValueError, match=rf"{weights.name} has SHA-256"):
        load_encoder(setting) if role == "encoder" else load_sentiment(setting)
    weights.unlink()
    assert describe(setting, role).problem == Problem(code="file_missing", values={"file": str(weights)})


def test_a_sentiment_model_beside_another_encoder_is_told(tmp_path: Path) -> None:
    place = tmp_path / "sentiment"
    shutil.copytree(WEIGHTS / "sentiment", place)
    config = json.loads((place / "config.json").read_text("utf-8"))
    (place / "config.json").write_text(json.dumps(config | {"encoder": "another-1+00000000"}), "utf-8")
    beside = describe("shipped", "encoder").name or ""
    values = {"folder": str(place), "trained_on": "another-1+00000000", "beside": beside}
    assert describe(f"shipped:{place}", "sentiment").problem == Problem(code="other_encoder", values=values)


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
    ("setting", "code", "value"),
    [
        ("word2vec:x", "unknown_kind", "word2vec"),
        ("transformers:", "nothing_named", None),
        ("transformers:./nowhere", "no_folder", "./nowhere"),
        ("transformers:/nowhere/at/all", "no_folder", "/nowhere/at/all"),
        ("shipped:/nowhere", "no_folder", "/nowhere"),
    ],
)
def test_what_cannot_be_used_says_in_which_way(setting: str, code: str, value: str | None) -> None:
    problem = describe(setting, "encoder").problem
    assert problem is not None
    assert problem.code == code
    assert value is None or value in problem.values.values()


def test_an_empty_folder_holds_no_model(tmp_path: Path) -> None:
    values = {"folder": str(tmp_path)}
    assert describe(f"transformers:{tmp_path}", "sentiment").problem == Problem(code="nothing_there", values=values)
    assert describe(f"shipped:{tmp_path}", "sentiment").problem == Problem(code="no_digests", values=values)


def test_a_config_that_is_no_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{", "utf-8")
    problem = Problem(code="no_json", values={"file": str(tmp_path / "config.json")})
    assert describe(f"shipped:{tmp_path}", "encoder").problem == problem


def test_a_name_is_a_folder_only_where_there_is_one(tmp_path: Path) -> None:
    assert folder_of(str(tmp_path)) == tmp_path
    assert folder_of("owner/model") is None
    with pytest.raises(ValueError, match="there is no folder"):
        folder_of(str(tmp_path / "gone"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(ValueError, match="there is no folder"):
        folder_of(str(tmp_path / "file"))
