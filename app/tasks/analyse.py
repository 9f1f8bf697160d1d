"""Analyse: all verbatims of a project into themes, or new verbatims into the themes there are."""

import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from platform import python_version
from typing import Any, TypeVar

from sqlite_utils import Database

from app.collector import collector_paused
from app.database import write
from app.errors import Unusable
from app.settings import Settings, analysis_settings
from app.store import (
    codebook,
    corrections,
    counts,
    emerging,
    projects,
    proposed_names,
    runs,
    sources,
    themes,
    units,
    vectors,
    verbatims,
)
from app.store.filters import NO_FILTERS
from app.store.found import similarities
from app.store.proposed_names import NameInUse
from app.tasks.codebook import CODEBOOK_USED, codebook_counts
from app.tasks.edit_replay import after_run, before_run, known_of
from app.tasks.emerging import propose
from app.tasks.insight import save_insight
from app.tasks.models_in_use import load_models
from app.tasks.naming import naming_counts, propose_names
from app.vector_cache import CachedEncoder
from models.sentiment import SentimentModel
from pipelines import analyse as pipeline
from pipelines.assign import reaches
from pipelines.codebook_entries import digest
from pipelines.records import Analysis, Report, Run, silent
from pipelines.spread import Spread, in_turn

Item = TypeVar("Item")

RECORDED = ("xinsheng", "numpy", "hdbscan", "igraph", "jieba", "rjieba", "scikit-learn", "opencc")
"""Packages whose version can change a result, written down with every run."""
WITH_TRANSFORMERS = ("torch", "transformers", "sentence-transformers")
"""Those that change it too where a model other than the small shipped ones is set."""


@collector_paused()
def analyse_project(
    db: Database, *, settings: Settings, spread: Spread = in_turn, report: Report = silent
) -> dict[str, Any]:
    """Run a full analysis and store it in one write, so that readers see the old one or the new one, never half.

    Themes that are found again keep their ids and names. Raises Unusable where there is nothing to analyse and never
    was; a project whose last source was deleted is left without themes.
    """
    found = verbatims.all_records(db)
    if not found and runs.latest(db) is None:
        raise Unusable(code="nothing_to_analyse")
    hashes = verbatims.content_hashes(db)
    defined = codebook.all_entries(db)
    encoder, model = load_models(db, settings, spread=_for_vectors(spread, settings))
    analysis = pipeline.analyse(
        found,
        known_of(db),
        encoder=encoder,
        sentiment_model=model,
        settings=analysis_settings(settings),
        codebook=defined,
        spread=spread,
        report=report,
    )
    return _save(
        db,
        analysis,
        kind="full",
        proposed=propose_names(db, analysis, encoder=encoder, settings=settings, report=report),
        codebook_used=digest(defined),
        hashes=hashes,
        encoder=encoder,
        model=model,
        settings=settings,
        report=report,
    )


@collector_paused()
def extend_project(
    db: Database, *, settings: Settings, spread: Spread = in_turn, report: Report = silent
) -> dict[str, Any]:
    """Place verbatims that no run has seen into the known themes.

    Without themes it is a full analysis; so it is where another encoder found them, whose vectors say nothing beside
    those of this one.
    """
    known = known_of(db)
    before = runs.latest(db)
    encoder, model = load_models(db, settings, spread=_for_vectors(spread, settings))
    if not known.themes or before is None or before["models"]["encoder"] != encoder.name:
        return analyse_project(db, settings=settings, spread=spread, report=report)
    known = replace(known, reach=reaches(similarities(db), analysis_settings(settings)))
    found = verbatims.all_records(db, only_new=True)
    hashes = verbatims.content_hashes(db)
    analysis = pipeline.extend(
        found,
        known,
        encoder=encoder,
        sentiment_model=model,
        settings=analysis_settings(settings),
        codebook=codebook.all_entries(db),
        spread=spread,
        report=report,
    )
    done = _save(
        db, analysis, kind="extend", hashes=hashes, encoder=encoder, model=model, settings=settings, report=report
    )
    return {**done, "emerging": propose(db, encoder=encoder, settings=settings)}


def _for_vectors(spread: Spread, settings: Settings) -> Spread:
    """Return who computes vectors: on one machine the caller, as quick at it as it is at sending texts and vectors."""
    return spread if settings.engine == "ray" else in_turn


