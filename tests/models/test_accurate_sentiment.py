"""The shipped transformer; its parts are tested beside theirs, its training in `test_transformer_training.py`."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.description import Problem, describe
from models.sentiment import load_sentiment
from models.sentiment.accurate import together
from models.shipped_weights import WEIGHTS

NEGATIVE, NEUTRAL, POSITIVE = range(3)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("客服态度很好", POSITIVE),
        ("物流太慢了", NEGATIVE),
        ("不难吃", POSITIVE),
        ("質量太差了", NEGATIVE),
        ("请问这款有蓝色的吗", NEUTRAL),
        ("love the new design", POSITIVE),
        ("the app keeps crashing", NEGATIVE),
        ("not bad at all", POSITIVE),
        ("not half bad", POSITIVE),
        ("how do I change my address", NEUTRAL),
        ("用了两个月就坏了", NEGATIVE),
    ],
)
def test_plain_cases(text: str, label: int) -> None:
    assert load_sentiment("accurate").predict([text])[0].argmax() == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("怎么申请退货", NEUTRAL),
        ("we stayed for two nights", NEUTRAL),
        ("nothing to complain about", POSITIVE),
    ],
)
def test_the_transformer_is_heard_where_the_fast_model_errs(text: str, label: int) -> None:
    fast, both = (load_sentiment(setting).predict([text])[0] for setting in ("shipped", "accurate"))
    assert fast.argmax() != label
    assert both.argmax() == label
    assert both[label] > 0.6


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
@settings(deadline=None, max_examples=15)
def test_probabilities_add_up_and_hardly_depend_on_the_batch(texts: list[str]) -> None:
    model = load_sentiment("accurate")
    found = model.predict(texts)
    assert found.dtype == np.float32
    assert found.shape == (len(texts), 3)
    assert ((found >= 0) & (found <= 1)).all()
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert found == pytest.approx(np.concatenate([model.predict([text]) for text in texts]), abs=1e-4)


def test_long_texts_and_none() -> None:
    model = load_sentiment("accurate")
    assert model.predict(["服务太差。" * 500])[0].argmax() == NEGATIVE
    assert model.predict([]).shape == (0, 3)


def test_both_models_are_heard() -> None:
    logits = np.array([[0, 0, 1], [0, 0, 1]], dtype=np.float32)
    fast = np.array([[1, 0, 0], [0.2, 0.2, 0.6]], dtype=np.float32)
    found = together(logits, fast, share=0.5)
    assert np.isfinite(found).all()
    assert found.argmax(axis=1).tolist() == [NEGATIVE, POSITIVE]
    assert found[1] == pytest.approx(0.5 * (logits[1] + np.log(fast[1])))


def test_it_is_described_without_being_loaded() -> None:
    found = describe("accurate", "sentiment")
    assert (found.problem, found.verified, found.network) == (None, True, False)
    assert found.name == load_sentiment("accurate").name
    assert found.trained_on == describe("shipped", "sentiment").name
    assert found.card is not None


def test_beside_another_fast_model_it_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "accurate"
    shutil.copytree(WEIGHTS / "accurate", place)
    config = json.loads((place / "config.json").read_text("utf-8"))
    (place / "config.json").write_text(json.dumps(config | {"beside": "another-1+00000000"}), "utf-8")
    with pytest.raises(ValueError, match=r"calibrated beside another-1\+00000000, shipped is .*: train it again"):
        load_sentiment(f"accurate:{place}")
    shipped = describe("shipped", "sentiment").name or ""
    values = {"folder": str(place), "trained_on": "another-1+00000000", "beside": shipped}
    assert describe(f"accurate:{place}", "sentiment").problem == Problem(code="other_fast", values=values)


@pytest.mark.parametrize(("given", "folder"), [("accurate", "sentiment"), ("shipped", "accurate")])
def test_a_model_of_the_other_kind_is_refused(given: str, folder: str) -> None:
    place = WEIGHTS / folder
    with pytest.raises((ValueError, OSError)):
        load_sentiment(f"{given}:{place}")
    values = {"folder": str(place), "given": given}
    assert describe(f"{given}:{place}", "sentiment").problem == Problem(code="other_kind", values=values)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "accurate"
    shutil.copytree(WEIGHTS / "accurate", place)
    (place / "tokens.txt").write_text("[PAD]\n", "utf-8")
    with pytest.raises(ValueError, match=r"tokens\.txt has SHA-256"):
        load_sentiment(f"accurate:{place}")
