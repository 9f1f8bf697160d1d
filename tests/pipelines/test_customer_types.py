from typing import Any

import pytest

from pipelines.customer_types import RULES, Heard, customer_type, is_dissatisfied
from pipelines.records import Score

AS_OF = "2026-09-30"


def heard(text: str = "", *, on: str = "2026-09-01", sentiment: Any = None, nps: float | None = None) -> Heard:
    score = None if nps is None else Score(value=nps, scale="nps", low=0, high=10)
    return Heard(text=text, created_at=on, sentiment=sentiment, score=score)


def type_of(*said: Heard, **attributes: Any) -> tuple[str, str] | None:
    found = customer_type(attributes=attributes, heard=said, as_of=AS_OF)
    return None if found is None else (found.type, found.rule)


def test_nothing_known_is_no_type() -> None:
    assert type_of() is None
    assert type_of(heard("包装不错", sentiment="positive")) is None


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"orders": 0}, ("potential", "no_orders")),
        ({"成交状态": "未成交"}, ("potential", "no_orders")),
        ({"首次购买日期": "2026-08-15", "orders": 1}, ("new", "first_order_recent")),
        ({"订单数": 5, "用券订单数": 4}, ("discount_driven", "discount_share")),
        ({"Order Count": 6, "first_order_date": "2024-01-01"}, ("loyal", "many_orders")),
        ({"orders": 2, "first_purchase": "2025-01-01"}, None),
        ({"orders": 2, "discounted_orders": 2, "first_purchase": "2025-01-01"}, None),
    ],
)
def test_attributes_decide(attributes: dict[str, Any], expected: Any) -> None:
    assert type_of(**attributes) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["有优惠券才会下单", "满减力度比上次小"], ("discount_driven", "discount_words")),
        (["Waiting for a coupon again", "no discount no deal"], ("discount_driven", "discount_words")),
        (["优惠券过期了"], None),
        (["回购三次了"], ("loyal", "loyal_words")),
        (["I keep coming back for the beans"], ("loyal", "loyal_words")),
        (["第一次买，先看看"], ("new", "new_words")),
        (["还没下单，想问问能不能调粗细"], ("potential", "potential_words")),
    ],
)
def test_words_decide_where_no_attribute_does(texts: list[str], expected: Any) -> None:
    assert type_of(*(heard(text, on=f"2026-09-0{i + 1}") for i, text in enumerate(texts))) == expected


def test_dissatisfaction_overrides_loyalty_but_only_while_it_is_recent() -> None:
    assert type_of(heard(nps=3), orders=9) == ("dissatisfied", "low_score")
    assert type_of(heard(nps=3, on="2025-09-01"), orders=9) == ("loyal", "many_orders")
    assert type_of(heard(nps=3, on="2026-05-01"), heard(nps=9), orders=9) == ("loyal", "many_orders")


def test_two_of_the_last_three_negative_verbatims_are_dissatisfaction() -> None:
    bad, good = heard(sentiment="negative"), heard(sentiment="positive")
    assert type_of(bad, good, bad) == ("dissatisfied", "negative_verbatims")
    assert type_of(bad, good) is None
    later = [heard(sentiment="positive", on=f"2026-09-1{i}") for i in range(3)]
    assert type_of(bad, bad, *later) is None


def test_order_has_no_effect() -> None:
    said = [heard("回购", sentiment="positive"), heard("退款太慢", nps=2, on="2026-09-20"), heard("还行", nps=9)]
    assert type_of(*said) == type_of(*reversed(said)) == ("dissatisfied", "low_score")


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (Score(value=6, scale="nps", low=0, high=10), True),
        (Score(value=7, scale="nps", low=0, high=10), False),
        (Score(value=2, scale="stars", low=1, high=5), True),
        (Score(value=3, scale="stars", low=1, high=5), False),
        (Score(value=20, scale="stars", low=10, high=50), True),
        (Score(value=3, scale="ces", low=1, high=7), True),
    ],
)
def test_what_counts_as_dissatisfied(score: Score, expected: Any) -> None:
    assert is_dissatisfied(score) is expected


def test_the_rule_is_shown_in_both_languages() -> None:
    found = customer_type(attributes={"orders": 7}, heard=[], as_of=AS_OF)
    assert found.text("zh") == "已下单 7 次，且没有不满意的信号"
    assert found.text("en") == "7 orders, and no sign of dissatisfaction"
    low = customer_type(attributes={}, heard=[heard(nps=3)], as_of=AS_OF)
    assert low.text("en") == "the latest score, 3 of 10 (NPS), is a dissatisfied one"


def test_every_rule_has_facts_for_its_text() -> None:
    cases = [
        {"orders": 0},
        {"first_order": "2026-09-01"},
        {"orders": 4, "discounted_orders": 4},
        {"orders": 4},
    ]
    said = [
        [heard(nps=0)],
        [heard(sentiment="negative"), heard(sentiment="negative", on="2026-09-02")],
        [heard("想买")],
        [heard("第一次买")],
        [heard("打折"), heard("折扣", on="2026-09-02")],
        [heard("老顾客")],
    ]
    found = [customer_type(attributes=case, heard=[], as_of=AS_OF) for case in cases]
    found += [customer_type(attributes={}, heard=one, as_of=AS_OF) for one in said]
    assert {one.rule for one in found} == set(RULES)
    assert all("{" not in one.text(language) for one in found for language in ("zh", "en"))
