"""Corrections: what people decided about the sentiment of opinion units, kept by every later run."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.access import ProjectDep
from app.api.paging import PagingDep
from app.api.schemas import ListOut, Shape, listed
from app.api.theme_edits import WhoHeader, header_name
from app.api.themes import UnitOut, unit_out
from app.store import corrections, units
from app.store.corrections import Decision
from app.tasks.edit_themes import LONGEST_WHO

router = APIRouter(tags=["corrections"])

Judgement = Literal["negative", "neutral", "positive"]


class CorrectionIn(BaseModel):
    """What a person says of a unit's sentiment."""

    sentiment: Annotated[
        Judgement | None,
        Field(description="The unit's own sentiment again confirms it; null gives the unit back to the model."),
    ]
    who: Annotated[str | None, Field(description="Who says so, for the record.", max_length=80)] = None
    sampled: Annotated[
        bool,
        Field(description="The unit was drawn at random rather than come across: only such ones measure the model."),
    ] = False


class CorrectedOut(Shape):
    """What a decision did."""

    unit: UnitOut
    before: str
    held: Annotated[
        str | None, Field(description="What a person had said of these words before; send it again to undo.")
    ]
    units: Annotated[int, Field(description="Units of the project that say the same and follow, this one among them.")]


class DecisionOut(Shape):
    """One decision of a person, as it was made."""

    id: int
    unit_id: str
    verbatim_id: str
    text: str
    language: str
    before: str
    after: Annotated[str | None, Field(description="null: given back to the model.")]
    kind: Annotated[str, Field(description="`corrected`, `confirmed` or `taken_back`.")]
    sampled: bool
    who: str | None
    at: str
    holds: Annotated[bool, Field(description="false: a later decision about the same words took its place.")]
    units: Annotated[int, Field(description="Units of the project that say these words.")]


@router.patch("/projects/{project}/units/{unit_id}", summary="Correct the sentiment of a unit")
def correct_unit(unit_id: str, body: CorrectionIn, db: ProjectDep, x_who: WhoHeader = None) -> CorrectedOut:
    """Store what a person says of a unit's sentiment; every unit of the same words follows, now and in later runs."""
    from app.tasks.correct import correct_unit as correct

    who = body.who or " ".join(header_name(x_who).split())[:LONGEST_WHO] or None
    done = correct(db, unit_id, sentiment=body.sentiment, who=who, sampled=body.sampled)
    return CorrectedOut(
        unit=unit_out(units.by_ids(db, [unit_id])[0]), before=done.before, held=done.held, units=done.units
    )


@router.get("/projects/{project}/corrections", summary="What people decided")
def list_corrections(db: ProjectDep, paging: PagingDep) -> ListOut[DecisionOut]:
    """Return every decision whose words are still in the project, newest first."""
    return listed(corrections.list_decisions(db, limit=paging.limit, after=paging.after), _decision)


def _decision(decision: Decision) -> DecisionOut:
    return DecisionOut.model_validate(decision)
