"""The two functions to read first: `analyse` (a full run) and `extend` (new verbatims into existing themes)."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from models.embedding import Encoder
from models.sentiment import SentimentModel
from pipelines.assign import assign
from pipelines.cluster import cluster
from pipelines.embed import embed
from pipelines.match import match
from pipelines.name import name_themes
from pipelines.records import Analysis, Known, OpinionUnit, Report, ThemeAssignment, Verbatim, silent
from pipelines.score import score
from pipelines.settings import AnalysisSettings
from pipelines.split import split

STEP = 1000
"""Verbatims split between two reports of progress."""


def analyse(
    verbatims: Sequence[Verbatim],
    known: Known,
    *,
    encoder: Encoder,
    sentiment_model: SentimentModel,
    settings: AnalysisSettings,
    report: Report = silent,
) -> Analysis:
    """Find the themes of all verbatims and score every opinion unit; known themes keep their ids and names."""
    watch = Watch()
    with watch("split"):
        units = split_all(verbatims, report=report)
    with watch("embed"):
        embedded = embed(units, encoder, report=report)
    with watch("cluster"):
        clustering = cluster(embedded, settings, report=report)
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
        themes, assignments = match(known, themes, assignments)
        report("name", 1, 1)
    with watch("score"):
        sentiments = score(units, sentiment_model, report=report)
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
    report: Report = silent,
) -> Analysis:
    """Place new verbatims in the known themes, which stay as they are; what fits none waits as unthemed."""
    watch = Watch()
    with watch("split"):
        units = split_all(verbatims, report=report)
    with watch("embed"):
        embedded = embed(units, encoder, report=report)
    with watch("assign"):
        assignments = assign(embedded, known.themes, settings)
    with watch("score"):
        sentiments = score(units, sentiment_model, report=report)
    return Analysis(
        embedded=embedded, themes=known.themes, assignments=assignments, sentiments=sentiments, seconds=watch.seconds
    )


def split_all(verbatims: Sequence[Verbatim], *, report: Report = silent) -> tuple[OpinionUnit, ...]:
    """Return the opinion units of all verbatims, in their order."""
    units: list[OpinionUnit] = []
    report("split", 0, len(verbatims))
    for number, verbatim in enumerate(verbatims, start=1):
        units.extend(split(verbatim))
        if number % STEP == 0 or number == len(verbatims):
            report("split", number, len(verbatims))
    return tuple(units)


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
