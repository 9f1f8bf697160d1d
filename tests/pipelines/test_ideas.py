from collections.abc import Sequence

import pytest

from pipelines.ideas import Idea, ideas
from pipelines.keywords import count_words, rarities, strengths
from pipelines.terms import terms
from pipelines.word_roles import roles_of


def first_idea(texts: Sequence[str], others: Sequence[str] = ("blue sky over the sea", "天空很蓝")) -> Idea:
    said = [terms(text) for text in texts]
    elsewhere = [terms(text) for text in others]
    words = count_words(said, [1] * len(said))
    rarity = rarities([words, count_words(elsewhere, [1] * len(elsewhere))])
    roles = roles_of([*said, *elsewhere])
    return next(idea for _, idea in ideas(words, strengths(words, rarity, roles), rarity, roles))


def ideas_of(texts: Sequence[str]) -> list[Idea]:
    said = [terms(text) for text in texts]
    words = count_words(said, [1] * len(said))
    rarity, roles = rarities([words]), roles_of(said)
    return [idea for _, idea in ideas(words, strengths(words, rarity, roles), rarity, roles)]


def keys(*texts: str) -> tuple[str, ...]:
    return tuple(term.key for text in texts for term in terms(text) if not term.stop)


def test_what_is_said_joins_what_it_is_said_of() -> None:
    idea = first_idea(["物流太慢", "快递很慢", "slow delivery", "the delivery is slow"])
    assert idea == Idea(keys=keys("物流", "慢"), pattern="said")


def test_two_sides_are_not_named_after_one() -> None:
    idea = first_idea(["物流太慢", "快递很慢", "物流很快", "delivery was fast", "物流一直这样"])
    assert idea == Idea(keys=keys("物流"), pattern="single")


def test_an_opinion_of_few_units_is_not_claimed_of_the_theme() -> None:
    vexed = ["烦死了", "怎么会这样", "真的吗", "这不是套路是什么", "没见过", "什么意思", "一直这样", "算了"]
    rude = Idea(keys=keys("服务员", "粗鲁"), pattern="said")
    assert first_idea(["服务员粗鲁", "服务员很粗鲁", *vexed[:6]]) == rude
    assert rude not in ideas_of(["服务员粗鲁", "服务员很粗鲁", *vexed, *vexed])


def test_what_happens_to_few_is_no_name_before_what_most_talk_about() -> None:
    crashes = Idea(keys=keys("闪退"), pattern="single")
    told = ["闪退了", "闪退", *(["走廊"] * 8)]
    assert ideas_of(told).index(crashes) < len(ideas_of(told)) - 1
    bought = Idea(keys=keys("回购"), pattern="single")
    assert ideas_of([*told, "会回购"]).count(bought) == 1
    assert ideas_of([*told, "会回购", "会回购"]).count(bought) > 1
    rare = ideas_of([*told, *(["走廊"] * 20)])
    assert rare.index(Idea(keys=keys("走廊"), pattern="single")) < rare.index(crashes)


def test_many_ways_to_praise_are_good_together() -> None:
    idea = first_idea(["客服不错", "客服很棒", "customer service is great", "nice customer service"])
    assert idea == Idea(keys=keys("客服"), pattern="said", side=1)


def test_two_subjects_only_where_both_are_frequent() -> None:
    both = first_idea(["退款", "退货", "refund", "return", "退款和退货"])
    assert both.pattern == "both"
    assert set(both.keys) == set(keys("退款", "退货"))
    assert first_idea([*(["退款"] * 12), "退货"]) == Idea(keys=keys("退款"), pattern="single")


def test_words_side_by_side_are_a_phrase() -> None:
    idea = first_idea(["the walnut panel", "a walnut panel", "walnut panel please"])
    assert idea == Idea(keys=keys("walnut", "panel"), pattern="phrase")


def test_what_customers_do_is_a_name_of_its_own() -> None:
    assert first_idea(["下次还会回购", "会回购的", "will buy again", "物流 will buy again"]).keys == keys("回购")


@pytest.mark.parametrize("texts", [["的"], ["the"], []])
def test_nothing_said_gives_no_idea(texts: list[str]) -> None:
    with pytest.raises(StopIteration):
        first_idea(texts)
