"""What an address asks for: the same filters, read and checked the same way by every list, chart, export and page."""

from datetime import date
from math import isfinite
from typing import Annotated, get_args

from fastapi import Depends, Path, Query

from app.errors import BadRequest
from app.store.filters import NONE, Filters
from pipelines.customer_types import TypeName
from pipelines.records import LABELS, Language, ScaleName

SENTIMENTS: tuple[str, ...] = (*LABELS, "mixed")
LANGUAGES: tuple[str, ...] = get_args(Language)
CUSTOMER_TYPES: tuple[str, ...] = get_args(TypeName)
SCALES: tuple[str, ...] = get_args(ScaleName)
MOST_LETTERS = 500
"""Longest value of a filter: questions of real surveys stay under 300 letters."""


def asked_filters(
    *,
    theme: Annotated[
        str | None, Query(description="A theme id (a parent means its children too), or `none` for unthemed.")
    ] = None,
    sentiment: Annotated[
        str | None,
        Query(
            description="`negative`, `neutral` or `positive` opinion units; `mixed`: verbatims with both ends.",
            json_schema_extra={"enum": list(SENTIMENTS)},
        ),
    ] = None,
    language: Annotated[
        str | None, Query(description="Language of the verbatim.", json_schema_extra={"enum": list(LANGUAGES)})
    ] = None,
    source: Annotated[str | None, Query(description="A source id.")] = None,
    customer: Annotated[str | None, Query(description="A customer id, or `none` for what is linked to nobody.")] = None,
    customer_type: Annotated[
        str | None,
        Query(
            description="Derived customer type; `none`: those without one.",
            json_schema_extra={"enum": [*CUSTOMER_TYPES, NONE]},
        ),
    ] = None,
    segment: Annotated[
        str | None,
        Query(
            description="`attribute:value` of the customer, or else of the verbatim itself; `attribute:` has no value.",
            examples=["plan:pro"],
        ),
    ] = None,
    touchpoint: Annotated[
        str | None, Query(description="Step of the customer journey, as the source named it; `none`: without one.")
    ] = None,
    question: Annotated[str | None, Query(description="The question that was answered, word for word.")] = None,
    scale: Annotated[
        str | None, Query(description="What came with a score on this scale.", json_schema_extra={"enum": list(SCALES)})
    ] = None,
    score: Annotated[str | None, Query(description="What came with exactly this score.", examples=["5"])] = None,
    since: Annotated[
        str | None, Query(alias="from", description="First day, YYYY-MM-DD.", examples=["2026-01-01"])
    ] = None,
    until: Annotated[
        str | None, Query(alias="to", description="Last day, YYYY-MM-DD, included.", examples=["2026-06-30"])
    ] = None,
) -> Filters:
    """Return the filters of an address; an empty value asks for nothing, as an untouched field of a form does.

    Raises BadRequest (`bad_date`, `bad_period`, `bad_choice`, `bad_number`, `bad_segment`,
    `value_too_long`) naming the value.
    """
    since, until = asked_day("from", since), asked_day("to", until)
    if since is not None and until is not None and since > until:
        raise BadRequest(code="bad_period", values={"since": since, "until": until})
    return Filters(
        theme=_text("theme", theme),
        sentiment=asked_choice("sentiment", sentiment, SENTIMENTS),
        language=asked_choice("language", language, LANGUAGES),
        source=_text("source", source),
        customer=_text("customer", customer),
        customer_type=asked_choice("customer_type", customer_type, (*CUSTOMER_TYPES, NONE)),
        segment=_segment(segment),
        touchpoint=_text("touchpoint", touchpoint),
        question=_text("question", question),
        scale=asked_choice("scale", scale, SCALES),
        score=_number("score", score),
        since=since,
        until=until,
    )


FiltersDep = Annotated[Filters, Depends(asked_filters)]

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""The number of a job or an edit in an address: what SQLite can hold."""


def asked_choice(name: str, value: str | None, choices: tuple[str, ...]) -> str | None:
    """Return the value, None where it is empty. Raises BadRequest `bad_choice` where it is none of the choices."""
    if not value:
        return None
    if value not in choices:
        raise BadRequest(code="bad_choice", values={"name": name, "value": value[:80], "choices": ", ".join(choices)})
    return value


def asked_day(name: str, value: str | None) -> str | None:
    """Return a day as YYYY-MM-DD, None where nothing is asked. Raises BadRequest `bad_date` naming the value."""
    if not value:
        return None
    try:
        # A full moment is cut to its day; other ISO forms (2026-W01-1, 20260101) become YYYY-MM-DD.
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError as error:
        raise BadRequest(code="bad_date", values={"name": name, "value": value[:80]}) from error


def _number(name: str, value: str | None) -> str | None:
    if not value:
        return None
    try:
        found = float(value)
        if not isfinite(found):
            raise ValueError(f"{value} is no score")
    except ValueError as error:
        raise BadRequest(code="bad_number", values={"name": name, "value": value[:80]}) from error
    return f"{found:.12g}"


def _segment(value: str | None) -> str | None:
    value = _text("segment", value)
    if value is None:
        return None
    attribute, colon, _ = value.partition(":")
    if not attribute or not colon:
        raise BadRequest(code="bad_segment", values={"value": value[:80]})
    return value


def _text(name: str, value: str | None) -> str | None:
    if value is not None and len(value) > MOST_LETTERS:
        raise BadRequest(code="value_too_long", values={"name": name, "most": MOST_LETTERS})
    return value or None
