"""Customer types, derived: new, potential, discount-driven, dissatisfied, loyal — each with the rule that gave it.

The rules are tried in the order of RULES; the first that holds decides. Dissatisfaction comes first because it asks
for an answer soonest, and overrides loyalty.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.attributes import Value
from pipelines.dates import parse_date
from pipelines.records import Label, Score

TypeName = Literal["new", "potential", "discount_driven", "dissatisfied", "loyal"]
Fact = str | int | float

RECENT_DAYS = 180  # a complaint of half a year ago no longer says how a customer feels
NEW_DAYS = 90  # the first quarter: the usual span of an onboarding programme
LAST_VERBATIMS = 3  # two of the last three negative: more than one bad day
LOYAL_ORDERS = 4  # the two upper fifths of order counts in most shops start at the fourth order
DISCOUNT_SHARE = 0.6  # most orders, and not by a hair
DISCOUNT_ORDERS = 3  # two orders with a welcome coupon are no habit yet
DISCOUNT_VERBATIMS = 2  # a coupon mentioned once is a remark, twice a habit

RULES: Mapping[str, tuple[TypeName, str, str]] = {
    "low_score": (
        "dissatisfied",
        "最近一次打分为 {score}（{scale}，满分 {high}），属于不满意",
        "the latest score, {score} of {high} ({scale}), is a dissatisfied one",
    ),
    "negative_verbatims": (
        "dissatisfied",
        "最近 {of} 条原声中有 {negative} 条为负面",
        "{negative} of the last {of} verbatims are negative",
    ),
    "no_orders": ("potential", "还没有下过单", "has not ordered yet"),
    "potential_words": ("potential", "还没有订单记录，且原声提到「{word}」", "no known order, and says “{word}”"),
    "first_order_recent": (
        "new",
        "首次购买在 {first_order}，距今 {days} 天",
        "first order on {first_order}, {days} days ago",
    ),
    "new_words": ("new", "原声提到「{word}」", "says “{word}”"),
    "discount_share": (
        "discount_driven",
        "{orders} 笔订单中有 {discounted} 笔使用优惠",
        "{discounted} of {orders} orders used a discount",
    ),
    "discount_words": (
        "discount_driven",
        "{verbatims} 条原声提到优惠（如「{word}」）",
        "{verbatims} verbatims speak of discounts (such as “{word}”)",
    ),
    "many_orders": (
        "loyal",
        "已下单 {orders} 次，且没有不满意的信号",
        "{orders} orders, and no sign of dissatisfaction",
    ),
    "loyal_words": ("loyal", "原声提到「{word}」", "says “{word}”"),
}

# Attribute names as exports write them, compared without case, spaces and underscores.
ORDERS = frozenset(
    [
        "orders",
        "ordercount",
        "numorders",
        "salecount",
        "saleordercount",
        "numassociateddeals",
        "订单数",
        "订单数量",
        "下单次数",
        "购买次数",
        "累计订单",
        "累计订单数",
        "成交次数",
    ]
)
FIRST_ORDER = frozenset(
    [
        "firstorder",
        "firstorderat",
        "firstorderdate",
        "firstpurchase",
        "firstpurchasedate",
        "firstdealcreateddate",
        "首次购买日期",
        "首次购买时间",
        "首单日期",
        "首单时间",
        "首次下单时间",
        "首次成交日期",
    ]
)
DISCOUNTED = frozenset(
    ["discountedorders", "couponorders", "orderswithcoupon", "优惠订单数", "用券订单数", "折扣订单数", "使用优惠次数"]
)
STAGE = frozenset(["dealstatus", "lifecyclestage", "成交状态", "客户阶段"])
STAGES_WITHOUT_ORDER = frozenset(
    ["未成交", "潜在客户", "lead", "subscriber", "marketingqualifiedlead", "salesqualifiedlead", "opportunity"]
)

DISCOUNT_WORDS = re.compile(
    r"折扣|打折|优惠券|优惠码|优惠|满减|薅羊毛|凑单|降价|保价|红包|领券|用券|秒杀|特价|百亿补贴"
    r"|\b(?:coupons?|discounts?|discounted|promo codes?|vouchers?|on sale|price drops?|cheaper|black friday)\b",
    re.IGNORECASE,
)
LOYAL_WORDS = re.compile(
    r"老顾客|老客户|老用户|回购|复购|第[三四五六七八九十\d]+次(?:买|购买|下单)|一直(?:在)?(?:买|用)(?:你|这)|每个月都买|买了好几年"
    r"|\b(?:long[- ]?time customer|loyal customer|repeat customer|(?:third|fourth|fifth|\d+th) (?:time|order)"
    r"|keep coming back|for years)\b",
    re.IGNORECASE,
)
NEW_WORDS = re.compile(
    r"第一次(?:买|购买|下单|用)|首次(?:购买|下单)|新用户|刚注册"
    r"|\b(?:first (?:time (?:buyer|buying|ordering)|order|purchase)|just (?:signed up|joined)|new customer)\b",
    re.IGNORECASE,
)
POTENTIAL_WORDS = re.compile(
    r"还没(?:有)?(?:买|下单)|想买|打算买|准备入手|还在犹豫|考虑(?:买|入手)|先问问"
    r"|\b(?:thinking (?:of|about) (?:buying|getting)|considering (?:buying|getting)|before i (?:buy|order)"
    r"|haven'?t (?:bought|ordered)|on the fence)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One verbatim of a customer as the rules see it; `sentiment` is the verbatim's own, "mixed" where it has both."""

    text: str
    created_at: str | None = None
    sentiment: Label | Literal["mixed"] | None = None
    score: Score | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerType:
    """A type with the rule that gave it (a key of RULES) and the numbers or words the rule rested on."""

    type: TypeName
    rule: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def text(self, language: Literal["zh", "en"]) -> str:
        """Return the rule as a sentence with its numbers, in Chinese or English."""
        return RULES[self.rule][1 if language == "zh" else 2].format(**self.facts)


