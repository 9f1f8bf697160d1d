"""Every error that the application raises has words in both languages, and its gaps are filled."""

import ast
import string
from pathlib import Path

import pytest

import app
from app.locale import LANGUAGES, sentences

TREES = [ast.parse(path.read_text("utf-8")) for path in Path(app.__file__).parent.rglob("*.py")]


def codes() -> dict[str, set[str]]:
    """Return every code given to an error, with the names of the values given with it."""
    found: dict[str, set[str]] = {}
    for tree in TREES:
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            code = given.get("code")
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                names = value_names(given.get("values"))
                found[code.value] = names & found[code.value] if code.value in found else names
    return found


def value_names(values: ast.expr | None) -> set[str]:
    """Return the names of the values given; of a mapping that is not written out, any sentence's."""
    if values is None:
        return set()
    if not isinstance(values, ast.Dict) or None in values.keys:
        return {gap for sentence in sentences("en").values() for gap in gaps(sentence)}
    return {str(key.value) for key in values.keys if isinstance(key, ast.Constant)}


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    known = sentences("zh" if language == "zh" else "en")
    assert {code for code in codes() if f"error.{code}" not in known} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_says_what_to_do_next(language: str) -> None:
    known = sentences("zh" if language == "zh" else "en")
    told = {key.removeprefix("error.").removesuffix(".one") for key in known if key.startswith("error.")}
    assert {code for code in told | codes().keys() if not known.get(f"hint.{code}")} == set()


def test_both_languages_tell_the_same() -> None:
    zh, en = sentences("zh"), sentences("en")
    told = [key for key in en if key.startswith(("error.", "hint.", "reason."))]
    assert {key for key in told if key not in zh} == set()
    for key in told:
        if not key.endswith(".one"):
            assert gaps(zh[key]) == gaps(en[key]), key


def test_no_gap_stays_open() -> None:
    filled_elsewhere = {"invalid_request", "http_error", "method_not_allowed", "no_such_address", "internal"}
    en = sentences("en")
    for code, names in codes().items():
        if code not in filled_elsewhere:
            assert gaps(en[f"error.{code}"]) | gaps(en.get(f"hint.{code}", "")) <= names, code
