import pytest

from pipelines.moods import mood_of
from pipelines.terms import terms


@pytest.mark.parametrize(
    ("text", "mood"),
    [("很好", 1), ("不错，非常满意", 1), ("great!!", 1), ("差评", -1), ("not good", -1), ("一般般", 0), ("okay", 0)],
)
def test_bare_praise_and_blame(text: str, mood: int) -> None:
    assert mood_of(terms(text)) == mood


@pytest.mark.parametrize("text", ["物流很好", "good food", "不错，就是慢", "", "！！", "3 天", "篱笆很好"])
def test_whatever_names_a_thing_is_no_mood(text: str) -> None:
    assert mood_of(terms(text)) is None
