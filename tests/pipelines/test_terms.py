import pytest

from pipelines.terms import Term, lemma, terms, topic_words


def keys(text: str) -> tuple[str, ...]:
    return topic_words(terms(text))


@pytest.mark.parametrize(
    "forms",
    [
        ("rate", "rates", "rated", "rating"),
        ("charge", "charges", "charged", "charging"),
        ("delivery", "deliveries"),
        ("crash", "crashes", "crashed", "crashing"),
        ("try", "tries", "tried"),
        ("price", "prices", "pricing"),
        ("stop", "stopped", "stopping"),
        ("bus", "buses"),
    ],
)
def test_forms_of_a_word_share_a_lemma(forms: tuple[str, ...]) -> None:
    assert len({lemma(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["thing", "speed", "bed", "glass", "this", "red"])
def test_endings_that_only_look_like_inflection_stay(word: str) -> None:
    assert lemma(word) == word


def test_both_languages_meet_in_one_concept() -> None:
    assert keys("物流太慢") == keys("the delivery takes forever") == keys("slow shipping")[::-1]


def test_a_degree_before_an_opinion_changes_nothing() -> None:
    assert keys("太咸") == keys("有点咸了") == keys("salty")


def test_a_denied_opinion_is_another_word() -> None:
    assert keys("not spicy") != keys("spicy")
    assert any(term.negated for term in terms("味道不是很辣"))
    assert not any(term.negated for term in terms("没有发票，很辣"))


def test_stop_words_carry_no_topic() -> None:
    assert keys("我觉得这个还是可以说一下的") == ()
    assert keys("I really think that it was there") == ()


def test_terms_keep_the_words_as_said() -> None:
    surfaces = [term.surface for term in terms("Battery-life 太咸, 3 days")]
    assert surfaces[0] == "battery"
    assert "咸" in surfaces
    assert isinstance(terms("x")[0], Term)


@pytest.mark.parametrize(
    ("one", "other"),
    [("cut", "cute"), ("win", "wine"), ("sitting", "site"), ("past", "paste"), ("cars", "cares"), ("planned", "plane")],
)
def test_a_word_is_no_form_of_one_that_is_longer_by_an_e(one: str, other: str) -> None:
    assert lemma(one) != lemma(other)


def test_a_stop_word_is_no_form_of_a_glossary_word() -> None:
    assert [term.stop for term in terms("quite small")] == [True, False]
    assert [term.surface for term in terms("please note the settings") if not term.stop] == ["note", "settings"]
    assert [term.surface for term in terms("the news this evening") if not term.stop] == ["news", "evening"]
    assert lemma("suited") == lemma("suit") != lemma("suite")
    assert [term.entry and term.entry.zh[0] for term in terms("quitting")] == ["退会"]


def test_an_exact_word_wins_over_one_of_the_same_lemma() -> None:
    assert keys("car") != keys("caring")
    assert keys("cars") == keys("car")
    assert keys("refund") == keys("退款")
    assert terms("") == ()


def test_a_hundred_letters_without_a_space_are_no_word() -> None:
    assert keys("ha" * 60 + " slow delivery " + "a'" * 900) == keys("slow delivery")


def test_korean_is_not_cut_as_chinese_is() -> None:
    assert keys("배송이 너무 느려요") == ()
    assert not any(term.zh for term in terms("배송이 너무 느려요"))
