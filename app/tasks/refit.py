"""Re-fit: the sentiment model learns from people's corrections, and every unit is scored again with what it learnt."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlite_utils import Database

from app.database import write
from app.errors import NotFound, Unusable
from app.settings import Settings
from app.store import corrections, refits, runs, verbatims
from app.store.corrections import JudgedText
from app.store.learning import FEWEST_JUDGED
from app.tasks.analyse import peak_mb, project_counts, recorded_versions
from app.tasks.insight import save_customer_types
from app.tasks.models_in_use import load_base, refitted
from app.vector_cache import CachedEncoder
from models.sentiment import SentimentModel
from models.sentiment.refit import ANCHORS, Judged, RefittedSentiment, cross_validated, digest, refit, to_bytes
from pipelines.gain import Gain, JudgedLabels, gain
from pipelines.records import LABELS, Report, Run, silent
from pipelines.score import label_of, sentiment_of

BATCH = 4096


def refit_project(db: Database, *, settings: Settings, anyway: bool = False, report: Report = silent) -> dict[str, Any]:
    """Fit a head to all that people judged, measure it on what it did not see, and use it where it is better.

    `anyway` uses it whatever the measure says: a person decided. Every unit is then scored again; what people decided
    stays. Raises Unusable where too little was judged.
    """
    began = time.perf_counter()
    found = corrections.judged_texts(db)
    if len(found) < FEWEST_JUDGED:
        raise Unusable(code="too_few_judged", values={"judged": len(found), "fewest": FEWEST_JUDGED})
    encoder, base = load_base(db, settings)
    report("fit", 0, 2)
    judged = Judged(
        texts=tuple(one.shadow for one in found),
        labels=tuple(LABELS.index(one.sentiment) for one in found),
        anchors=corrections.other_texts(db, limit=ANCHORS),
    )
    measured = _measure(found, judged, base=base, encoder=encoder)
    report("fit", 1, 2)
    head = refit(judged, base=base, encoder=encoder)
    report("fit", 2, 2)
    model = RefittedSentiment(base=base, encoder=encoder, head=head)
    weights = to_bytes(head)
    used = anyway or measured.verdict in ("better", "perhaps")
    with write(db):
        refit_id = refits.save(
            db,
            base=base.name,
            encoder=encoder.name,
            name=model.name,
            gain=asdict(measured),
            sha256=digest(weights),
            weights=weights,
        )
    result: dict[str, Any] = {"refit": refit_id, "gain": asdict(measured), "active": used}
    if used:
        seconds = {"fit": round(time.perf_counter() - began, 3)}
        result |= _score_again(
            db,
            model,
            refit_id=refit_id,
            chosen_by="person" if anyway else "gain",
            encoder=encoder,
            settings=settings,
            seconds=seconds,
            report=report,
        )
    return result


def use_refit(db: Database, *, settings: Settings, active: bool, report: Report = silent) -> dict[str, Any]:
    """Put the newest head in use, or none, and score every unit again. Raises NotFound where there is no head,
    Unusable where the newest one belongs to other models.
    """
    newest = refits.latest(db)
    if newest is None:
        raise NotFound(code="no_refit")
    encoder, base = load_base(db, settings)
    if active and (newest.base, newest.encoder) != (base.name, encoder.name):
        raise Unusable(code="refit_of_another_model", values={"base": newest.base, "model": base.name})
    scored = _score_again(
        db,
        refitted(db, newest, base=base, encoder=encoder) if active else base,
        refit_id=newest.id if active else None,
        chosen_by="person" if active else None,
        encoder=encoder,
        settings=settings,
        seconds={},
        report=report,
    )
    return {"refit": newest.id, "active": active, **scored}


def _measure(found: tuple[JudgedText, ...], judged: Judged, *, base: SentimentModel, encoder: CachedEncoder) -> Gain:
    unseen = cross_validated(judged, base=base, encoder=encoder)
    own = base.predict(judged.texts)
    labels = [
        JudgedLabels(
            person=one.sentiment, model=label_of(own[row]), refitted=label_of(unseen[row]), sampled=one.sampled
        )
        for row, one in enumerate(found)
    ]
    anchors = base.predict(judged.anchors or judged.texts)
    return gain(labels, confidence=float(np.mean(anchors.max(axis=1))))


def _score_again(
    db: Database,
    model: SentimentModel,
    *,
    refit_id: int | None,
    chosen_by: str | None,
    encoder: CachedEncoder,
    settings: Settings,
    seconds: Mapping[str, float],
    report: Report,
) -> dict[str, Any]:
    """Score every text of the project with a model, and put its head in use with a run of its own, in one write."""
    began = time.perf_counter()
    texts = corrections.distinct_texts(db)
    scored = []
    report("score", 0, len(texts))
    for start in range(0, len(texts), BATCH):
        some = texts[start : start + BATCH]
        rows = model.predict([shadow for _, shadow in some])
        scored += [(key, sentiment_of("", row)) for (key, _), row in zip(some, rows, strict=True)]
        report("score", start + len(some), len(texts))
    report("insight", 0, 1)
    with write(db):
        refits.use(db, refit_id, chosen_by=chosen_by)
        changed = corrections.replace_sentiments(db, scored)
        corrections.apply(db)
        verbatims.set_sentiments(db)
        save_customer_types(db, None)
        number = runs.start(db)
        before = runs.latest(db)
        run = Run(
            counts=project_counts(db),
            # Themes are still those that the earlier run found with its encoder and settings.
            models={
                "encoder": encoder.name if before is None else before["models"]["encoder"],
                "sentiment": model.name,
            },
            settings={} if before is None else before["settings"],
            seed=settings.seed,
            seconds={**seconds, "score": round(time.perf_counter() - began, 3)},
            versions=recorded_versions(settings),
        )
        runs.save(db, number, run, kind="refit", peak_mb=peak_mb())
    report("insight", 1, 1)
    return {"run": number, "changed": changed}
