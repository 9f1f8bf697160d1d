"""Which models are in use, and what is wrong with one, in the reader's language."""

from hashlib import sha256
from typing import Any

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.locale import UiLanguage
from app.models_listed import models_in_use
from app.settings import Settings
from app.store import projects, refits

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
