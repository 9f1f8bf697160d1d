"""Overview: how much there is, how it is felt, and what the scores say, under any filters."""

from dataclasses import asdict
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query
from pydantic import Field

from app import measures
from app.access import ProjectDep
from app.api.paging import PagingDep, page_of
from app.api.schemas import ListOut, SentimentOut, Shape, listed
from app.asked import FiltersDep
from app.errors import BadRequest
from app.store import counts, customers, runs, sources
from app.store.counts import Cut, Slice

router = APIRouter(tags=["overview"])

CUTS: tuple[Cut, ...] = get_args(Cut)


class TotalsOut(Shape):
    """How much there is, and over which days."""

    verbatims: int
    units: int
    unthemed: Annotated[int, Field(description="Opinion units that fit no theme.")]
    customers: int
    unlinked: Annotated[int, Field(description="Verbatims without a known customer.")]
    mixed: Annotated[int, Field(description="Verbatims with both negative and positive units.")]
    sentiment: SentimentOut
    first_day: str | None
    last_day: str | None


class ScoreOut(Shape):
    """One scale's own number, with its 95 % interval."""

    scale: Annotated[str, Field(description="nps, csat, ces or stars.")]
    scale_low: float
    scale_high: float
    n: Annotated[int, Field(description="Responses, one score each.")]
    value: Annotated[float, Field(description="NPS from -100 to 100, CSAT in percent, CES and stars as a mean.")]
    low: float | None
    high: float | None
    detail: Annotated[dict[str, Any], Field(description="What it is made of: promoters, passives, detractors …")]


class PointOut(Shape):
    """One calendar period; `complete` is false where the data covers only part of it."""

    start: str
    end: str
    sentiment: SentimentOut
    complete: bool


class SeriesOut(Shape):
    """Opinion units by period, empty periods included."""

    period: Annotated[str, Field(description="day, week, month, quarter or year, by how long the data runs.")]
    points: list[PointOut]


class OverviewOut(Shape):
    """A project at a glance."""

    totals: TotalsOut
    scores: list[ScoreOut]
    series: SeriesOut
    rejected: Annotated[dict[str, int], Field(description="Rows that could not be read, by reason; of all sources.")]
    set_aside: Annotated[dict[str, int], Field(description="Answers that say nothing, by reason; of all sources.")]
    redactions: Annotated[dict[str, int], Field(description="Personal data masked, by kind; of all sources.")]
    run: Annotated[int | None, Field(description="Number of the latest analysis; null before the first.")]
    analysed_at: str | None


class SliceOut(Shape):
    """One value of a cut with its counts; `value` is null where a verbatim has none."""

    value: str | None
    verbatims: int
    units: int
    customers: int
    sentiment: SentimentOut


class SegmentOut(Shape):
    """An attribute that cuts customers or verbatims into few parts."""

    attribute: str
    values: list[str]


@router.get("/projects/{project}/overview", summary="A project at a glance")
def overview(db: ProjectDep, filters: FiltersDep) -> OverviewOut:
    """Return totals, scores and the course over time under the filters, and what was left out."""
    left_out = sources.left_out_counts(db)
    run = runs.latest(db)
    return OverviewOut(
        totals=TotalsOut.model_validate(counts.totals(db, filters)),
        scores=_scores(measures.score_summary(db, filters).parts),
        series=SeriesOut.model_validate(measures.series(db, filters)),
        rejected=left_out["rejected"],
        set_aside=left_out["set_aside"],
        redactions=counts.redactions(db),
        run=None if run is None else run["id"],
        analysed_at=None if run is None else run["finished_at"],
    )


@router.get("/projects/{project}/counts", summary="Counts by any cut")
def cut_counts(
    db: ProjectDep,
    filters: FiltersDep,
    paging: PagingDep,
    by: Annotated[
        str,
        Query(
            description="`language`, `source`, `customer_type`, `touchpoint`, `question`, `matched_on`, `score`, or"
            " `segment:ATTRIBUTE` for an attribute of the customer or verbatim.",
            examples=["touchpoint", "segment:plan"],
            max_length=200,
        ),
    ],
) -> ListOut[SliceOut]:
    """Return the counts by each value of a cut under the filters, most opinion units first."""
    return listed(page_of(_slices(db, filters, by), paging), SliceOut.model_validate)


@router.get("/projects/{project}/segments", summary="Attributes to cut by")
def list_segments(db: ProjectDep, paging: PagingDep) -> ListOut[SegmentOut]:
    """Return the attributes with few values, each with its values, commonest first: what `segment=` can ask for."""
    found = [SegmentOut(attribute=name, values=list(values)) for name, values in customers.segments(db).items()]
    return listed(page_of(found, paging), SegmentOut.model_validate)


def _slices(db: ProjectDep, filters: FiltersDep, by: str) -> tuple[Slice, ...]:
    for cut in CUTS:
        if by == cut:
            return counts.by_cut(db, filters, cut)
    kind, _, attribute = by.partition(":")
    if kind != "segment" or not attribute:
        choices = ", ".join((*CUTS, "segment:…"))
        raise BadRequest(code="bad_choice", values={"name": "by", "value": by[:80], "choices": choices})
    return counts.by_segment(db, filters, attribute)


def _scores(parts: Any) -> list[ScoreOut]:
    shown = []
    for part in parts:
        detail = asdict(part.result)
        top = {name: detail.pop(name) for name in ("n", "value", "low", "high")}
        shown.append(
            ScoreOut(scale=part.scale, scale_low=part.scale_low, scale_high=part.scale_high, detail=detail, **top)
        )
    return shown
