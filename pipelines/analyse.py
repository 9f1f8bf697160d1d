"""The two functions to read first: `analyse` (a full run) and `extend` (new verbatims into existing themes)."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from models.embedding import Encoder
from models.sentiment import SentimentModel
from pipelines.cluster import cluster
from pipelines.codebook import assign_beside, define, place, side_by_side
from pipelines.embed import embed
from pipelines.name import name_themes
from pipelines.records import Analysis, Codebook, Known, OpinionUnit, Report, ThemeAssignment, Verbatim, silent
from pipelines.score import begin_score
from pipelines.settings import AnalysisSettings
from pipelines.split import split
from pipelines.spread import Spread, blocks, in_turn

STEP = 500
"""Verbatims split at once, by whoever does it, and between two reports of progress."""


def analyse(
    verbatims: Sequence[Verbatim],
    known: Known,
    *,
    encoder: Encoder,
    sentiment_model: SentimentModel,
    settings: AnalysisSettings,
    codebook: Codebook = (),
    spread: Spread = in_turn,
    report: Report = silent,
) -> Analysis:
    """Find the themes of all verbatims and score every opinion unit; known themes keep their ids and names.

    The themes that `codebook` defines stand beside the found ones, also where nothing is said of them.
    """
    watch = Watch()
    with watch("split"):
        units = split_all(verbatims, spread=spread, report=report)
    with watch("embed"):
        embedded = embed(units, encoder, report=report)
    finish_score = begin_score(units, sentiment_model, spread=spread)
    with watch("cluster"):
        defined = define(codebook, encoder)
        placed = place(embedded, cluster(embedded, settings, spread=spread, report=report), defined, settings)
        clustering = placed.clustering
    with watch("name"):
        report("name", 0, 1)
        themes, leaf_of = name_themes(embedded, clustering, encoder=encoder, settings=settings)
        assignments = tuple(
            ThemeAssignment(
                unit_id=unit.id,
                theme_id=None if label < 0 else themes[leaf_of[label]].id,
                similarity=round(float(similarity), 4),
            )
            for unit, label, similarity in zip(units, clustering.labels, clustering.similarity, strict=True)
        )
        themes, assignments = side_by_side(known, themes, assignments, placed, defined)
        report("name", 1, 1)
    with watch("score"):
        sentiments = finish_score(report)
    return Analysis(
        embedded=embedded, themes=themes, assignments=assignments, sentiments=sentiments, seconds=watch.seconds
    )


def extend(
    verbatims: Sequence[Verbatim],
    known: Known,
    *,
    encoder: Encoder,
    sentiment_model: SentimentModel,
    settings: AnalysisSettings,
    codebook: Codebook = (),
    spread: Spread = in_turn,
    report: Report = silent,
) -> Analysis:
    """Place new verbatims in the known themes, which stay as they are; what fits none waits as unthemed."""
    watch = Watch()
    with watch("split"):
        units = split_all(verbatims, spread=spread, report=report)
    with watch("embed"):
        embedded = embed(units, encoder, report=report)
    finish_score = begin_score(units, sentiment_model, spread=spread)
    with watch("assign"):
        assignments = assign_beside(embedded, known, define(codebook, encoder), settings, spread=spread)
    with watch("score"):
        sentiments = finish_score(report)
    return Analysis(
        embedded=embedded, themes=known.themes, assignments=assignments, sentiments=sentiments, seconds=watch.seconds
    )


def split_all(
    verbatims: Sequence[Verbatim], *, spread: Spread = in_turn, report: Report = silent
) -> tuple[OpinionUnit, ...]:
    """Return the opinion units of all verbatims, in their order."""
    units: list[OpinionUnit] = []
    report("split", 0, len(verbatims))
    for number, found in enumerate(spread(split_some, blocks(verbatims, STEP)), start=1):
        units.extend(found)
        report("split", min(number * STEP, len(verbatims)), len(verbatims))
    return tuple(units)


def split_some(verbatims: Sequence[Verbatim]) -> list[OpinionUnit]:
    """Return the opinion units of some verbatims, in their order."""
    return [unit for verbatim in verbatims for unit in split(verbatim)]


def themed(assignments: Sequence[ThemeAssignment]) -> int:
    """Return how many units have a theme."""
    return sum(assignment.theme_id is not None for assignment in assignments)


class Watch:
    """Measures the seconds each stage takes. A stopwatch, not a clock: nothing it shows enters a result."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time a block takes to its stage."""
        began = time.perf_counter()
        yield
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + time.perf_counter() - began, 3)
