import re

from pipelines.glossary import by_en, by_zh, entries
from pipelines.terms import stop_words, terms


def test_every_way_to_say_something_has_one_concept() -> None:
    for words in (
        [word for entry in entries() for word in entry.zh],
        [word for entry in entries() for word in entry.en],
    ):
        assert sorted(words) == sorted(set(words))


def test_names_are_in_their_language_and_unique() -> None:
    latin = {"WiFi", "APP", "UI"}
    for entry in entries():
        product = entry.zh[0] == entry.en[0]  # Visual Studio
        assert re.search(r"[\u4e00-\u9fff]", entry.zh[0]) or entry.zh[0] in latin or product
        assert not re.search(r"[\u4e00-\u9fff]", "".join(entry.en))
    assert len({entry.zh[0] for entry in entries()}) == len(entries()) == len({entry.en[0] for entry in entries()})


def test_no_concept_is_a_stop_word() -> None:
    assert not {word for entry in entries() for word in (*entry.zh, *entry.en)} & stop_words()


def test_look_up_in_both_languages() -> None:
    assert by_zh()["退款"] is by_en()[("refund",)]
    assert by_zh()["慢"].polarity == -1
    assert by_zh()["好"].kind == "mood"


def test_shades_of_a_concept_pair_up_in_both_languages() -> None:
    shades = {sense[0][0]: sense[1][0] for sense in by_zh()["耐心"].senses}
    assert shades["耐心"] == "patient"
    assert shades["热情"] == "friendly"
    assert all(zh and en for entry in entries() for zh, en in entry.senses)


def test_idioms_say_nothing_and_stop_words_are_no_forms_of_longer_ones() -> None:
    assert all(term.stop for term in terms("of course"))
    assert all(term.stop for term in terms("even"))
    assert not all(term.stop for term in terms("evening"))


def test_a_product_of_several_words_is_one_concept_and_stays_as_it_is() -> None:
    assert [term.entry.zh[0] for term in terms("debug in visual studio") if term.entry][-1:] == ["Visual Studio"]


def test_words_that_were_taken_for_others_have_their_own_concepts() -> None:
    for chinese, english in (
        ("线条", "lines"),
        ("实物", "actual item"),
        ("楼下", "downstairs"),
        ("车身", "car body"),
        ("车漆", "paint"),
        ("顺序", "sequence"),
        ("香港", "Hong Kong"),
        ("进度", "progress"),
    ):
        assert by_zh()[chinese].en[0] == english
