from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.sentiment import load_sentiment
from models.sentiment.transformers import classes_of
from tests.models.tiny_models import write_classifier


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["negative", "neutral", "positive"], (0, 1, 2)),
        (["POSITIVE", "NEGATIVE"], (2, 0)),
        (["LABEL_0", "LABEL_1"], (0, 2)),
        (["LABEL_0", "LABEL_1", "LABEL_2"], (0, 1, 2)),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], (0, 0, 1, 2, 2)),
        (["star 1", "star 2", "star 3", "star 4", "star 5"], (0, 0, 1, 2, 2)),
        (["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"], (0, 0, 1, 2, 2)),
        (["负面", "正面"], (0, 2)),
        (["消极", "中性", "积极"], (0, 1, 2)),
    ],
)
def test_labels_of_known_heads(labels: list[str], classes: tuple[int, ...]) -> None:
    assert classes_of(dict(enumerate(labels)), "some/model") == classes


@pytest.mark.parametrize(
    "labels", [["joy", "anger"], ["positive", "other"], ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"]]
)
def test_unclear_labels_are_refused(labels: list[str]) -> None:
    with pytest.raises(ValueError, match="is not clear"):
        classes_of(dict(enumerate(labels)), "some/model")


@pytest.mark.parametrize(
    "labels", [["negative", "positive"], ["positive", "neutral", "negative"], ["1", "2", "3", "4", "5"]]
)
def test_probabilities_of_any_head_add_up(labels: list[str], tmp_path: Path) -> None:
    model = load_sentiment(f"transformers:{write_classifier(tmp_path, dict(enumerate(labels)))}")
    found = model.predict(["good", "bad delivery slow", "好"])
    assert found.shape == (3, 3)
    assert found.dtype == np.float32
    assert (found >= 0).all()
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert model.predict([]).shape == (0, 3)


def test_a_head_whose_labels_say_nothing_is_one_sentence(tmp_path: Path) -> None:
    folder = write_classifier(tmp_path, {0: "joy", 1: "anger"})
    with pytest.raises(ValueError, match="has the labels joy, anger") as caught:
        load_sentiment(f"transformers:{folder}")
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no folder"):
        load_sentiment(f"transformers:{tmp_path / 'gone'}")


def test_stars_count_towards_their_ends(tmp_path: Path) -> None:
    folder = write_classifier(tmp_path, {number: f"{number + 1} stars" for number in range(5)})
    found = load_sentiment(f"transformers:{folder}").predict(["good bad", "slow"])
    heads = stars_of(folder, ["good bad", "slow"])
    assert found[:, 0] == pytest.approx(heads[:, 0] + heads[:, 1], abs=1e-5)
    assert found[:, 1] == pytest.approx(heads[:, 2], abs=1e-5)
    assert found[:, 2] == pytest.approx(heads[:, 3] + heads[:, 4], abs=1e-5)


def test_two_classes_leave_doubt_to_neutral(tmp_path: Path) -> None:
    folder = write_classifier(tmp_path, {0: "negative", 1: "positive"})
    found = load_sentiment(f"transformers:{folder}").predict(["good bad"])[0]
    negative, positive = stars_of(folder, ["good bad"])[0]
    assert found[1] == pytest.approx(2 * min(negative, positive), abs=1e-5)
    assert found[2] - found[0] == pytest.approx(positive - negative, abs=1e-5)


def stars_of(folder: Path, texts: list[str]) -> NDArray[np.float32]:
    """Return what the head itself says, class by class."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(folder)(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        logits = AutoModelForSequenceClassification.from_pretrained(folder).eval()(**tokens).logits
    found: NDArray[np.float32] = torch.softmax(logits, dim=1).numpy()
    return found
