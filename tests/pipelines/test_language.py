import pytest

from pipelines.language import detect, inside
from pipelines.records import Language


@pytest.mark.parametrize(
    ("span", "whole", "language"),
    [
        ("battery", "zh", "en"),
        ("QQ： [手机号]", "zh", "en"),
        ("很好", "zh", "zh"),
        ("客服very slow，完全not helpful", "mixed", "mixed"),
        ("livraison rapide", "other", "other"),
        ("but the staff was great", "other", "en"),
        ("👍", "en", "other"),
    ],
)
def test_a_span_leans_on_the_text_it_is_from(span: str, whole: Language, language: str) -> None:
    assert inside(span, whole) == language


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("zh", ["物流太慢", "好", "買了iPhone 15 Pro Max 很好", "这个app很好用", "物流太慢了 [phone]", "K歌不错"]),
        (
            "en",
            [
                "delivery takes forever",
                "good",
                "logistics",
                "OK",
                "The screen cracked after 2 days",
                "call [手机号] please",
                "Bluetooth pairing fails",
                "Hampton Vancouver",
                "flimsy zipper, mushy buttons",
            ],
        ),
        ("mixed", ["客服very slow，完全not helpful", "物流slow但是客服nice", "Great phone 很喜欢"]),
        (
            "other",
            [
                "ありがとうございます",
                "とても良い商品です",
                "안녕하세요",
                "Отлично",
                "très bon produit, livraison rapide",
                "La livraison a pris trois semaines et personne ne répond",
                "bahut acha samaan, jaldi se ghar tak pahunch gaya",
                "123",
                "👍",
                "",
            ],
        ),
    ],
)
def test_language_follows_the_script_and_then_the_words(language: str, texts: list[str]) -> None:
    assert {text: detect(text) for text in texts} == dict.fromkeys(texts, language)
