"""Which models are in use, and what is wrong with one, in the reader's language."""

import ast
import re
import string
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.locale import LANGUAGES, UiLanguage, sentences
from app.models_listed import models_in_use
from app.settings import Settings
from app.store import projects, refits
from models import description, families

WEIGHTS = b"weights"


def with_refit(sha: str) -> Database:
    db = projects.prepare_project(connect(":memory:"))
    with write(db):
        made = refits.save(
            db, base="other base", encoder="other encoder", name="head", gain={}, sha256=sha, weights=WEIGHTS
        )
        refits.use(db, made, chosen_by="person")
    return db


@pytest.mark.parametrize(("language", "words"), [("zh", "重新拟合"), ("en", "re-fit again")])
@pytest.mark.parametrize(("sha", "value"), [(sha256(WEIGHTS).hexdigest(), "other base"), ("0" * 64, "head")])
def test_a_refit_that_cannot_be_used_says_why_and_what_to_do(
    language: UiLanguage, words: str, sha: str, value: str
) -> None:
    found: list[dict[str, Any]] = models_in_use(Settings(), with_refit(sha), language=language)
    assert [one["role"] for one in found] == ["encoder", "sentiment", "refit"]
    assert words in found[-1]["problem"]
    assert value in found[-1]["problem"]
    assert [one["problem"] for one in found[:-1]] == [None, None]


def problems() -> dict[str, set[str]]:
    """Return every code that is given to a problem, with the names of its values."""
    found: dict[str, set[str]] = {}
    for module in (description, families):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            given = {one.arg: one.value for one in node.keywords} if isinstance(node, ast.Call) else {}
            if isinstance(code := given.get("code"), ast.Constant):
                values = given.get("values")
                found[str(code.value)] = (
                    {str(key.value) for key in values.keys if isinstance(key, ast.Constant)}
                    if isinstance(values, ast.Dict)
                    else {"folder", "trained_on", "beside"}  # written one line above
                    if values is not None
                    else set()
                )
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_words_and_its_values_fill_them(language: UiLanguage) -> None:
    known = sentences(language)
    assert len(problems()) >= 11
    for code, names in problems().items():
        gaps = {name for _, name, _, _ in string.Formatter().parse(known[f"model.problem.{code}"]) if name}
        assert gaps == names, code


@pytest.mark.parametrize("setting", ["word2vec:x", "transformers:", "transformers:/nowhere", "shipped:/nowhere"])
def test_a_setting_that_names_no_model_is_told_in_the_readers_language(setting: str) -> None:
    for language in LANGUAGES:
        told = models_in_use(Settings(encoder=setting), language=language)[0]["problem"]
        assert bool(re.search(r"[\u4e00-\u9fff]", told)) == (language == "zh")
        assert "{" not in told
        assert told[-1] not in ".。", "it stands within another sentence"
