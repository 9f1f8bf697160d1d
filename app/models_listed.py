"""Which models are in use, told without loading any: those of the settings, and what a project's corrections added."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from app.locale import UiLanguage, say
from app.settings import Settings
from app.store import refits
from models.description import ModelFacts, describe

Entry = dict[str, Any]


def models_in_use(settings: Settings, db: Database | None = None, *, language: UiLanguage) -> list[Entry]:
    """Return the encoder and the sentiment model of the settings, and the re-fit of a project where one is in use.

    What is wrong with a re-fit is told in the reader's language.
    """
    facts = (describe(settings.encoder, "encoder"), describe(settings.sentiment, "sentiment"))
    entries = [_entry(one) for one in facts]
    used = None if db is None else refits.active(db)
    if db is not None and used is not None:
        known: dict[str, str | None] = {one.role: one.name for one in facts}
        entries.append(_refit_entry(used, refits.weights(db, used.id), known=known, language=language))
    return entries


def _entry(facts: ModelFacts) -> Entry:
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
        "problem": facts.problem,
        "files": [
            {"name": file.name, "bytes": file.bytes, "sha256": file.sha256, "verified": file.verified}
            for file in facts.files
        ],
    }


def _refit_entry(used: refits.Refit, weights: bytes, *, known: Mapping[str, str | None], language: UiLanguage) -> Entry:
    digest = sha256(weights).hexdigest()
    problem = None
    if digest != used.sha256:
        problem = say(language, "model.problem.damaged", {"name": used.name})
    elif known["sentiment"] not in (None, used.base) or known["encoder"] not in (None, used.encoder):
        values = {"name": used.name, "base": used.base, "encoder": used.encoder}
        problem = say(language, "model.problem.other_model", values)
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
