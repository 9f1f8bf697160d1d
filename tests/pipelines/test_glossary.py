import re

from pipelines.glossary import by_en, by_zh, entries
from pipelines.terms import stop_words


def test_every_way_to_say_something_has_one_concept() -> None:
    for words in (
        [word for entry in entries() for word in entry.zh],
        [word for entry in entries() for word in entry.en],
    ):
        assert sorted(words) == sorted(set(words))


def test_names_are_in_their_language_and_unique() -> None:
    latin = {"WiFi", "APP", "UI"}
    for entry in entries():
        assert re.search(r"[\u4e00-\u9fff]", entry.zh[0]) or entry.zh[0] in latin
        assert not re.search(r"[\u4e00-\u9fff]", "".join(entry.en))
    assert len({entry.zh[0] for entry in entries()}) == len(entries()) == len({entry.en[0] for entry in entries()})


def test_no_concept_is_a_stop_word() -> None:
    assert not {word for entry in entries() for word in (*entry.zh, *entry.en)} & stop_words()


def test_look_up_in_both_languages() -> None:
    assert by_zh()["退款"] is by_en()[("refund",)]
    assert by_zh()["慢"].polarity == -1
    assert by_zh()["好"].kind == "mood"
