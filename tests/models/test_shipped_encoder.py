import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.embedding import Bilingual, load_encoder
from models.embedding.shipped import StaticEncoder, load
from models.shipped_weights import WEIGHTS


def encoder() -> StaticEncoder:
    return load("")


def similarity(left: str, right: str) -> float:
    vectors = encoder().encode([left, right])
    return float(vectors[0] @ vectors[1])


@pytest.mark.parametrize(
    ("chinese", "english", "other"),
    [
        ("物流太慢了", "delivery takes forever", "the room was clean"),
        ("电池不耐用", "the battery drains quickly", "the waiter was rude"),
        ("退款一直没到账", "I have not received my refund", "great camera"),
        ("客服态度很好", "very friendly customer service", "the screen is scratched"),
        ("房间很干净", "our room was spotless", "parcel lost in the post"),
    ],
)
def test_one_meaning_is_near_in_both_languages(chinese: str, english: str, other: str) -> None:
    assert similarity(chinese, english) > similarity(chinese, other) + 0.2


def test_traditional_characters_are_read_as_simplified() -> None:
    assert similarity("價格太貴，質量不好", "价格太贵，质量不好") == pytest.approx(1)


def test_a_misspelt_word_is_near_the_right_one() -> None:
    assert similarity("reliabillity", "reliability") > similarity("reliabillity", "restaurant") + 0.2


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
@settings(deadline=None)
def test_rows_are_of_unit_length_and_do_not_depend_on_the_batch(texts: list[str]) -> None:
    vectors = encoder().encode(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), encoder().dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    alone = np.concatenate([encoder().encode([text]) for text in texts])
    assert np.array_equal(vectors, alone)


def test_a_row_is_the_same_in_a_large_batch() -> None:
    text = "发货很快，but the box was damaged"
    assert np.array_equal(encoder().encode(["好评", text] * 5000)[-1], encoder().encode([text])[0])


def test_texts_without_a_known_word_share_one_vector() -> None:
    vectors = encoder().encode(["", " ", "👍", "！！！"])
    assert np.array_equal(vectors, np.repeat(vectors[:1], 4, axis=0))


def test_nothing_in_nothing_out() -> None:
    assert encoder().encode([]).shape == (0, encoder().dim)


def test_words_of_a_language_come_with_their_vectors() -> None:
    assert isinstance(encoder(), Bilingual)
    for language, known in (("zh", "退款"), ("en", "refund")):
        words, vectors = encoder().words(language)
        counts = encoder().counts(language)
        assert len(words) == len(vectors) == len(counts)
        assert (np.diff(counts) <= 0).all()
        assert np.array_equal(vectors[words.index(known)], encoder().encode([known])[0])


def test_the_name_follows_the_weights() -> None:
    name = load_encoder("shipped").name
    config = json.loads((WEIGHTS / "encoder" / "config.json").read_text())
    assert name.startswith(f"{config['name']}-{config['version']}+")


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(WEIGHTS / "encoder", folder)
    with (folder / "words.txt").open("a", encoding="utf-8") as file:
        file.write("extra\t1\n")
    with pytest.raises(ValueError, match=r"words\.txt has SHA-256"):
        load_encoder(f"shipped:{folder}")


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no config\.json"):
        load_encoder(f"shipped:{tmp_path}")


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="sentence-transformers, shipped, transformers"):
        load_encoder("word2vec:x")


def test_the_exported_model_gives_the_same_vectors(tmp_path: Path) -> None:
    from models.embedding.static_export import to_sentence_transformer

    texts = ["物流太慢了，但是客服态度很好", "The battery drains quickly and doesn't charge", "价格实惠"]
    to_sentence_transformer(encoder()).save(str(tmp_path))
    exported = load_encoder(f"sentence-transformers:{tmp_path}").encode(texts)
    assert (exported * encoder().encode(texts)).sum(axis=1) == pytest.approx(1, abs=0.02)
