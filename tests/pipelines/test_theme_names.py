from collections.abc import Collection, Sequence

import pytest

from pipelines.ideas import Idea, ideas
from pipelines.keywords import count_words, rarities, strengths
from pipelines.speech import Speech, heard
from pipelines.terms import terms
from pipelines.theme_names import agreed, apart, both, distinct, named, sentence_case, with_and
from pipelines.word_roles import roles_of

DICTIONARY = {"panel": "面板", "围栏": "fence", "server": "服务器", "quorp": "够扑", "bags": "袋子", "drainage": "排水"}


def translate(word: str, chinese: bool, heard: Collection[str]) -> str | None:
    return DICTIONARY.get(word)


def speech_of(texts: Sequence[str], *, cased: dict[str, str] | None = None, near: Collection[str] = ()) -> Speech:
    said = [terms(text) for text in texts]
    return Speech(
        words=count_words(said, [1] * len(said)),
        translate=translate,
        cased=cased or {},
        heard=frozenset(term.surface for found in said for term in found),
        near=lambda word: float(word in near),
        alike=lambda word, others: [
            float((word, other) in {("裤子", "pants"), ("退货", "return")}) for other in others
        ],
        common=frozenset({"cupboard", "gadget"}),
        voices=(sum(not text.isascii() for text in texts), sum(text.isascii() for text in texts)),
    )


def name_of(
    texts: Sequence[str], *, cased: dict[str, str] | None = None, near: Collection[str] = ()
) -> tuple[str, str]:
    said = [terms(text) for text in texts]
    others = [terms(text) for text in ("blue sky over the sea", "天空很蓝", "a quiet afternoon")]
    words = count_words(said, [1] * len(said))
    rarity = rarities([words, count_words(others, [1] * len(others))])
    roles = roles_of([*said, *others])
    zh, en, _ = named(
        ideas(words, strengths(words, rarity, roles), rarity, roles), speech_of(texts, cased=cased, near=near)
    )
    return zh, en


@pytest.mark.parametrize(
    ("texts", "zh", "en"),
    [
        (["物流太慢", "物流很慢", "物流慢死了"], "物流慢", "Slow delivery"),
        (["客服很耐心", "客服特别耐心", "客服耐心"], "客服耐心", "Patient customer service"),
        (["客服很热情", "客服热情", "客服真热情"], "客服热情", "Friendly customer service"),
        (["the packaging was damaged", "damaged packaging", "packaging damaged"], "包装破损", "Damaged packaging"),
        (["app crashes", "the app crashes daily", "my app crashes"], "App 闪退", "App crashes"),
        (["价格太贵", "价格很贵", "价格贵"], "价格贵", "High price"),
        (["适合我的皮肤", "皮肤很适合", "适合皮肤"], "适合皮肤", "Suitable for skin"),
        (["红绿灯 退款", "退款", "退款"], "退款", "Refund"),
        (["the quorp panel", "a quorp panel", "quorp panel"], "够扑面板", "Quorp panel"),
    ],
)  # fmt: skip
def test_both_languages_say_the_same(texts: list[str], zh: str, en: str) -> None:
    assert name_of(texts)[1] == en
    assert name_of(texts)[0].casefold() in (zh.casefold(), zh.replace("App ", "应用").casefold())


def test_an_adjective_alone_gets_the_noun_it_is_about() -> None:
    zh, en = name_of(["很好吃", "好吃", "真好吃呀"])
    assert (zh, en) == ("味道好吃", "Good taste")
    assert name_of(["方便", "很方便", "convenient"]) == ("方便", "Convenience")


def test_a_word_nobody_can_translate_gives_way_to_one_that_can_be_said() -> None:
    assert name_of(["cupboard", "a cupboard", "the quorp", "my quorp"]) == ("够扑", "Quorp")


def test_what_the_glossary_can_say_goes_before_a_guess_about_as_strong() -> None:
    assert name_of([*(["围栏"] * 6), *(["发票"] * 5)]) == ("发票", "Invoice")
    # Not before what is said far more often, nor before a phrase that holds it.
    assert name_of([*(["围栏"] * 12), *(["发票"] * 3)])[1].startswith("Fence")
    assert name_of(["the quorp invoice", "a quorp invoice", "quorp invoice"])[1] == "Quorp invoice"


def test_a_strong_word_that_is_no_subject_goes_before_a_weak_one_that_is() -> None:
    assert name_of([*(["带老人来"] * 24), "老人，蛋糕"])[1] == "Elderly"


def test_an_unknown_product_that_all_units_name_is_the_name() -> None:
    texts = [*(["the Zorbik view"] * 6), *(["my zorbik"] * 18), "the panel", "a panel"]
    product = {"zorbik": "Zorbik"}
    assert name_of(texts, cased=product)[1].startswith("Zorbik")
    assert name_of([*texts, *(["my panel"] * 40)], cased=product)[0].startswith("面板")
    # A word that is never written with a capital is no product, however rare it is.
    assert not name_of(texts)[1].startswith("Zorbik")


def test_brands_stay_as_they_are_written_in_both_languages() -> None:
    assert name_of(["my Zephyr", "the zephyr", "zephyr"], cased={"zephyr": "Zephyr"}) == ("Zephyr", "Zephyr")


def test_common_english_words_do_not_enter_a_chinese_name_beside_others() -> None:
    zh, en = name_of(["the cupboard", "a cupboard", "my cupboard", "围栏"])
    assert (zh, en) == ("围栏", "Fence")


