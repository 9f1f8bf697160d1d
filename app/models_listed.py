"""Which models are in use, told without loading any: those of the settings, and what a project's corrections added."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from app.errors import BadRequest
from app.locale import LANGUAGES, UiLanguage, say
from app.settings import Settings
from app.store import refits
from models.description import ModelFacts, Role, describe
from models.families import NoSuchModel

Entry = dict[str, Any]


def models_in_use(settings: Settings, db: Database | None = None, *, language: UiLanguage) -> list[Entry]:
    """Return the encoder and the sentiment model of the settings, and the re-fit of a project where one is in use.

    What is wrong with one is told in the reader's language.
    """
    facts = (describe(settings.encoder, "encoder"), describe(settings.sentiment, "sentiment"))
    entries = [_entry(one, language) for one in facts]
    used = None if db is None else refits.active(db)
    if db is not None and used is not None:
        known: dict[str, str | None] = {one.role: one.name for one in facts}
        entries.append(_refit_entry(used, refits.weights(db, used.id), known=known, language=language))
    return entries


def no_model(setting: str, role: Role, error: Exception) -> BadRequest:
    """Return the error of a model that could not be loaded: what describing it finds wrong, else what loading said."""
    problem = describe(setting, role).problem
    reason = why_not(error) if problem is None else _in_words(problem.code, problem.values)
    return BadRequest(code="no_model", values={"model": setting, "reason": reason})


def why_not(error: Exception) -> object:
    """Return why a model could not be loaded, as a value of an error: in each language where we have the words."""
    if isinstance(error, NoSuchModel):
        return _in_words(error.code, error.values)
    return " ".join(str(error).split())[:300].rstrip(".")


def _in_words(code: str, values: Mapping[str, str]) -> dict[str, str]:
    return {language: say(language, f"model.problem.{code}", values) for language in LANGUAGES}


def _entry(facts: ModelFacts, language: UiLanguage) -> Entry:
    wrong = facts.problem
    return {
        "role": facts.role,
        "setting": facts.setting,
        "title": facts.title,
        "name": facts.name,
        "version": facts.version,
        "verified": facts.verified,
        "bytes": facts.bytes if facts.folder is not None else None,
        "dim": facts.dim,
        "classes": list(facts.classes),
        "trained_on": facts.trained_on,
        "folder": None if facts.folder is None else str(facts.folder),
        "card": None if facts.card is None else str(facts.card),
        "network": facts.network,
        "problem": None if wrong is None else say(language, f"model.problem.{wrong.code}", wrong.values),
        "files": [
            {"name": file.name, "bytes": file.bytes, "sha256": file.sha256, "verified": file.verified}
            for file in facts.files
        ],
    }


def _refit_entry(used: refits.Refit, weights: bytes, *, known: Mapping[str, str | None], language: UiLanguage) -> Entry:
    digest = sha256(weights).hexdigest()
    problem = None
    if digest != used.sha256:
        problem = say(language, "model.problem.refit_damaged", {"name": used.name})
    elif known["sentiment"] not in (None, used.base) or known["encoder"] not in (None, used.encoder):
        values = {"name": used.name, "base": used.base, "encoder": used.encoder}
        problem = say(language, "model.problem.refit_of_other", values)
    return {
        "role": "refit",
        "setting": "",
        "title": "Head re-fitted to corrections",
        "name": used.name,
        "version": used.made_at,
        "verified": digest == used.sha256,
        "bytes": len(weights),
        "dim": None,
        "classes": ["negative", "neutral", "positive"],
        "trained_on": used.base,
        "folder": None,
        "card": None,
        "network": False,
        "problem": problem,
        "files": [{"name": "refits", "bytes": len(weights), "sha256": used.sha256, "verified": digest == used.sha256}],
    }
