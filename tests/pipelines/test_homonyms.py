from collections.abc import Sequence

import numpy as np
import pytest

from models.embedding import load_encoder
from pipelines.glossary import by_zh
from pipelines.han import A_HAN
from pipelines.homonyms import homonyms, meanings_of, subjects
from pipelines.keywords import count_words
from pipelines.records import Matrix
from pipelines.speech import Speech, say
from pipelines.terms import terms
from pipelines.translations import translator


def test_each_word_has_several_meanings_in_the_other_language() -> None:
    assert len(homonyms()) > 900
    assert sum(not word.isascii() for word in homonyms()) > 30
    for word, meanings in homonyms().items():
        said = [meaning.said for meaning in meanings]
        assert word == word.casefold()
        assert len(set(said)) == len(said) >= 2
        if word.isascii():
            assert all(A_HAN.search(one) or one[:1].isupper() for one in said)  # Spark is called Spark
        else:
            assert all(one.isascii() for one in said)
        assert all(meaning.subjects for meaning in meanings)


def test_every_subject_is_known_in_both_languages_and_used() -> None:
    used = {subject for meanings in homonyms().values() for meaning in meanings for subject in meaning.subjects}
    assert used == set(subjects())
    for words in subjects().values():
        assert A_HAN.search(words)
        assert len(words.split()) >= 8


def test_a_chinese_word_of_several_meanings_is_none_of_the_glossary() -> None:
    # The glossary would always give its first word.
    assert not {word for word in homonyms() if not word.isascii()} & set(by_zh())


def test_a_plural_is_its_word_and_a_relative_is_not() -> None:
    assert meanings_of("Libraries") == meanings_of("library") != ()
    assert meanings_of("boxes") == meanings_of("box") != ()
    assert meanings_of("packaging") == ()
    assert meanings_of("ke") == ()  # no key


def in_chinese(word: str, texts: Sequence[str]) -> str | None:
    encoder = load_encoder("shipped")
    said = [terms(text) for text in texts]
    words = count_words(said, [1] * len(said))
    centre = near(texts)

    def alike(one: str, others: Sequence[str]) -> Sequence[float]:
        vectors = encoder.encode([one, *others])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    speech = Speech(
        words=words,
        translate=lambda word, wanted, heard: None,
        cased={},
        heard=frozenset(term.surface for found in said for term in found),
        near=lambda word: float(encoder.encode([word])[0] @ centre),
        alike=alike,
        common=frozenset(),
        voices=(0, len(texts)),
    )
    key = next(key for key, sides in words.forms.items() if word in sides[1])
    return say(key, speech, chinese=True, loans=False)


def near(texts: Sequence[str]) -> Matrix:
    centre: Matrix = np.mean(load_encoder("shipped").encode(texts), axis=0)
    return centre / np.linalg.norm(centre)


CODE = ["install python modules with pip", "the script imports numpy", "compile and debug my functions"]
CAMPUS = ["more quiet places to study for exams", "students live far from the university", "lectures start too early"]
BOARD = ["drag a shape on the canvas", "the menu hides my text", "click a button to resize the page"]
NIGHT = ["live music and cocktails", "beer with friends after dinner", "a place with good drinks"]
PARCEL = ["the courier was two weeks late", "delivered to the wrong house", "shipping took forever"]
HOTEL = ["dirty towels in our room", "nobody cleaned the bathroom", "the reception never answered"]
BANK = ["a fee on my credit card", "the transfer is missing", "money taken from my account"]
GAME = ["the boss is too strong", "my hero has no weapon", "players want new enemies"]
CAR = ["the engine is loud on the motorway", "folding seats and a big boot", "brakes of this vehicle squeak"]
PHONE = ["the laptop overheats", "the charger broke", "a slow hard disk and few usb sockets"]
DOCTOR = ["the nurse was kind", "i waited for hours at the hospital", "pain after surgery"]
SHEET = ["merge cells in the spreadsheet", "sort the columns", "formulas across rows"]


@pytest.mark.parametrize(
    ("word", "texts", "meant"),
    [
        ("library", CODE, "库"),
        ("library", CAMPUS, "图书馆"),
        ("package", CODE, "软件包"),
        ("package", PARCEL, "包裹"),
        ("bar", BOARD, "工具栏"),
        ("bar", NIGHT, "酒吧"),
        ("statement", CODE, "语句"),
        ("statement", BANK, "对账单"),
        ("sheet", SHEET, "工作表"),
        ("sheet", HOTEL, "床单"),
        ("charge", BANK, "收费"),
        ("charge", PHONE, "充电"),
        ("level", GAME, "关卡"),
        ("level", CAMPUS, "水平"),
        ("trunk", CAR, "后备箱"),
        ("key", HOTEL, "钥匙"),
        ("key", PHONE, "按键"),
        ("operation", DOCTOR, "手术"),
        ("view", BOARD, "视图"),
        ("view", HOTEL, "景色"),
        ("order", PARCEL, "订单"),
        ("order", SHEET, "顺序"),
        ("return", CODE, "返回"),
        ("return", PARCEL, "退货"),
        ("spark", CODE, "Spark"),
        ("spark", CAR, "火花"),
        ("window", BOARD, "窗口"),
        ("window", HOTEL, "窗户"),
    ],
)
def test_what_the_theme_is_on_tells_which_meaning(word: str, texts: Sequence[str], meant: str) -> None:
    # One unit in four says the word.
    assert in_chinese(word, [*texts, f"about the {word}", *texts]) == meant


@pytest.mark.parametrize(
    ("word", "texts", "meant"),
    [
        ("安全性", ["刹车距离短", "发动机很强", "开车时气囊可靠"], "safety"),
        ("安全性", ["服务器被攻击", "密码泄露", "网络数据加密"], "security"),
        ("小米", ["手机屏幕清晰", "充电很快", "电池耐用"], "Xiaomi"),
        ("小米", ["粥很好喝", "菜的味道不错", "米饭软糯"], "millet"),
        ("三星", ["手机屏幕清晰", "充电很快"], "Samsung"),
        ("三星", ["酒店房间干净", "前台热情", "早餐丰富"], "three stars"),
    ],
)
def test_chinese_words_have_several_meanings_too(word: str, texts: Sequence[str], meant: str) -> None:
    translate = translator(load_encoder("shipped"))
    assert translate(word, "en", (), near(texts)) == meant


@pytest.mark.parametrize(
    ("word", "texts", "meant"),
    [
        ("server", ["the server rejects my api requests", "remote server connection over ssh", "server"], "服务器"),
        (
            "server",
            ["the server forgot our drinks", "slow service at dinner", "a rude waitress at the restaurant"],
            "服务员",
        ),
        ("table", ["sort the table", "merge columns and cells", "a spreadsheet with rows and columns"], "表格"),
        ("table", ["the wooden table wobbles", "a table by the window for dinner"], "桌子"),
        ("key", ["a keyboard key sticks when typing", "the enter key does not click", "key"], "按键"),
        ("presentation", ["slides for my presentation", "export the notebook as presentation"], "演示"),
        ("focus", ["the lecture should focus on proofs", "more focus on exercises"], "重点"),
    ],
)
def test_the_theme_tells_which_meaning(word: str, texts: Sequence[str], meant: str) -> None:
    assert in_chinese(word, texts) == meant
