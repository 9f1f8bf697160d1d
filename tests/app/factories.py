"""A small bilingual project, already analysed, put together from records: no model is needed to have data.

`fill` stores two sources, four customers, three themes under one parent, fourteen verbatims of which one waits for
its first run, two rejected rows and two answers set aside. Every number the tests name is countable in SAID below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlite_utils import Database
from starlette.testclient import TestClient

from app.database import write
from app.main import create_app
from app.settings import Settings
from app.store import customers, emerging, projects, runs, sources, themes, units, vectors, verbatims
from pipelines.identity import identify
from pipelines.records import (
    Customer,
    CustomerLink,
    Emerging,
    Label,
    Language,
    OpinionUnit,
    Rejected,
    Run,
    Score,
    Sentiment,
    SetAside,
    Source,
    Theme,
    ThemeAssignment,
    Verbatim,
)

MODEL = "factory"
DIM = 8

SHOP = Source(id=identify("source", "网店评价"), name="网店评价")
PUSHED = Source(id=identify("source", "in-app survey"), name="in-app survey", kind="api")

SERVICE = identify("theme", "service")
DELIVERY = identify("theme", "delivery")
STAFF = identify("theme", "staff")
PRICE = identify("theme", "price")
UNTHEMED = None

NAMES = {
    SERVICE: ("服务", "Service"),
    DELIVERY: ("物流太慢", "Slow delivery"),
    STAFF: ("客服态度", "Friendly staff"),
    PRICE: ("价格", "Price"),
}
PARENTS = {DELIVERY: SERVICE, STAFF: SERVICE, PRICE: None, SERVICE: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One verbatim as the factory tells it: its parts are its opinion units, joined without anything between."""

    parts: tuple[tuple[str, str | None, Label], ...]
    language: Language
    day: str | None
    customer: str | None = None
    score: float | None = None
    question: str | None = None
    touchpoint: str | None = None
    source: Source = SHOP


SAID: tuple[Said, ...] = (
    Said(
        parts=(("物流太慢了，", DELIVERY, "negative"), ("但是客服态度很好。", STAFF, "positive")),
        language="zh",
        day="2026-01-05",
        customer="C001",
        score=3,
        touchpoint="配送",
    ),
    Said(
        parts=(("Delivery takes forever.", DELIVERY, "negative"),),
        language="en",
        day="2026-01-12",
        customer="C002",
        score=1,
        touchpoint="delivery",
    ),
    Said(
        parts=(("客服很耐心，", STAFF, "positive"), ("一下子就帮我退款了。", STAFF, "positive")),
        language="zh",
        day="2026-01-20",
        customer="C001",
        score=5,
    ),
    Said(
        parts=(("快遞等了兩個星期！", DELIVERY, "negative"),), language="zh", day="2026-02-02", customer="C003", score=2
    ),
    Said(
        parts=(("The support team was kind,", STAFF, "positive"), (" but the price went up again.", PRICE, "negative")),
        language="en",
        day="2026-02-10",
        customer="C002",
        score=3,
    ),
    Said(
        parts=(("价格比别家便宜，", PRICE, "positive"), ("会再来买。", UNTHEMED, "positive")),
        language="zh",
        day="2026-02-14",
    ),
    Said(parts=(("App 的 dark mode 很好看。", UNTHEMED, "positive"),), language="mixed", day="2026-02-20", score=4),
    Said(
        parts=(("Arrived three days late.", DELIVERY, "negative"),),
        language="en",
        day="2026-03-01",
        source=PUSHED,
        question="What could be better?",
        customer="C004",
    ),
    Said(
        parts=(("Too expensive for what it does.", PRICE, "negative"),),
        language="en",
        day="2026-03-02",
        source=PUSHED,
        question="What could be better?",
    ),
    Said(
        parts=(("Quick and friendly answers.", STAFF, "positive"),),
        language="en",
        day="2026-03-03",
        source=PUSHED,
        question="What do you like?",
        customer="C004",
    ),
    Said(
        parts=(("包裹三天还没发货。", DELIVERY, "negative"),), language="zh", day="2026-03-10", score=2, customer="C003"
    ),
    Said(parts=(("订单页面在首页右上角。", UNTHEMED, "neutral"),), language="zh", day="2026-03-11", score=3),
    Said(parts=(("满 200 减 30 很划算！", PRICE, "positive"),), language="zh", day=None, customer="C001", score=5),
    # No run has seen this one yet: it has no opinion units.
    Said(parts=(), language="en", day="2026-03-12", source=PUSHED, question="What do you like?"),
)
WAITING_TEXT = "It just works."


