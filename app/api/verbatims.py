"""Verbatims: what people said, found by filters, by exact words in both languages, or by meaning."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from app.access import ProjectDep, VisitorDep
from app.api.paging import PagingDep
from app.api.schemas import ListOut, Shape, listed
from app.api.themes import UnitOut, unit_out
from app.asked import FiltersDep
from app.store import verbatims
from app.store.views import VerbatimView

router = APIRouter(tags=["verbatims"])


class VerbatimOut(Shape):
    """One piece of open text as someone said it, personal data masked, with all of its opinion units."""

    id: str
    source_id: str
    source: Annotated[str, Field(description="Name of the source.")]
    row: Annotated[int, Field(description="Row of the file as a spreadsheet shows it, or line; for pushed ones 0.")]
    external_id: str | None
    question: str | None
    language: Annotated[str, Field(description="zh, en, mixed or other.")]
    text: str
    created_at: str | None
    score: float | None
    scale: str | None
    scale_low: float | None
    scale_high: float | None
    customer_id: str | None
    customer: Annotated[str | None, Field(description="Name of the customer, or their id.")]
    customer_type: str | None
    matched_on: Annotated[str | None, Field(description="What the customer was found by.")]
    touchpoint: str | None
    attributes: dict[str, str]
    speaker: str | None
    start_seconds: Annotated[float | None, Field(description="Timecode of a turn.")]
    sentiment: Annotated[str | None, Field(description="negative, neutral, positive or mixed; null before a run.")]
    redactions: Annotated[dict[str, int], Field(description="Personal data masked in it, by kind.")]
    units: list[UnitOut]
    marked: Annotated[list[str], Field(description="Ids of the units that the filters are about.")]
    similarity: Annotated[float | None, Field(description="How near it lies to `q`, for `mode=meaning`.")]


@router.get("/projects/{project}/verbatims", summary="List or search verbatims")
def list_verbatims(
    db: ProjectDep,
    filters: FiltersDep,
    paging: PagingDep,
    visitor: VisitorDep,
    *,
    q: Annotated[
        str | None,
        Query(
            max_length=500,
            description='Words that must all occur, "quoted" ones as a phrase; or a question, for `mode=meaning`.',
            examples=["退款"],
        ),
    ] = None,
    mode: Annotated[
        Literal["words", "meaning"],
        Query(description="`words`: exactly these words; `meaning`: whatever says the same, in either language."),
    ] = "words",
    order: Annotated[
        Literal["newest", "oldest", "input"], Query(description="By meaning, the nearest come first instead.")
    ] = "newest",
) -> ListOut[VerbatimOut]:
    """Return verbatims under the filters, with `q` only those that match it."""
    if q and q.strip() and mode == "meaning":
        from app.search import by_meaning

        found = by_meaning(db, visitor.settings, q=q, filters=filters, limit=paging.limit, after=paging.after)
    else:
        wanted = q if q and q.strip() else None
        found = verbatims.list_views(db, filters, q=wanted, order=order, limit=paging.limit, after=paging.after)
    return listed(found, verbatim_out)


@router.get("/projects/{project}/verbatims/{verbatim_id}", summary="One verbatim")
def get_verbatim(verbatim_id: str, db: ProjectDep) -> VerbatimOut:
    """Return a verbatim with all of its opinion units."""
    return verbatim_out(verbatims.view(db, verbatim_id))


def verbatim_out(view: VerbatimView) -> VerbatimOut:
    """Return a verbatim as the API shows it."""
    return VerbatimOut(
        id=view.id,
        source_id=view.source_id,
        source=view.source,
        row=view.row,
        external_id=view.external_id,
        question=view.question,
        language=view.language,
        text=view.text,
        created_at=view.created_at,
        score=view.score,
        scale=view.scale,
        scale_low=view.score_low,
        scale_high=view.score_high,
        customer_id=view.customer_id,
        customer=view.customer,
        customer_type=view.customer_type,
        matched_on=view.matched_on,
        touchpoint=view.touchpoint,
        attributes=dict(view.attributes),
        speaker=view.speaker,
        start_seconds=view.start_s,
        sentiment=view.sentiment,
        redactions=dict(view.redactions),
        units=[unit_out(unit) for unit in view.units],
        marked=sorted(view.marked),
        similarity=view.similarity,
    )
