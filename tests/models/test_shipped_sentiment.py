import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from models.sentiment import load_sentiment
from models.shipped_weights import WEIGHTS, seal_weights

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
        ("这家火锅真是绝了", POSITIVE),
        ("这款没得挑", POSITIVE),
        ("不难吃", POSITIVE),
        ("谢谢客服，这么快就弄好了", POSITIVE),
        ("菜品挺贵", NEGATIVE),
        ("等了一个多小时", NEGATIVE),
        ("为什么还不退款", NEGATIVE),
        ("服务员很不专业", NEGATIVE),
        ("怎么开发票", NEUTRAL),
        ("請問幾點關門", NEUTRAL),
        ("not bad at all", POSITIVE),
        ("thanks for the fast reply", POSITIVE),
        ("could not be happier", POSITIVE),
        ("still no refund", NEGATIVE),
        ("they hung up on me", NEGATIVE),
        ("my flight leaves at noon", NEUTRAL),
        ("怎么修改手机号", NEUTRAL),
        ("我们是开车去的", NEUTRAL),
        ("does the museum sell tickets at the door", NEUTRAL),
        ("we came by bus on saturday", NEUTRAL),
        ("用了两个月就坏了", NEGATIVE),
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


def test_a_copy_says_the_same_wherever_it_lies(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS / "sentiment", tmp_path / "sentiment")
    texts = ["客服不理人", "they never called back"]
    copy = load_sentiment(f"shipped:{tmp_path / 'sentiment'}")
    assert np.array_equal(copy.predict(texts), load_sentiment("shipped").predict(texts))


def test_words_of_another_training_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sentiment"
    shutil.copytree(WEIGHTS / "sentiment", folder)
    lines = (folder / "words.txt").read_text(encoding="utf-8").splitlines()
    (folder / "words.txt").write_text("\n".join(lines[1:]) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"words\.txt has SHA-256"):
        load_sentiment(f"shipped:{folder}")


def test_weights_without_domains_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sentiment"
    shutil.copytree(WEIGHTS / "sentiment", folder)
    save_file({"ngrams": np.zeros((4, 3), dtype=np.int8)}, folder / "weights.safetensors")
    seal_weights(folder, {"name": "mine", "version": "2"}, ("weights.safetensors", "words.txt"))
    with pytest.raises(ValueError, match=r"mine-2\+.* is of a kind before version 4: train it again"):
        load_sentiment(f"shipped:{folder}")


def test_shipped_weights_stay_small() -> None:
    size = sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file())
    assert size < 60_000_000