def settings_for(folder: Path) -> Settings:
    """Return settings over a folder of this test, limits small enough to be reached."""
    return Settings(data=folder, max_upload_mb=1, max_items=50)


def client_of(folder: Path) -> TestClient:
    """Return a client of the whole application over a folder, which asks in English."""
    client = TestClient(create_app(settings_for(folder)))
    client.headers["accept-language"] = "en"
    return client


def filled_client(folder: Path) -> TestClient:
    """Return a client of the application over a folder with the filled project `demo`."""
    filled_project(folder)
    return client_of(folder)


def add_project(folder: Path, *, slug: str = "demo", name: str = "Demo 演示") -> None:
    """Make an empty project."""
    system = projects.open_system(folder)
    projects.create(system, folder, slug=slug, name=name)
    system.close()


def filled_project(folder: Path, *, slug: str = "demo", name: str = "Demo 演示") -> None:
    """Make a project and fill it."""
    add_project(folder, slug=slug, name=name)
    db = projects.open_project(folder, slug)
    fill(db)
    db.close()


def fill(db: Database) -> None:
    """Store everything above in a project's database."""
    said = [_verbatim(row, one) for row, one in enumerate(SAID, start=2)]
    with write(db):
        for source in (SHOP, PUSHED):
            sources.save(db, source)
        sources.save_upload(
            db,
            sources.Upload(
                sha256="ab" * 32,
                kind="feedback",
                filename="网店评价.csv",
                format="csv",
                encoding="utf-8",
                mapping={"text": ["评论内容"], "score": "评分"},
                notes=(),
                counts={"rows_read": 13, "verbatims": 10, "rejected": 2, "set_aside": 2},
            ),
            source_id=SHOP.id,
        )
        sources.save_left_out(
            db,
            SHOP.id,
            upload_sha256="ab" * 32,
            rejected=[
                Rejected(row=15, reason="encoding", detail="\ufffd", raw="15,\ufffd\ufffd,3"),
                Rejected(row=17, reason="columns", detail="5", raw="17,好,3,x,y"),
            ],
            set_aside=[
                SetAside(row=16, question=None, reason="placeholder", text="无"),
                SetAside(row=18, question=None, reason="boilerplate", text="此用户没有填写评价"),
            ],
        )
        _save_customers(db)
        verbatims.save(
            db,
            said,
            links={
                verbatim.id: CustomerLink(
                    verbatim_id=verbatim.id, customer_id=identify("customer", one.customer), matched_on="external_id"
                )
                for verbatim, one in zip(said, SAID, strict=True)
                if one.customer is not None
            },
            words={verbatim.id: verbatim.text for verbatim in said},
        )
        analyse_by_hand(db, said)


def _proposal(emerging_id: str, unit_ids: Sequence[str]) -> Emerging:
    return Emerging(
        id=emerging_id,
        name_zh=f"新话题 {emerging_id}",
        name_en=f"New topic {emerging_id}",
        keywords=("新话题",),
        exemplars=tuple(unit_ids[:1]),
        unit_ids=tuple(unit_ids),
        fresh=len(unit_ids),
        cohesion=0.6,
    )


