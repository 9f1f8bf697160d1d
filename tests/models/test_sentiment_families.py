from pathlib import Path

import numpy as np
import pytest

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
