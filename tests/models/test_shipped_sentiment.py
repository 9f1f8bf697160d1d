import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sentiment import load_sentiment
from models.shipped_weights import WEIGHTS

NEGATIVE, NEUTRAL, POSITIVE = range(3)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("客服态度很好", POSITIVE),
        ("物流太慢了", NEGATIVE),
        ("不好", NEGATIVE),
        ("不错", POSITIVE),
        ("没有异味", POSITIVE),
        ("質量太差了", NEGATIVE),
        ("请问这款有蓝色的吗", NEUTRAL),
        ("love the new design", POSITIVE),
        ("the app keeps crashing", NEGATIVE),
        ("not good", NEGATIVE),
        ("not bad", POSITIVE),
        ("how do I change my address", NEUTRAL),
    ],
)
def test_plain_cases(text: str, label: int) -> None:
    assert load_sentiment("shipped").predict([text])[0].argmax() == label


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
@settings(deadline=None)
def test_probabilities_add_up_and_do_not_depend_on_the_batch(texts: list[str]) -> None:
    model = load_sentiment("shipped")
    found = model.predict(texts)
    assert found.dtype == np.float32
    assert found.shape == (len(texts), 3)
    assert ((found >= 0) & (found <= 1)).all()
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(found, np.concatenate([model.predict([text]) for text in texts]))


def test_nothing_in_nothing_out() -> None:
    assert load_sentiment("shipped").predict([]).shape == (0, 3)


def test_weights_of_another_encoder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sentiment"
    shutil.copytree(WEIGHTS / "sentiment", folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"encoder": "another-1+00000000"}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"was trained on another-1\+00000000"):
        load_sentiment(f"shipped:{folder}")


def test_shipped_weights_stay_small() -> None:
    size = sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file())
    assert size < 30_000_000