def analyse_by_hand(db: Database, said: Sequence[Verbatim]) -> None:
    """Store what a run over the verbatims would have found; inside a write transaction."""
    found: list[OpinionUnit] = []
    assignments: list[ThemeAssignment] = []
    sentiments: list[Sentiment] = []
    for verbatim, one in zip(said, SAID, strict=True):
        at = 0
        for text, theme, label in one.parts:
            unit_id = identify("unit", verbatim.id, at)
            found.append(
                OpinionUnit(
                    id=unit_id,
                    verbatim_id=verbatim.id,
                    start=at,
                    end=at + len(text),
                    text=text,
                    language=verbatim.language,
                    shadow=text.strip("，。！ "),
                )
            )
            similarity = 0.31 if theme is None else 0.8 + len(found) / 1000
            assignments.append(ThemeAssignment(unit_id=unit_id, theme_id=theme, similarity=similarity))
            sentiments.append(
                Sentiment(
                    unit_id=unit_id,
                    label=label,
                    confidence=0.9,
                    negative=0.9 if label == "negative" else 0.05,
                    neutral=0.9 if label == "neutral" else 0.05,
                    positive=0.9 if label == "positive" else 0.05,
                )
            )
            at += len(text)
    themes.replace(db, _themes(found, assignments), run=1)
    units.replace(db, found, assignments=assignments, sentiments=sentiments, keep_others=False)
    waiting = [one.unit_id for one in assignments if one.theme_id is UNTHEMED]
    emerging.replace(db, [_proposal("e_1", waiting[:1]), _proposal("e_2", waiting[1:])])
    for theme_id in NAMES:
        themes.set_insight(db, theme_id, impact=None, trend={"direction": "steady"})
    vectors.save(db, MODEL, {vectors.text_hash(unit.shadow): _vector(unit.shadow) for unit in found})
    verbatims.set_sentiments(db)
    runs.save(
        db,
        1,
        Run(
            counts={
                "verbatims": 13,
                "units": len(found),
                "units_themed": sum(a.theme_id is not None for a in assignments),
            },
            models={"encoder": MODEL, "sentiment": MODEL},
            settings={},
            seed=1,
            seconds={"split": 0.1, "embed": 0.2},
            versions={"xinsheng": "0.1.0"},
        ),
        kind="full",
        peak_mb=100.0,
    )


def _verbatim(row: int, one: Said) -> Verbatim:
    text = "".join(part[0] for part in one.parts) or WAITING_TEXT
    return Verbatim(
        id=identify("verbatim", one.source.id, row),
        source_id=one.source.id,
        row=row,
        text=text,
        language=one.language,
        external_id=f"R{row:03}",
        question=one.question,
        created_at=None if one.day is None else f"{one.day}T09:30:00+08:00",
        score=None if one.score is None else Score(value=one.score, scale="stars", low=1, high=5),
        touchpoint=one.touchpoint,
        attributes={"channel": "app" if one.source is PUSHED else "web"},
        redactions={"phone": 1} if row == 4 else {},
    )


def _save_customers(db: Database) -> None:
    known: tuple[tuple[str, str | None, dict[str, str | int], str | None], ...] = (
        ("C001", "陈晓", {"city": "上海", "orders": 7, "plan": "pro"}, "loyal"),
        ("C002", "Sam Reed", {"city": "London", "orders": 1, "plan": "free"}, "dissatisfied"),
        ("C003", "林美玲", {"city": "香港", "orders": 3, "plan": "pro"}, "dissatisfied"),
        ("C004", None, {"city": "London", "plan": "free"}, None),
        ("C005", "Never Spoke", {"city": "上海", "orders": 0, "plan": "free"}, "potential"),
    )
    customers.save(
        db,
        [
            Customer(id=identify("customer", external_id), external_id=external_id, name=name, attributes=attributes)
            for external_id, name, attributes, _ in known
        ],
        origin="file",
    )
    customers.set_types(
        db, [(identify("customer", external_id), kind, None) for external_id, _, _, kind in known if kind is not None]
    )


def _themes(found: Sequence[OpinionUnit], assignments: Sequence[ThemeAssignment]) -> list[Theme]:
    members: dict[str | None, list[OpinionUnit]] = {}
    for unit, assignment in zip(found, assignments, strict=True):
        members.setdefault(assignment.theme_id, []).append(unit)
    return [
        Theme(
            id=theme_id,
            parent_id=PARENTS[theme_id],
            name_zh=zh,
            name_en=en,
            keywords=tuple(unit.shadow for unit in members.get(theme_id, ())[:3]),
            exemplars=tuple(unit.id for unit in members.get(theme_id, ())[:3]),
            centroid=_vector(en).astype(np.float32),
            tentative=len(members.get(theme_id, ())) < 3,
        )
        for theme_id, (zh, en) in NAMES.items()
    ]


def _vector(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    seed = int.from_bytes(vectors.text_hash(text)[:4], "big")
    raw = np.random.default_rng(seed).normal(size=DIM)
    return (raw / np.linalg.norm(raw)).astype(np.float16)
