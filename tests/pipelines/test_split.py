from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean import clean
from pipelines.records import Verbatim
from pipelines.redact import MASKS
from pipelines.split import spans, split


def verbatim(text: str, **changes: str) -> Verbatim:
    return Verbatim(id=changes.get("id", "v_1"), source_id="s", row=2, text=text, language="zh")


def units(text: str) -> list[str]:
    return [unit.text for unit in split(verbatim(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # contrast and addition
        ("物流太慢了，但是客服态度很好", ["物流太慢了", "客服态度很好"]),
        ("物流太慢了，但是呢，客服态度很好", ["物流太慢了", "呢，客服态度很好"]),
        ("味道不错就是有点贵", ["味道不错", "有点贵"]),
        ("屏幕漂亮，不过电池不行", ["屏幕漂亮", "电池不行"]),
        ("虽然贵，质量真的好", ["贵", "质量真的好"]),
        ("看着不错，服务员却爱理不理", ["看着不错", "服务员却爱理不理"]),
        ("送得慢而且饮料还洒了", ["送得慢", "饮料还洒了"]),
        ("不但好吃而且便宜", ["不但好吃而且便宜"]),
        ("忙不过来", ["忙不过来"]),
        ("我买了两个但是只到了一个", ["我买了两个但是只到了一个"]),
        ("The food was great, but the service was slow.", ["The food was great", "the service was slow"]),
        ("I love the screen; however, the battery is terrible", ["I love the screen", "the battery is terrible"]),
        ("Although the room was tiny, the bed was comfy.", ["the room was tiny", "the bed was comfy"]),
        ("The room was clean and the staff were friendly.", ["The room was clean", "the staff were friendly"]),
        ("not only good but also cheap", ["not only good but also cheap"]),
        ("fast and easy", ["fast and easy"]),
        ("too bad the food and service aren't better", ["too bad the food and service aren't better"]),
        # what turns: 就是 in general, 其他, brackets, 却 behind its subject
        ("套餐划算，就是吸管只给了一根", ["套餐划算", "吸管只给了一根"]),
        ("面条不错就是汤淡", ["面条不错", "汤淡"]),
        ("最满意就是前台阿姨", ["最满意就是前台阿姨"]),
        ("我喜欢的，就是家门口那家", ["我喜欢的，就是家门口那家"]),
        ("接电话的不是他，就是老板", ["接电话的不是他，就是老板"]),
        ("整体来看的话，就是有点吵", ["整体来看的话，就是有点吵"]),
        ("就是电梯慢，其他都满意", ["就是电梯慢", "其他都满意"]),
        ("键盘好用（就是声音有点大）", ["键盘好用", "（就是声音有点大）"]),
        ("屋子虽旧打扫却勤快", ["屋子虽旧", "打扫却勤快"]),
        ("小店一脸冷漠却生意火爆", ["小店一脸冷漠", "生意火爆"]),
        ("lovely soup (but the bread was stale)", ["lovely soup", "(but the bread was stale)"]),
        ("Nice (albeit dark) lobby", ["Nice (albeit dark) lobby"]),
        ("I would not sleep here even if it were free", ["I would not sleep here even if it were free"]),
        ("Solid desk, just stay away from the chair", ["Solid desk", "just stay away from the chair"]),
        # comma splices and main clauses; a clause that says when or why stays with what it explains
        ("the tea was good, the tables were sticky", ["the tea was good", "the tables were sticky"]),
        ("The hall is noisy and the seats are oversized", ["The hall is noisy", "the seats are oversized"]),
        ("When it finally came, the parcel was wet", ["When it finally came, the parcel was wet"]),
        ("I left as the hall was noisy and the seats jammed", ["I left as the hall was noisy and the seats jammed"]),
        ("The lamp is bright, very sturdy base", ["The lamp is bright", "very sturdy base"]),
        ("The fact is, this tent is a wonderful thing", ["The fact is, this tent is a wonderful thing"]),
        ("It is a great, cheap hotel", ["It is a great, cheap hotel"]),
        (
            "Despite the dull paint, faded and old, the rooms are clean",
            ["Despite the dull paint, faded and old", "the rooms are clean"],
        ),
        ("the mount is solid- the strap is flimsy", ["the mount is solid", "the strap is flimsy"]),
        ("good for two- or three-day trips", ["good for two- or three-day trips"]),
        # a noun that the next piece judges; what describes by being said twice
        ("茶具很新，其他的饮料，没啥好喝的", ["茶具很新", "其他的饮料，没啥好喝的"]),
        ("东西很好，昨天收到了，很满意", ["东西很好，昨天收到了，很满意"]),
        ("包装完好，味道怪怪的", ["包装完好", "味道怪怪的"]),
        ("口感挺好，脆脆的", ["口感挺好，脆脆的"]),
        ("妈妈的手机很好用", ["妈妈的手机很好用"]),
        ("房间很大，床只有一张", ["房间很大", "床只有一张"]),
        # lists and chains
        ("位置好、服务差、早餐一般", ["位置好", "服务差", "早餐一般"]),
        ("外观漂亮，手感不错，就是电池不耐用", ["外观漂亮", "手感不错", "电池不耐用"]),
        ("等了很久，一直没人理我", ["等了很久，一直没人理我"]),
        ("环境非常不错，非常喜欢，性价比非常高", ["环境非常不错，非常喜欢", "性价比非常高"]),
        ("苹果、香蕉、梨都很好吃", ["苹果、香蕉、梨都很好吃"]),
        ("屏幕很大，看电影的时候，声音也很好", ["屏幕很大", "看电影的时候，声音也很好"]),
        ("价格便宜，颜色，款式都很好", ["价格便宜", "颜色，款式都很好"]),
        ("great location, poor service, average breakfast", ["great location", "poor service", "average breakfast"]),
        ("1.位置不错2.房间比较旧3.服务态度好", ["位置不错", "房间比较旧", "服务态度好"]),
        ("优点：交通方便 缺点：隔音太差", ["优点：交通方便", "缺点：隔音太差"]),
        # Chinese without punctuation
        ("质量好 物流快 会回购", ["质量好", "物流快", "会回购"]),
        ("手机很好看快递也给力", ["手机很好看", "快递也给力"]),
        ("很好吃的面包", ["很好吃的面包"]),
        ("很好吃👍下次还来", ["很好吃👍", "下次还来"]),
        ("真差[怒]再也不来了", ["真差[怒]", "再也不来了"]),
        # never cut inside
        ("花了3,000元，4.5分，12:30到，1.5倍价", ["花了3,000元，4.5分，12:30到，1.5倍价"]),
        ("他说“好吃，但是贵”就走了", ["他说“好吃，但是贵”就走了"]),
        ("看《你好，再见》很感动", ["看《你好，再见》很感动"]),
        ("see https://a.example.com/x?y=1,2;z. It broke", ["see https://a.example.com/x?y=1,2;z", "It broke"]),
        ("Dr. Smith, e.g. v2.0 at 3 p.m. was late", ["Dr. Smith, e.g. v2.0 at 3 p.m. was late"]),
        ("大家好(╯°□°)╯真差", ["大家好(╯°□°)╯真差"]),
        ("nice ;) thanks", ["nice ;) thanks"]),
        ("请打[手机号]，谢谢", ["请打[手机号]，谢谢"]),
        # fragments go to a neighbour
        ("嗯，好的", ["嗯，好的"]),
        ("Ok. The app crashes.", ["Ok. The app crashes"]),
        ("不错。👍", ["不错。👍"]),
        ("好！物流快", ["好！", "物流快"]),
        # both languages in one text, Traditional as written
        ("物流slow但是客服nice", ["物流slow", "客服nice"]),
        ("物流太慢，但是客服態度很好", ["物流太慢", "客服態度很好"]),
        ("Battery is bad. 客服很好", ["Battery is bad", "客服很好"]),
        ("👍", ["👍"]),
        ("", []),
        ("，。", []),
    ],
)
def test_a_verbatim_is_cut_between_opinions(text: str, expected: list[str]) -> None:
    assert units(text) == expected


def test_units_carry_offsets_language_shadow_and_stable_ids() -> None:
    text = "物流太慢了，但是客服態度很好。The box was torn."
    first, second, third = split(verbatim(text))
    assert [(u.start, u.end) for u in (first, second)] == [(0, 5), (8, 14)]
    assert [u.language for u in (first, second, third)] == ["zh", "zh", "en"]
    assert second.shadow == "客服态度很好"
    assert split(verbatim(text)) == (first, second, third)
    assert split(verbatim(text, id="v_2"))[0].id != first.id


def test_run_on_text_is_cut_to_a_readable_length() -> None:
    text = "我们上周去了那家店然后排队排到晚上大家都说这家是附近最有名的所以我们就进去看看结果里面人山人海" * 5
    pieces = units(text)
    assert max(map(len, pieces)) <= 70
    assert "".join(pieces) == text


_WORDS = """
物流太慢 客服很好 但是 而且 就是 却 ， 、 。 ！ … 3.5 1,000 “很好，真的” but and e.g. https://a.io/b,c (╯°□°)╯ 👍 👨‍👩‍👧
[手机号] [phone] 優點： 1. 2、 ① 嗯 ok 《书，名》 a@b.cn although 虽然 不错 :-) 12:30 //@x
"""
_BITS = [*_WORDS.split(), " ", "\n", ", ", ". ", " the food was great", " but "]
_TEXT = st.one_of(
    st.lists(st.sampled_from(_BITS), max_size=14).map("".join),
    st.text(max_size=80),
    st.text(alphabet="很好吃的，。a .!", max_size=200),
)
_SKIPPED = set(
    "但是而且就却不过虽然尽管只倒加上以及另外此还有并同时再其次"
    "①②1234567890.,、，。！？!?;；:：~～…-—–|┋•·()（）[]【】「」『』“”‘’《》\"' \n\t"
)


@settings(deadline=None)  # the first example loads the converter and the language detector
@given(_TEXT)
def test_offsets_are_exact_in_order_and_without_overlap(raw: str) -> None:
    text = clean(raw)
    found = split(verbatim(text))
    assert all(text[u.start : u.end] == u.text and u.text == u.text.strip() and u.text for u in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    if any(c.isalpha() for c in text):
        assert found


@settings(deadline=None)
@given(st.lists(st.sampled_from(_BITS), max_size=14).map("".join))
def test_no_word_is_lost_but_connectives(text: str) -> None:
    kept = bytearray(len(text))
    for unit in split(verbatim(text)):
        kept[unit.start : unit.end] = b"\x01" * (unit.end - unit.start)
    lost = "".join(c if not keep else " " for c, keep in zip(text, kept, strict=True))
    lost = "".join(c if c not in _SKIPPED else " " for c in lost)
    assert set(lost.lower().split()) <= {"but", "and", "although"}


@settings(deadline=None)
@given(st.lists(st.sampled_from(_BITS), max_size=14).map("".join))
def test_what_is_held_is_whole_in_one_unit(text: str) -> None:
    pieces = units(text)
    for whole in (*MASKS, "👨\u200d👩\u200d👧", "“很好，真的”"):
        if whole in text:
            assert sum(piece.count(whole) for piece in pieces) == text.count(whole)


def test_idioms_of_praise_and_blame_carry_an_opinion() -> None:
    for text, parts in (
        ("产品没问题，物流拖后腿。", ["产品没问题", "物流拖后腿"]),
        ("外观绝了，续航掉链子", ["外观绝了", "续航掉链子"]),
    ):
        assert [text[start:end] for start, end in spans(text)] == parts
