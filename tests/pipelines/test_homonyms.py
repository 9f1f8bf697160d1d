from collections.abc import Sequence

import numpy as np
import pytest

from models.embedding import load_encoder
from pipelines.han import A_HAN
from pipelines.homonyms import homonyms, meanings_of
from pipelines.keywords import count_words
from pipelines.speech import Speech, say
from pipelines.terms import terms


def test_each_word_has_several_meanings_all_chinese() -> None:
    assert len(homonyms()) > 50
    for english, meanings in homonyms().items():
        assert english.isascii()
        assert english.islower()
        assert len(set(meanings)) == len(meanings) >= 2
        assert all(A_HAN.match(word) for word in meanings)


def test_a_plural_is_its_word_and_a_relative_is_not() -> None:
    assert meanings_of("Libraries") == meanings_of("library") != ()
    assert meanings_of("boxes") == ()
    assert meanings_of("packaging") == ()


def in_chinese(word: str, texts: Sequence[str]) -> str | None:
    encoder = load_encoder("shipped")
    said = [terms(text) for text in texts]
    words = count_words(said, [1] * len(said))
    centre = np.mean(encoder.encode(texts), axis=0)
    centre /= np.linalg.norm(centre)

    def alike(one: str, others: Sequence[str]) -> Sequence[float]:
        vectors = encoder.encode([one, *others])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    speech = Speech(
        words=words,
        translate=lambda word, wanted, heard: None,
        cased={},
        heard=frozenset(term.surface for found in said for term in found),
        near=lambda word: float(encoder.encode([word])[0] @ centre),
        alike=alike,
        common=frozenset(),
        voices=(0, len(texts)),
    )
    key = next(key for key, sides in words.forms.items() if word in sides[1])
    return say(key, speech, chinese=True, loans=False)


@pytest.mark.parametrize(
    ("word", "texts", "meant"),
    [
        ("server", ["the server rejects my api requests", "remote server connection over ssh", "server"], "服务器"),
        (
            "server",
            ["the server forgot our drinks", "slow service at dinner", "a rude waitress at the restaurant"],
            "服务员",
        ),
        ("table", ["sort the table", "merge columns and cells", "a spreadsheet with rows and columns"], "表格"),
        ("table", ["the wooden table wobbles", "a table by the window for dinner"], "桌子"),
        ("key", ["a keyboard key sticks when typing", "the enter key does not click", "key"], "按键"),
        ("presentation", ["slides for my presentation", "export the notebook as presentation"], "演示"),
        ("focus", ["the lecture should focus on proofs", "more focus on exercises"], "重点"),
    ],
)
def test_the_theme_tells_which_meaning(word: str, texts: Sequence[str], meant: str) -> None:
    assert in_chinese(word, texts) == meant
