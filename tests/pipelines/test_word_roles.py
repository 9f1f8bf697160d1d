import pytest

from pipelines.terms import terms
from pipelines.word_roles import chinese_role, ending_role, roles_of


@pytest.mark.parametrize(
    ("word", "role"),
    [("quickly", "other"), ("family", "word"), ("reduction", "noun"), ("spacious", "quality"), ("you'd", "other")],
)
def test_endings(word: str, role: str) -> None:
    assert ending_role(word) == role


@pytest.mark.parametrize(
    ("word", "role"), [("书桌", "noun"), ("打扫", "verb"), ("漂亮", "quality"), ("喔唷唷", "word")]
)
def test_chinese_words(word: str, role: str) -> None:
    assert chinese_role(word) == role


def test_company_tells_nouns_verbs_and_adjectives() -> None:
    said = [
        terms(text)
        for text in (
            "the quorp is here", "a quorp of mine", "I want to zorp", "we zorp often", "it is very flimp",
            "so flimp", "the flimp quorp",
        )
    ]  # fmt: skip
    roles = roles_of(said)
    assert roles["quorp"] == "noun"
    assert roles["zorp"] == "verb"
    assert roles["flimp"] == "quality"


def test_a_concept_keeps_the_kind_of_the_glossary() -> None:
    (term,) = terms("物流")
    assert roles_of([(term,)]) == {term.key: "aspect"}
