"""What counts as a Chinese character, told once, and read so by everyone who asks."""

from pathlib import Path

import pytest

import pipelines
from pipelines import proposed_names
from pipelines.annotations import strip_readings
from pipelines.codebook_entries import split_name
from pipelines.han import A_HAN
from pipelines.language import detect
from pipelines.opinion_words import zh_opinion
from pipelines.redact import redact

# Of Unicode's blocks: unified, Extension A, compatibility, Extension B (as in the name of a noodle shop), plane 3.
CHARACTERS = ("一", "龥", "㐀", "\ufa0e", "\U00020bb7", "\U00030000")


@pytest.mark.parametrize("letter", CHARACTERS)
def test_characters_of_every_block_are_han(letter: str) -> None:
    assert A_HAN.fullmatch(letter)


@pytest.mark.parametrize("letter", ["䷀", "か", "カ", "한", "，", "。", "Ａ", "a", "1", "ㄅ", "😀"])
def test_what_is_written_beside_them_is_not(letter: str) -> None:
    assert not A_HAN.search(letter)


@pytest.mark.parametrize("letter", CHARACTERS)
def test_everyone_reads_them_alike(letter: str) -> None:
    assert split_name(f"{letter} / Noodles") == (letter, "Noodles")
    assert detect(letter * 3) == "zh"
    assert redact(f"{letter * 2} 13812345678").text == redact("好好 13812345678").text.replace("好", letter)
    assert redact(f"www.example.com/1{letter}13812345678").text.endswith(f"{letter}[手机号]")
    assert strip_readings(f"{letter}（hǎo）吃") == f"{letter}吃"
    assert zh_opinion(f"不{letter}")
    assert proposed_names.WRITTEN_ZH.fullmatch(f"{letter}味")


def test_no_other_file_draws_the_line_elsewhere() -> None:
    # `terms` cuts words for a dictionary that knows no rarer characters; a link ends at any wide letter.
    own = {"han.py", "terms.py", "split_rules.py"}
    folder = Path(str(pipelines.__file__)).parent
    assert {path.name for path in folder.rglob("*.py") if r"\u3400-" in path.read_text("utf-8")} == own
