from pathlib import Path

import numpy as np

from models.vocabulary import Vocabulary, character_grams, read_words, write_words


def rows_of(vocabulary: Vocabulary, text: str) -> list[int]:
    return vocabulary.bags([text]).rows.tolist()


def test_an_unknown_chinese_word_is_read_as_its_characters() -> None:
    vocabulary = Vocabulary(["物", "流", "快"])
    assert rows_of(vocabulary, "物流") == [0, 1]


def test_an_unknown_plural_is_read_as_its_singular() -> None:
    assert rows_of(Vocabulary(["refund", "box"]), "refunds boxes") == [0, 1]


def test_an_unknown_english_word_weighs_one_word_in_all() -> None:
    bags = Vocabulary(["slow"], grams=["<del", "liv", "ery>"]).bags(["slow delivery"])
    assert bags.rows.tolist()[0] == 0
    assert sorted(bags.rows.tolist()[1:]) == [1, 2, 3]
    assert bags.weights[1:].sum() == np.float32(1)


def test_bags_lie_one_after_the_other() -> None:
    bags = Vocabulary(["good", "bad"]).bags(["good bad", "", "unheard", "bad"])
    assert bags.offsets.tolist() == [0, 2, 2, 2, 3]
    assert bags.rows.tolist() == [0, 1, 1]
    assert len(bags) == 4


def test_numbers_have_no_grams() -> None:
    assert character_grams("2024") == []
    assert character_grams("app") == ["<ap", "app", "pp>", "<app", "app>", "<app>"]


def test_words_come_back_from_the_file(tmp_path: Path) -> None:
    write_words(tmp_path / "words.txt", ["the", "快递"], [12, 3], ["<un", "ing>"])
    assert read_words(tmp_path / "words.txt") == (["the", "快递"], [12, 3], ["<un", "ing>"])
