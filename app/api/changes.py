"""Changes: what moved between two periods, and why."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app import changes
from app.access import ProjectDep
from app.api.schemas import NameOut, Shape
from app.asked import FiltersDep, asked_day
from app.changes import Changes, Row
from pipelines.change import Decomposition, Part
from pipelines.periods import Days

router = APIRouter(tags=["changes"])

UNSURE = "null: too few speak to tell."


class EffectOut(Shape):
    """A difference with its 95 % interval."""

    value: float
    low: float
    high: float


class PeriodOut(Shape):
    """One period and how much was said in it; these are the counts of `verbatims` and `units` under its days."""

    first: Annotated[str, Field(description="First day; give it as `from` to any list.")]
    last: Annotated[str, Field(description="Last day, included; give it as `to`.")]
    units: int
    negative: Annotated[int, Field(description="Negative opinion units.")]


class RateOut(Shape):
    """A rate in both periods and what moved it: `volume` and `sentiment` add up to `change`."""

    before: float
    after: float
    change: EffectOut
    volume: Annotated[EffectOut, Field(description="Because more or less was said of some themes.")]
    sentiment: Annotated[EffectOut, Field(description="Because themes were spoken of otherwise.")]
    sure: Annotated[bool | None, Field(description=f"The change lies beyond chance. {UNSURE}")]


class ScoreRateOut(RateOut):
    """The score most responses gave, in points of its scale (NPS −100 to 100, CSAT in percent, else the mean)."""

    scale: str
    responses_before: int
    responses_after: int


class PartOut(Shape):
    """What one theme did to a rate: `volume` plus `sentiment` is `total`; all totals add up to the change."""

    before: Annotated[float | None, Field(description="Rate within the theme; null where nothing was said.")]
    after: float | None
    volume: float
    sentiment: float
    total: EffectOut
    sure: Annotated[bool | None, Field(description=f"The total lies beyond chance. {UNSURE}")]


class ThemeChangeOut(Shape):
    """One theme (`none`: unthemed) in both periods."""

    id: str
    name: NameOut
    units_before: int
    units_after: int
    share_before: float
    share_after: float
    movement: Annotated[
        str, Field(description="`new`, `gone`, `rises`, `falls`, `steady`, or `few`: too few speak of it to tell.")
    ]
    negative_share: PartOut
    score: PartOut | None


class ChangesOut(Shape):
    """Two periods compared; everything is null or empty where nothing is dated."""

    before: PeriodOut | None
    after: PeriodOut | None
    negative_share: Annotated[RateOut | None, Field(description="Negative part of all opinion units, 0 to 1.")]
    score: ScoreRateOut | None
    themes: Annotated[list[ThemeChangeOut], Field(description="Largest effect on the negative share first.")]


@router.get("/projects/{project}/changes", summary="What changed between two periods")
def get_changes(
    db: ProjectDep,
    filters: FiltersDep,
    from_before: Annotated[
        str | None, Query(description="First day of the earlier period; left out: as long before as the later one.")
    ] = None,
    to_before: Annotated[
        str | None, Query(description="Last day of the earlier period; left out: the day before the later one.")
    ] = None,
) -> ChangesOut:
    """Return what moved the negative share and the score from the earlier period to the later one (`from`, `to`).

    Without days the latest of the data is compared with what came before it. Each theme's `volume` and `sentiment`
    are its terms in Kitagawa's decomposition (1955); over all themes, unthemed included, they add up exactly.
    """
    known, default = changes.offered(db, filters)
    since, until = asked_day("from_before", from_before), asked_day("to_before", to_before)
    pair = changes.asked_pair(filters, since=since, until=until, known=known, default=default)
    if pair is None:
        return ChangesOut(before=None, after=None, negative_share=None, score=None, themes=[])
    found = changes.compared(db, filters, pair)
    return ChangesOut(
        before=_period(pair.before, units=found.units_before, negative=found.negative_before),
        after=_period(pair.after, units=found.units_after, negative=found.negative_after),
        negative_share=None if found.negative is None else RateOut.model_validate(found.negative),
        score=_score(found),
        themes=[_theme(row) for row in found.rows],
    )


def _period(days: Days, *, units: int, negative: int) -> PeriodOut:
    return PeriodOut(first=days.first.isoformat(), last=days.last.isoformat(), units=units, negative=negative)


def _score(found: Changes) -> ScoreRateOut | None:
    if found.score is None:
        return None
    moved: Decomposition = found.score.found
    return ScoreRateOut(
        **RateOut.model_validate(moved).model_dump(),
        scale=found.score.scale,
        responses_before=found.score.responses_before,
        responses_after=found.score.responses_after,
    )


def _theme(row: Row) -> ThemeChangeOut:
    return ThemeChangeOut(
        id=row.after.id,
        name=NameOut(zh=row.after.name_zh, en=row.after.name_en),
        units_before=row.before.units,
        units_after=row.after.units,
        share_before=row.before.share,
        share_after=row.after.share,
        movement=row.movement,
        negative_share=_part(row.negative),
        score=None if row.score is None else _part(row.score),
    )


def _part(part: Part) -> PartOut:
    return PartOut(
        before=part.rate_before,
        after=part.rate_after,
        volume=part.volume,
        sentiment=part.sentiment,
        total=EffectOut.model_validate(part.total),
        sure=part.sure,
    )
