"""Every sentence is there in both languages, every key that is used exists, and none is there for nothing."""

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest

import app
from app.locale import LANGUAGES, UiLanguage, preferred, say, sentences

APP = Path(app.__file__).parent
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)+")


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@cache
def spoken() -> tuple[set[str], set[str]]:
    """Return (texts written out in the code and the templates, beginnings that a name is put behind)."""
    whole: set[str] = set()
    begun: set[str] = set()
    for path in APP.rglob("*.html"):
        text = path.read_text("utf-8")
        for quoted, joined in re.findall(r"""["']([a-z_]+\.[a-z0-9_.]*)["'](\s*~)?""", text):
            (begun if joined else whole).add(quoted)
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
    return whole, {one for one in begun if re.fullmatch(r"[a-z_]+\.[a-z0-9_.]*", one)}


def test_both_languages_have_the_same_sentences() -> None:
    zh, en = sentences("zh"), sentences("en")
    plural = {key for key in en if key.endswith(".one")}
    assert {key.removesuffix(".one") for key in plural} <= set(en)
    assert set(en) - plural == set(zh)


def test_both_languages_have_the_same_gaps() -> None:
    zh, en = sentences("zh"), sentences("en")
    assert {key for key in zh if gaps(zh[key]) != gaps(en[key])} == set()


def test_every_key_a_page_asks_for_exists() -> None:
    known = set(sentences("en"))
    asked = {
        key
        for path in APP.rglob("*.html")
        for key in re.findall(r"""\bt\(\s*["']([a-z_.0-9]+)["']\s*[,)]""", path.read_text("utf-8"))
    }
    assert asked - known == set()


def test_no_sentence_is_left_over() -> None:
    whole, begun = spoken()
    codes = {f"{head}.{word}" for word in whole for head in ("error", "hint", "reason")}
    left = {
        key
        for key in sentences("en")
        if (plain := key.removesuffix(".one")) not in whole | codes and not any(plain.startswith(one) for one in begun)
    }
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_typography(language: UiLanguage) -> None:
    for key, sentence in sentences(language).items():
        assert sentence == sentence.strip() or key in (
            "list.comma",
            "list.gap",
            "list.colon",
            "overview.left_out",
            "change.points",
        ), key
        if language == "zh":
            assert not re.search(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", sentence), f"{key}: a space inside Chinese"
            told = re.sub("“.*?”", "", sentence)  # what is to be typed is typed as it stands
            assert not re.search(r"[\u4e00-\u9fff][,;:!?](?!\w*\})", told), f"{key}: half-width punctuation"
            assert re.search(r"[\u4e00-\u9fff]|\{", sentence) or sentence.isascii() or len(sentence) < 4, key


def test_chinese_counts_opinions_with_one_word_and_touches_what_stands_beside_it() -> None:
    """个 counts opinions, 条 whole verbatims; no space between Chinese and digits, Latin letters or a gap."""
    for key, sentence in sentences("zh").items():
        assert not re.search("条(?!原声|的)[^，。；、：“”]{0,8}观点", sentence), f"{key}: 条 with opinions"
        assert not re.search(r"[\u4e00-\u9fff] +[\w{}/'\-]|[\w{}%'] +[\u4e00-\u9fff]", sentence), f"{key}: a space"


def test_saying() -> None:
    assert say("en", "overview.rejected", {"count": 1}) == "1 row rejected"
    assert say("en", "overview.rejected", {"count": 1234}) == "1,234 rows rejected"
    assert say("zh", "overview.rejected", {"count": 1}) == "1行被拒收"
    assert say("zh", "nobody.wrote.this") == "nobody.wrote.this"
    assert say("en", "verbatim.row", {"other": 1}) == "row {row}"


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,zh;q=0.5", "en"), ("fr,zh-TW;q=0.7", "zh"), ("fr", "en"), (None, "en")],
)
def test_the_browsers_language(header: str | None, language: UiLanguage) -> None:
    assert preferred(header) == language