def _save(
    db: Database,
    analysis: Analysis,
    *,
    kind: str,
    hashes: dict[str, str],
    encoder: CachedEncoder,
    model: SentimentModel,
    settings: Settings,
    report: Report,
    codebook_used: str | None = None,
    proposed: Mapping[str, NameInUse] | None = None,
) -> dict[str, Any]:
    began = time.perf_counter()
    report("insight", 0, 1)
    with write(db):
        number = runs.start(db)
        unchanged = _still_the_same(db, hashes)
        kept = [index for index, unit in enumerate(analysis.embedded.units) if unit.verbatim_id in unchanged]
        seen = before_run(db, analysis.themes if kind == "full" else None)
        units.replace(
            db,
            _pick(analysis.embedded.units, kept),
            assignments=_pick(analysis.assignments, kept),
            sentiments=_pick(analysis.sentiments, kept),
            keep_others=kind == "extend",
        )
        if kind == "full":
            proposed_names.replace_in_use(db, proposed or {})
            themes.replace(db, analysis.themes, run=number)
            projects.put_setting(db, CODEBOOK_USED, codebook_used)
            vectors.forget_unused(db, encoder.name)
        after_run(db, seen, settings=settings, run=number, model=encoder.name)
        if kind == "full":
            emerging.forget(db)
        corrections.apply(db)
        verbatims.set_sentiments(db)
        save_insight(db, seed=settings.seed)
        seconds = {**analysis.seconds, "insight": round(time.perf_counter() - began, 3)}
        run = Run(
            counts=project_counts(db),
            models={"encoder": encoder.name, "sentiment": model.name},
            settings=analysis_settings(settings).to_json(),
            seed=settings.seed,
            seconds=seconds,
            versions=recorded_versions(settings),
        )
        runs.save(db, number, run, kind=kind, peak_mb=peak_mb())
    report("insight", 1, 1)
    return {"run": number, "counts": dict(run.counts)}


def recorded_versions(settings: Settings) -> dict[str, str]:
    """Return the version of Python and of each package that the results rest on, by name."""
    small = all(setting.partition(":")[0] == "shipped" for setting in (settings.encoder, settings.sentiment))
    packages = RECORDED if small else (*RECORDED, *WITH_TRANSFORMERS)
    return {"python": python_version()} | {package: version(package) for package in packages}


def project_counts(db: Database) -> dict[str, Any]:
    """Return the counts of a project as they stand: what was read, left out, found."""
    totals = counts.totals(db, NO_FILTERS)
    left_out = sources.left_out_counts(db)
    feedback = [upload["counts"] for upload in sources.uploads(db) if upload["kind"] == "feedback"]
    return {
        "rows_read": sum(one["rows_read"] for one in feedback),
        "answers_read": sum(one["answers_read"] for one in feedback),
        "verbatims": totals.verbatims,
        "rejected": sum(left_out["rejected"].values()),
        "rejected_by_reason": left_out["rejected"],
        "set_aside": sum(left_out["set_aside"].values()),
        "set_aside_by_reason": left_out["set_aside"],
        "units": totals.units,
        "units_themed": totals.units - totals.unthemed,
        "units_unthemed": totals.unthemed,
        "themes": sum(not theme.is_parent for theme in themes.list_views(db, NO_FILTERS)),
        "customers": totals.customers,
        "unlinked": totals.unlinked,
        "redactions": counts.redactions(db),
        "codebook": codebook_counts(db),
        "proposed_names": naming_counts(db),
    }


def peak_mb() -> float:
    """Return the largest memory this process has held so far, in MiB (Linux counts in KiB, macOS in bytes)."""
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(largest / (2**20 if sys.platform == "darwin" else 2**10), 1)


def _still_the_same(db: Database, hashes: dict[str, str]) -> set[str]:
    """Verbatims may have been pushed, changed or deleted while the analysis ran; those are left for the next one."""
    return {one for one, digest in verbatims.content_hashes(db).items() if hashes.get(one) == digest}


def _pick(items: Sequence[Item], kept: Sequence[int]) -> Sequence[Item]:
    return items if len(kept) == len(items) else [items[index] for index in kept]