def customer_type(*, attributes: Mapping[str, Value], heard: Sequence[Heard], as_of: str) -> CustomerType | None:
    """Return a customer's type on the day `as_of` (ISO 8601), None where nothing known decides it.

    Orders, first order and discounts are taken from attributes with usual names in either language; scores, dates,
    sentiment and words from what the customer said. The order of `heard` has no effect.
    """
    day = date.fromisoformat(as_of[:10])
    said = sorted(heard, key=lambda one: (one.created_at or "", one.text), reverse=True)
    orders = _number(attributes, ORDERS)
    first_order = _date(attributes, FIRST_ORDER)
    if orders is None and first_order is not None:
        orders = 1
    stage = _first(attributes, STAGE)
    found = (
        _low_score(said, day)
        or _negative(said, day)
        or _potential(said, orders=orders, stage=stage)
        or _new(said, orders=orders, first_order=first_order, day=day)
        or _discount(said, orders=orders, discounted=_number(attributes, DISCOUNTED))
        or _loyal(said, orders=orders)
    )
    if found is None:
        return None
    rule, facts = found
    return CustomerType(type=RULES[rule][0], rule=rule, facts=facts)


def is_dissatisfied(score: Score) -> bool:
    """Say whether a score is one of a dissatisfied customer: NPS 0–6, else the lower two fifths of the scale.

    NPS detractors are 0–6 by definition (Reichheld 2003); two of five stars, 2 on CSAT 1–5, 3 on CES 1–7.
    """
    if score.scale == "nps":
        return score.value <= 6
    return score.value <= score.low + 0.4 * (score.high - score.low)


_Found = tuple[str, dict[str, Fact]]


def _recent(one: Heard, day: date) -> bool:
    try:
        age = (day - date.fromisoformat((one.created_at or "")[:10])).days
    except ValueError:
        return True  # undated feedback is taken as current: there is nothing else to go by
    return age <= RECENT_DAYS


def _low_score(said: Sequence[Heard], day: date) -> _Found | None:
    scored = [one.score for one in said if one.score is not None and _recent(one, day)]
    if not scored or not is_dissatisfied(scored[0]):
        return None
    latest = scored[0]
    names = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "stars": "★"}
    return "low_score", {"score": f"{latest.value:g}", "high": f"{latest.high:g}", "scale": names[latest.scale]}


def _negative(said: Sequence[Heard], day: date) -> _Found | None:
    last = [one for one in said if one.sentiment is not None and _recent(one, day)][:LAST_VERBATIMS]
    negative = sum(one.sentiment == "negative" for one in last)
    return ("negative_verbatims", {"negative": negative, "of": len(last)}) if negative >= 2 else None


def _potential(said: Sequence[Heard], *, orders: float | None, stage: str | None) -> _Found | None:
    if orders == 0 or (orders is None and stage is not None and _folded(stage) in STAGES_WITHOUT_ORDER):
        return "no_orders", {}
    word = _word(said, POTENTIAL_WORDS)
    return ("potential_words", {"word": word}) if orders is None and word else None


def _new(said: Sequence[Heard], *, orders: float | None, first_order: date | None, day: date) -> _Found | None:
    if first_order is not None:
        days = (day - first_order).days
        if 0 <= days <= NEW_DAYS:
            return "first_order_recent", {"first_order": first_order.isoformat(), "days": days}
        return None
    word = _word(said, NEW_WORDS)
    return ("new_words", {"word": word}) if word and (orders is None or orders <= 1) else None


def _discount(said: Sequence[Heard], *, orders: float | None, discounted: float | None) -> _Found | None:
    if orders and discounted is not None and orders >= DISCOUNT_ORDERS and discounted / orders >= DISCOUNT_SHARE:
        return "discount_share", {"orders": int(orders), "discounted": int(discounted)}
    mentions = [one for one in said if DISCOUNT_WORDS.search(one.text)]
    if len(mentions) >= DISCOUNT_VERBATIMS:
        return "discount_words", {"verbatims": len(mentions), "word": _word(mentions, DISCOUNT_WORDS) or ""}
    return None


def _loyal(said: Sequence[Heard], *, orders: float | None) -> _Found | None:
    if orders is not None:
        return ("many_orders", {"orders": int(orders)}) if orders >= LOYAL_ORDERS else None
    word = _word([one for one in said if one.sentiment != "negative"], LOYAL_WORDS)
    return ("loyal_words", {"word": word}) if word else None


def _word(said: Sequence[Heard], words: re.Pattern[str]) -> str | None:
    return next((match.group() for one in said if (match := words.search(one.text))), None)


def _folded(name: str) -> str:
    return re.sub(r"[\s_\-]", "", name).casefold()


def _first(attributes: Mapping[str, Value], names: frozenset[str]) -> str | None:
    return next(
        (str(value) for name, value in attributes.items() if value is not None and _folded(name) in names), None
    )


def _number(attributes: Mapping[str, Value], names: frozenset[str]) -> float | None:
    text = _first(attributes, names)
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _date(attributes: Mapping[str, Value], names: frozenset[str]) -> date | None:
    text = parse_date(_first(attributes, names) or "")
    return None if text is None else date.fromisoformat(text[:10])