def test_another_meaning_is_taken_where_it_is_nearer_to_the_theme() -> None:
    texts = ["remote server", "the server", "my server"]
    assert name_of(texts, near=("服务器",))[0] == "服务器"
    assert name_of(texts, near=("服务员",))[0] != "服务器"


def test_of_several_words_of_a_concept_the_one_that_fits_what_was_said() -> None:
    assert name_of(["裤子", "这条裤子", "裤子"]) == ("裤子", "Pants")
    assert name_of(["衣服", "这件衣服", "衣服"]) == ("衣服", "Clothes")


LEAKS_ZH = ["底部漏水", "漏水", "又漏水了", "还是漏水", "漏水严重"]
LEAKS_EN = ["leaking from the group", "the group is leaking", "a leaking group", "group leaking"]


def test_where_two_languages_speak_a_translation_that_nobody_says_is_no_part_of_the_name() -> None:
    assert "团队" in name_of(LEAKS_EN)[0]
    zh, en = name_of([*LEAKS_ZH, *LEAKS_EN])
    assert "漏水" in zh
    assert "团队" not in zh
    assert "group" not in en.lower()


def test_too_few_units_of_a_language_do_not_decide() -> None:
    assert "团队" in name_of([*LEAKS_ZH[:2], *LEAKS_EN, *LEAKS_EN, *LEAKS_EN])[0]


def test_the_units_own_word_goes_before_the_glossarys() -> None:
    packed = ["皮箱破了", "皮箱太薄", "皮箱不错", "换个皮箱"]
    cases = ["two suitcases", "the suitcases tore", "my suitcases", "suitcases of mine"]
    assert name_of(cases)[0] == "行李"
    assert "皮箱" in name_of([*packed, *cases])[0]
    assert "行李" not in name_of([*packed, *cases])[0]


def test_what_is_sure_and_near_counts_as_said() -> None:
    texts = ["退货", "要退货", "退货难", "怎么退货", "the weather", "my garden", "a river", "the stairs"]
    key = next(key for key in speech_of(texts).words.said if "退货" in key)
    assert heard(key, speech_of(texts, near=("return",)), chinese=False)
    assert not heard(key, speech_of(texts), chinese=False)
    assert heard(key, speech_of(texts[:4]), chinese=False)


def test_with_nothing_in_common_each_language_keeps_its_own_words() -> None:
    zh, en = name_of(["围墙", "高围墙", "围墙边", "围墙外", "the gadget", "a gadget", "my gadget", "gadget"])
    assert "围墙" in zh
    assert en == "Gadget"


def test_themes_of_one_language_agree_with_themselves() -> None:
    texts = ["围墙", "高围墙", "围墙边", "围墙外"]
    found = [(1.0, Idea(keys=("围墙",), pattern="single"))]
    assert agreed(found, speech_of(texts))
    assert not agreed(found, speech_of([*texts, "the gadget", "a gadget", "my gadget", "gadget"]))


def test_what_one_unit_says_is_nothing_in_common() -> None:
    others = ["围墙", "高围墙", "围墙边", "the gadget", "a gadget", "my gadget", "gadget"]
    for texts, common in ((["退货", *others], False), (["退货", "要退货", *others], True)):
        speech = speech_of(texts, near=("return",))
        key = next(key for key in speech.words.said if "退货" in key)
        assert agreed([(1.0, Idea(keys=(key,), pattern="single"))], speech) is common


def test_a_character_alone_is_said_longer() -> None:
    assert name_of(["书", "这本书", "书"])[0] == "书籍"


def test_a_phrase_that_cannot_be_said_in_one_language_is_no_name() -> None:
    speech = speech_of(["cupboard gadget"])
    assert both(Idea(keys=("cupboard", "gadget"), pattern="phrase"), speech, loans=True) is None


def test_no_name_is_had_by_two_themes() -> None:
    taken: tuple[set[str], set[str]] = (set(), set())
    first = distinct(("物流", "Delivery"), taken, iter([("仓库", "warehouse")]))
    second = distinct(("物流", "Delivery"), taken, iter([("物流", "delivery"), (None, "x"), ("仓库", "warehouse")]))
    third = distinct(("物流", "Delivery"), taken, iter([]))
    assert first == ("物流", "Delivery")
    assert second == ("物流（仓库）", "Delivery (warehouse)")
    assert third == ("物流 2", "Delivery 2")


def test_further_words_of_the_other_language_are_not_taken() -> None:
    assert apart("物流", {"物流"}, ["warehouse", "仓库"], chinese=True) == "物流（仓库）"
    assert apart("Delivery", {"delivery"}, ["仓库", "warehouse"], chinese=False) == "Delivery (warehouse)"


@pytest.mark.parametrize(
    ("name", "shown"), [("slow delivery", "Slow delivery"), ("iOS update", "iOS update"), ("", "")]
)
def test_sentence_case(name: str, shown: str) -> None:
    assert sentence_case(name) == shown


def test_words_of_two_scripts_are_joined_with_a_space() -> None:
    assert with_and(["控件", "UI", "图表"]) == "控件与 UI 与图表"
    assert with_and(["环境", "氛围"]) == "环境与氛围"


def test_a_month_is_the_one_that_was_said() -> None:
    assert name_of(["in august", "august", "an august"]) == ("八月", "August")
