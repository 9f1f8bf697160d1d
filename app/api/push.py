"""Push: verbatims sent by other programs, each told what became of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WrapValidator, field_validator

from app.access import ProjectDep, SystemDep, VisitorDep
from app.api.schemas import Shape
from app.database import write
from app.errors import TooLarge
from app.locale import UiLanguage, say
from app.store import idempotency, jobs, runs
from app.store.idempotency import Call
from pipelines.dates import parse_date
from pipelines.records import Answer, CustomerRef, ScaleName, Score, SurveyResponse

router = APIRouter(tags=["verbatims"])

MOST_LETTERS = 100_000
"""Longest text of one item: an hour of speech is about 15,000 Chinese characters."""
MOST_ATTRIBUTES = 50
SCALES: dict[ScaleName, tuple[float, float]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "stars": (1, 5)}
"""The ends of a scale that is not told with its own: as each is usually asked."""

ShortText = Annotated[str, Field(max_length=500)]
Value = str | int | float | bool


class Sent(BaseModel):
    """What other programs send: numbers may stand for texts, and keys we do not know are told back, not refused."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)


class CustomerIn(Sent):
    """Who said it; any of the first three finds or makes the customer. Contacts are stored as salted hashes only."""

    external_id: ShortText | None = None
    email: ShortText | None = None
    phone: ShortText | None = None
    name: ShortText | None = None


