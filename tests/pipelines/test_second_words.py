from collections.abc import Collection, Mapping, Sequence

import pytest

from pipelines.ideas import ideas
from pipelines.keywords import count_words, rarities, strengths
from pipelines.second_words import with_second
from pipelines.speech import Speech
from pipelines.terms import terms
from pipelines.theme_names import named
from pipelines.word_roles import roles_of

OTHERS = ("blue sky over the sea", "天空很蓝", "a quiet afternoon")


def name_of(texts: Sequence[str], *, translations: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return the names of a theme of these units; `translations` are those that the encoder is sure of."""
    known = dict(translations or {})
    said = [terms(text) for text in texts]
    others = [terms(text) for text in OTHERS]
    words = count_words(said, [1] * len(said))
    rarity = rarities([words, count_words(others, [1] * len(others))])
    roles = roles_of([*said, *others])
    strength = strengths(words, rarity, roles)

    def translate(word: str, wanted: str, heard: Collection[str]) -> str | None:
        return known.get(word)

    speech = Speech(
        words=words,
        translate=translate,
        cased={},
        heard=frozenset(term.surface for found in said for term in found),
        near=lambda word: 1.0,
        alike=lambda word, others: [float(known.get(word) == other) for other in others],
        common=frozenset(),
        voices=(sum(not text.isascii() for text in texts), sum(text.isascii() for text in texts)),
    )
    zh, en, head = named(ideas(words, strength, rarity, roles), speech)
    order = sorted(strength, key=lambda key: (-strength[key], key))
    return with_second((zh, en), head, speech, order=order, strength=strength, roles=roles)


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        # The second word is one that is said beside the first, not one that is said as often elsewhere.
        (
            ["退款", "退款", "退款到信用卡", "退款至信用卡", "退款", "退款", "发票", "发票"],
            ("退款与信用卡", "Refund and credit card"),
        ),
        (
            ["the parking", "parking and the reservation", "parking", "my reservation of parking", "parking"],
            ("停车与预约", "Parking and reservation"),
        ),
    ],
)
def test_a_name_of_one_word_gets_a_second(texts: list[str], names: tuple[str, str]) -> None:
    assert name_of(texts) == names


def test_of_two_words_the_one_that_is_said_beside_the_first_comes_second() -> None:
    apart = [*(["退款"] * 30), "发票", "发票", "发票"]
    assert name_of([*apart, "退款到信用卡", "退款至信用卡"])[0] == "退款与信用卡"
    assert name_of([*apart, "信用卡", "信用卡"])[0] == "退款与发票"


def test_what_hardly_any_unit_says_is_no_second_word() -> None:
    assert name_of([*(["停车"] * 20), "停车预约"])[0] == "停车"
    assert name_of([*(["停车"] * 20), "停车预约", "预约停车位"])[0] == "停车与预约"
    assert name_of([*(["停车"] * 150), "停车预约", "预约停车位"])[0] == "停车"


def test_a_name_that_says_enough_stays() -> None:
    assert name_of(["物流太慢", "物流很慢", "物流慢死了", "物流慢，快递员"]) == ("物流慢", "Slow delivery")
    # Two characters that are a subject and what is said of it are no single word.
    assert name_of(["菜咸", "菜太咸", "菜很咸", "环境", "环境"])[0] == "菜咸"


def test_a_subject_of_two_characters_is_one_word_whatever_english_has_for_it() -> None:
    assert name_of([*(["客服"] * 30), "客服，发票", "客服，发票"]) == (
        "客服与发票",
        "Customer service and invoice",
    )


def test_an_adjective_is_said_of_a_noun_and_joined_to_none() -> None:
    known = {"zestful": "热切"}
    apart = [*(["zestful"] * 60), *(["the checkout"] * 6)]
    assert name_of(apart, translations=known)[1] == "Zestful"
    beside = ["zestful, quick checkout", "zestful as the checkout", "zestful for a checkout", "zestful at the checkout"]
    assert name_of([*apart, *beside], translations=known)[1] == "Zestful checkout"


def test_a_noun_gets_the_opinion_that_a_fifth_hold_of_it() -> None:
    said = [*(["机器"] * 8), "机器很吵", "机器太吵"]
    assert name_of(said) == ("机器吵", "Noisy machine")
    assert name_of([*said, *(["机器"] * 12)])[0] == "机器"


def test_the_second_word_does_not_say_the_first_again() -> None:
    assert name_of([*(["退款"] * 30), *(["付款"] * 4), "信用卡", "信用卡"])[0] == "退款与信用卡"
    assert name_of([*(["物流"] * 30), *(["配送费"] * 4), "信用卡", "信用卡"])[1] == "Delivery and credit card"


def test_no_word_is_better_than_a_guess() -> None:
    said = ["the parking", "parking at the quorple", "the quorple parking", "parking", "parking"]
    assert name_of(said) == ("停车", "Parking")
    assert name_of(said, translations={"quorple": "栏杆"}) == ("停车与栏杆", "Parking and quorple")


def test_one_word_of_recommending_says_whose_it_is_and_whether_all_do() -> None:
    assert name_of(["推荐", "推荐", "推荐", "推荐"]) == ("值得推荐", "Would recommend")
    doubted = ["推荐", "推荐", "推荐", "推荐", "不推荐", "would not recommend", "推荐"]
    assert name_of(doubted) == ("推荐与否", "Recommended or not")


def test_an_aspect_of_which_nothing_else_is_said_is_praised_and_blamed() -> None:
    assert name_of(["米饭很硬", "米饭好", "米饭差", "米饭不错", "米饭", "米饭很差", "米饭太硬", "米饭好吃"]) == (
        "米饭褒贬不一",
        "Mixed views on rice",
    )


def test_our_own_word_of_one_character_may_stand_second() -> None:
    heads = ["parking", "the parking", "my parking", "parking", "our parking", "parking here", "parking"]
    assert name_of([*heads, *heads, "my library", "library", "library"]) == ("停车与库", "Parking and library")
