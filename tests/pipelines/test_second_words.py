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


def test_a_name_that_says_enough_stays() -> None:
    assert name_of(["物流太慢", "物流很慢", "物流慢死了", "物流慢，快递员"]) == ("物流慢", "Slow delivery")


def test_the_second_word_does_not_say_the_first_again() -> None:
    assert (
        name_of(["退款", "退款", "退款", "退款的款项", "退款的款项", "退款，信用卡", "退款，信用卡"])[0]
        == "退款与信用卡"
    )


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
