"""A project whose runs are told instead of computed: texts of a few topics, and which topics a run puts together."""

import hashlib
import random
from collections.abc import Mapping, Sequence

import numpy as np
from sqlite_utils import Database

from app.database import connect, write
from app.settings import Settings
from app.store import projects, runs, sources, themes, units, vectors, verbatims
from app.tasks.edit_replay import after_run, before_run, known_of
from app.tasks.insight import save_insight
from pipelines.centres import normalised
from pipelines.identity import identify
from pipelines.match import match
from pipelines.records import (
    Matrix,
    OpinionUnit,
    Run,
    Sentiment,
    Source,
    Theme,
    ThemeAssignment,
    Verbatim,
)

SETTINGS = Settings()
MODEL = "told"
DIM = 12
TOPICS = ("delivery", "staff", "price", "battery", "screen", "taste")
SOURCE = Source(id=identify("source", "told"), name="told")


def said(topic: str, number: int) -> str:
    """Return a text of a topic; every seventh is the same one."""
    return f"{topic} again" if number % 7 == 6 else f"{topic} remark {number}"


def vector_of(text: str) -> Matrix:
    """Return a vector near the direction of the topic, the first word of a text."""
    topic = TOPICS.index(text.split()[0])
    seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
    direction = np.zeros(DIM, dtype=np.float32)
    direction[topic] = 1.0
    noise = np.random.default_rng(seed).normal(scale=0.03 if seed % 3 else 0.2, size=DIM).astype(np.float32)
    return normalised((direction + noise)[None, :])[0]


def a_project(per_topic: int = 6) -> Database:
    """Return an empty project with so many verbatims per topic, not analysed yet."""
    db = projects.prepare_project(connect(":memory:"))
    with write(db):
        sources.save(db, SOURCE)
    add_texts(db, per_topic)
    return db


def add_texts(db: Database, per_topic: int, *, start: int = 0, order: int = 0) -> None:
    """Add so many verbatims per topic, in an order that `order` shuffles."""
    texts = [(topic, number) for topic in TOPICS for number in range(start, start + per_topic)]
    random.Random(order).shuffle(texts)
    new = [
        Verbatim(
            id=identify("v", topic, number),
            source_id=SOURCE.id,
            row=number,
            text=said(topic, number),
            language="en",
            created_at=f"2026-0{1 + number % 6}-1{number % 9}T09:00:00+00:00",
        )
        for topic, number in texts
    ]
    with write(db):
        verbatims.save(db, new, links={}, words={one.id: one.text for one in new})


def run(db: Database, together: Mapping[str, int], *, parents: Mapping[int, int] | None = None, order: int = 0) -> None:
    """Store a run that puts topics with the same number into one theme (-1: unthemed), under the parents told."""
    found = list(verbatims.all_records(db))
    random.Random(order).shuffle(found)
    opinion_units = [unit_of(one) for one in found]
    labels = [together[one.text.split()[0]] for one in found]
    made, assignments = themes_of(opinion_units, labels, parents or {})
    made, assignments = match(known_of(db), made, assignments)
    with write(db):
        number = runs.start(db)
        seen = before_run(db, made)
        sentiments = [
            Sentiment(unit_id=unit.id, label="neutral", confidence=0.9, negative=0.05, neutral=0.9, positive=0.05)
            for unit in opinion_units
        ]
        units.replace(db, opinion_units, assignments=assignments, sentiments=sentiments, keep_others=False)
        vectors.save(
            db,
            MODEL,
            {vectors.text_hash(unit.shadow): vector_of(unit.text).astype(np.float16) for unit in opinion_units},
        )
        themes.replace(db, made, run=number)
        after_run(db, seen, settings=SETTINGS, run=number, model=MODEL)
        save_insight(db, seed=1)
        told = Run(
            counts={}, models={"encoder": MODEL, "sentiment": MODEL}, settings={}, seed=1, seconds={}, versions={}
        )
        runs.save(db, number, told, kind="full", peak_mb=None)


def unit_of(verbatim: Verbatim) -> OpinionUnit:
    """Return the one opinion unit of a verbatim."""
    return OpinionUnit(
        id=identify("u", verbatim.id),
        verbatim_id=verbatim.id,
        start=0,
        end=len(verbatim.text),
        text=verbatim.text,
        language="en",
        shadow=verbatim.text,
    )


def themes_of(
    opinion_units: Sequence[OpinionUnit], labels: Sequence[int], parents: Mapping[int, int]
) -> tuple[tuple[Theme, ...], tuple[ThemeAssignment, ...]]:
    """Return the themes and assignments that the labels say."""
    there = sorted({label for label in labels if label >= 0})
    groups = {label: parents.get(label) for label in there}
    shared = {one for one in groups.values() if one is not None and list(groups.values()).count(one) >= 2}
    members = {label: [at for at, one in enumerate(labels) if one == label] for label in there}
    made = []
    for label in there:
        rows = sorted(members[label], key=lambda at: opinion_units[at].id)
        centre = normalised(np.sum([vector_of(opinion_units[at].text) for at in rows], axis=0)[None, :])[0]
        group = groups[label]
        made.append(
            Theme(
                id=identify("t", *(opinion_units[at].id for at in rows)),
                parent_id=identify("t", "parent", group) if group in shared else None,
                name_zh=f"主题{label}",
                name_en=f"Theme {label}",
                keywords=(f"word{label}", "word"),
                exemplars=tuple(opinion_units[at].id for at in rows[:3]),
                centroid=centre,
                tentative=len(rows) < 15,
            )
        )
    made += [
        Theme(
            id=identify("t", "parent", group),
            parent_id=None,
            name_zh=f"上级{group}",
            name_en=f"Parent {group}",
            keywords=("word",),
            exemplars=(),
            centroid=np.ones(DIM, dtype=np.float32) / np.float32(DIM**0.5),
        )
        for group in sorted(shared)
    ]
    ids = {label: theme.id for label, theme in zip(there, made, strict=False)}
    assignments = tuple(
        ThemeAssignment(unit_id=unit.id, theme_id=ids.get(label), similarity=0.8 if label >= 0 else 0.1)
        for unit, label in zip(opinion_units, labels, strict=True)
    )
    return tuple(made), assignments