class VerbatimIn(Sent):
    """One thing somebody said."""

    external_id: Annotated[
        str,
        Field(min_length=1, max_length=500, description="Your own id: the same id again updates.", examples=["r-1"]),
    ]
    text: Annotated[str, Field(description="As said; personal data is masked before it is stored.", min_length=1)]
    created_at: Annotated[
        str | None, Field(description="When: ISO 8601, a day or a moment.", examples=["2026-03-01T09:12:00+08:00"])
    ] = None
    score: Annotated[float | None, Field(allow_inf_nan=False, description="A closed answer of the response.")] = None
    scale: Annotated[
        ScaleName | None,
        Field(description="How it was asked: `stars` 1–5 (if left out), `nps` 0–10, `csat` 1–5 or `ces` 1–7."),
    ] = None
    scale_low: Annotated[float | None, Field(allow_inf_nan=False, description="Lowest, where unusual.")] = None
    scale_high: Annotated[float | None, Field(allow_inf_nan=False, description="Highest, where unusual.")] = None
    customer: Annotated[
        CustomerIn | ShortText | None, Field(description="Who: your id of the customer, or an object.")
    ] = None
    question: Annotated[str | None, Field(max_length=2000, description="What was asked.")] = None
    touchpoint: ShortText | None = None
    attributes: Annotated[
        dict[ShortText, Value | None], Field(max_length=MOST_ATTRIBUTES, description="Anything to cut by.")
    ] = Field(default_factory=dict)

    @field_validator("created_at")
    @classmethod
    def _date(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        found = parse_date(value)
        if found is None:
            raise ValueError(f"{value[:40]!r} is no date; write 2026-03-01 or 2026-03-01T09:12:00+08:00")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """An item of the wrong shape, kept so that the others go on."""

    external_id: str | None
    problem: str


def _kept(value: Any, check: Any) -> VerbatimIn | Malformed:
    try:
        item: VerbatimIn = check(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        named = value.get("external_id") if isinstance(value, dict) else None
        return Malformed(
            external_id=named[:500] if isinstance(named, str) else None,
            problem=f"{where}: {first['msg']}" if where else first["msg"],
        )
    return item


Item = Annotated[VerbatimIn, WrapValidator(_kept)]


class ResultOut(Shape):
    """What became of one item."""

    position: Annotated[int, Field(description="Which item of the call, counted from 0.")]
    external_id: str | None
    result: Literal["created", "updated", "unchanged", "rejected"]
    reason: Annotated[str | None, Field(description="Why it was rejected: a code.", examples=["placeholder"])]
    detail: Annotated[str | None, Field(description="The reason in words.")]
    ignored: Annotated[list[str], Field(description="Keys of the item that mean nothing here.", examples=[["txt"]])]
    verbatims: Annotated[list[str], Field(description="Ids of the verbatims it became.")]


class PushOut(Shape):
    """What became of a call."""

    items: Annotated[list[ResultOut], Field(description="One for each item sent, in the same order.")]
    counts: Annotated[dict[str, int], Field(examples=[{"created": 2, "updated": 0, "unchanged": 1, "rejected": 0}])]
    job: Annotated[int | None, Field(description="The job that places new verbatims into themes; null if none came.")]


async def body_hash(request: Request) -> str:
    """Return a hash of the body and of the address, for telling a repeated call from another one."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(asked + await request.body()).hexdigest()


@router.post("/projects/{project}/verbatims", summary="Send verbatims", response_model=PushOut)
def push_verbatims(
    project: str,
    items: Annotated[
        list[Item],
        Body(
            description="What was said, item by item; one that is wrong is rejected and the others go on.",
            examples=[
                [{"external_id": "r-1", "text": "物流太慢了，但是客服态度很好", "score": 3, "customer": "C001"}],
            ],
        ),
    ],
    db: ProjectDep,
    system: SystemDep,
    visitor: VisitorDep,
    hashed: Annotated[str, Depends(body_hash)],
    *,
    source: Annotated[
        str, Query(min_length=1, max_length=200, description="Name of the source they belong to.")
    ] = "API",
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Any text of your choice: the same call with the same key gets the same answer for a day.",
        ),
    ] = None,
) -> Response:
    """Store what was said and place it into the known themes soon after. Sending the same again changes nothing.

    413 `too_many_items` over the limit of one call, 409 `key_reused` for a key that was used with another body.
    """
    most = visitor.settings.max_items
    if len(items) > most:
        raise TooLarge(code="too_many_items", values={"items": len(items), "most": most})
    call = None if idempotency_key is None else Call(key=idempotency_key, body_hash=hashed)
    if call is not None and (before := idempotency.answered(db, call)) is not None:
        return Response(before, media_type="application/json", headers={"idempotency-replayed": "true"})
    results = store_items(db, items, source=source, language=visitor.language)
    counted = Counter(one.result for one in results)
    job = None
    if counted["created"] or counted["updated"]:
        kind = "analyse" if runs.latest(db) is None else "extend"
        job = jobs.enqueue(system, project, kind=kind, payload={}).id
    body = PushOut(
        items=results,
        counts={name: counted[name] for name in ("created", "updated", "unchanged", "rejected")},
        job=job,
    ).model_dump_json()
    if call is not None:
        with write(db):
            idempotency.remember(db, call, body)
    return Response(body, media_type="application/json")


def store_items(
    db: ProjectDep, items: Sequence[VerbatimIn | Malformed], *, source: str, language: UiLanguage
) -> list[ResultOut]:
    """Store the items that can be stored and return what became of each, in order."""
    from app.tasks import add_items

    results: dict[int, ResultOut] = {}
    good: list[SurveyResponse] = []
    for position, item in enumerate(items):
        problem = wrong_with(item)
        if isinstance(item, Malformed) or problem is not None:
            code, detail = problem or ("invalid", "")
            results[position] = rejected(position, item.external_id, code, detail=detail, language=language)
        else:
            good.append(response_of(position, item))
    for one in add_items(db, good, source_name=source) if good else ():
        item = items[one.position]
        if one.result == "rejected":
            code = one.reason or "empty"
            results[one.position] = rejected(one.position, item.external_id, code, detail="", language=language)
        else:
            results[one.position] = ResultOut.model_validate(
                {
                    "position": one.position,
                    "external_id": item.external_id,
                    "result": one.result,
                    "reason": None,
                    "detail": None,
                    "ignored": ignored_in(item),
                    "verbatims": one.verbatim_ids,
                }
            )
    return [results[position] for position in range(len(items))]


def wrong_with(item: VerbatimIn | Malformed) -> tuple[str, str] | None:
    """Return (reason code, detail) for an item that cannot be stored, None for a good one."""
    if isinstance(item, Malformed):
        return "invalid", item.problem
    if len(item.text) > MOST_LETTERS:
        return "too_long", f"{len(item.text)} > {MOST_LETTERS}"
    score = score_of(item)
    if score is not None and not score.low <= score.value <= score.high:
        return "off_scale", f"{score.value:g}: {score.low:g}–{score.high:g}"
    return None


def rejected(position: int, external_id: str | None, code: str, *, detail: str, language: UiLanguage) -> ResultOut:
    """Return the result of an item that was not stored."""
    return ResultOut(
        position=position,
        external_id=external_id,
        result="rejected",
        reason=code,
        ignored=[],
        detail=say(language, f"reason.{code}") + (f" ({detail})" if detail else ""),
        verbatims=[],
    )


def ignored_in(item: VerbatimIn | Malformed) -> list[str]:
    """Return the keys of an item, and of its customer, that we do not know: most often a misspelt one."""
    if isinstance(item, Malformed):
        return []
    who = item.customer.model_extra if isinstance(item.customer, CustomerIn) else None
    return sorted([*(item.model_extra or ()), *(f"customer.{key}" for key in who or ())])


def response_of(position: int, item: VerbatimIn) -> SurveyResponse:
    """Return an item as the record that files give too."""
    score = score_of(item)
    who = CustomerIn(external_id=item.customer) if isinstance(item.customer, str) else item.customer
    return SurveyResponse(
        row=position,
        external_id=item.external_id,
        answers=(Answer(question=item.question or None, text=item.text),),
        scores=() if score is None else (score,),
        created_at=item.created_at,
        customer=None
        if who is None
        else CustomerRef(external_id=who.external_id, email=who.email, phone=who.phone, name=who.name),
        touchpoint=item.touchpoint or None,
        attributes={
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in item.attributes.items()
            if value is not None
        },
    )


def score_of(item: VerbatimIn) -> Score | None:
    """Return the score of an item on its scale, None where it has none."""
    if item.score is None:
        return None
    scale = item.scale or "stars"
    low, high = SCALES[scale]
    return Score(
        value=item.score,
        scale=scale,
        low=low if item.scale_low is None else item.scale_low,
        high=high if item.scale_high is None else item.scale_high,
    )
