import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.tokens import cut, is_chinese, normalise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("物流太慢了，但是客服很好", ["物流", "太慢", "了", "但是", "客服", "很", "好"]),
        ("The Battery DIES by noon!", ["the", "battery", "dies", "by", "noon"]),
        ("it doesn't work", ["it", "does", "not", "work"]),
        ("it doesn’t work", ["it", "does", "not", "work"]),
        ("ＡＰＰ　闪退", ["app", "闪退"]),
        ("客服態度", ["客服", "态度"]),
        ("Café", ["cafe"]),
        ("", []),
        ("👍 ……", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert cut([text]) == [words]


@given(st.lists(st.text(alphabet="很好慢app1.\n\r\u2028 不't’_！é", max_size=12), max_size=8))
@settings(deadline=None)
def test_words_do_not_depend_on_the_texts_beside(texts: list[str]) -> None:
    assert cut(texts) == [cut([text])[0] for text in texts]
    assert normalise(texts) == [normalise([text])[0] for text in texts]


@given(st.lists(st.text(), max_size=5))
@settings(deadline=None)
def test_any_text_is_cut(texts: list[str]) -> None:
    words = cut(texts)
    assert len(words) == len(texts)
    assert all(word.strip() for text in words for word in text)


def test_both_segmenters_agree() -> None:
    import jieba
    import rjieba

    jieba.setLogLevel(60)
    text = "配送速度快 包装也很精美 就是价格比实体店贵一点 希望多搞活动 app 用起来卡顿"
    assert rjieba.cut(text) == jieba.lcut(text)


def test_chinese_words() -> None:
    assert [is_chinese(word) for word in ("退款", "t恤", "refund", "12")] == [True, True, False, False]
