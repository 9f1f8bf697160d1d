"""Re-fits: what the sentiment model learns from people's corrections, what that gains, and whether it is in use."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.access import ProjectDep, SystemDep
from app.api.schemas import Shape, TicketOut
from app.store import jobs
from app.store.learning import Learning, learning
from app.store.refits import Refit

router = APIRouter(tags=["refits"])


class RefitIn(BaseModel):
    """How to re-fit."""

    anyway: Annotated[bool, Field(description="Use it even where the measure does not say that it is better.")] = False


class RefitChangeIn(BaseModel):
    """Whether the newest re-fit is used."""

    active: bool


class GainOut(Shape):
    """What re-fitting gains, measured on judged texts by heads that had not seen them."""

    judged: int
    right: Annotated[int, Field(description="Judged texts on which the model in use was right.")]
    wrong: int
    mended: Annotated[int, Field(description="Of the wrong ones, those that come out right.")]
    spoilt: Annotated[int, Field(description="Of the right ones, those that come out wrong.")]
    sampled: Annotated[int, Field(description="Judged texts that were drawn at random.")]
    accuracy: Annotated[float, Field(description="How often the model in use is right in the whole project.")]
    measured_on: Annotated[str, Field(description="`sample`, or the model's own `confidence`.")]
    value: Annotated[float, Field(description="Change of accuracy in the whole project, -1 to 1.")]
    low: Annotated[float, Field(description="95 % interval of it.")]
    high: float
    verdict: Literal["better", "perhaps", "not_better", "unknown"]


class RefitOut(Shape):
    """A head over the sentiment model."""

    id: int
    made_at: str
    base: Annotated[str, Field(description="The sentiment model it belongs to; beside another one it rests.")]
    encoder: str
    name: str
    sha256: str
    gain: GainOut
    active: bool
    chosen_by: Annotated[str | None, Field(description="`gain` or `person`; null while it is not in use.")]


class LearningOut(Shape):
    """Where a project stands with its corrections."""

    corrected: int
    confirmed: int
    sampled: int
    fewest: Annotated[int, Field(description="Judged texts from which on re-fitting is possible.")]
    model: Annotated[str | None, Field(description="The sentiment model of the last run; null before one.")]
    newest: Annotated[RefitOut | None, Field(description="The newest re-fit; null where there is none.")]
    fits: Annotated[bool, Field(description="false: the newest re-fit belongs to another model; re-fit again.")]


@router.get("/projects/{project}/refits", summary="What the model learnt")
def get_refits(db: ProjectDep) -> LearningOut:
    """Return how much people judged, the newest re-fit with its gain, and whether it is in use."""
    return _learning(learning(db))


@router.post("/projects/{project}/refits", status_code=202, summary="Re-fit the sentiment model")
def start_refit(
    project: str, db: ProjectDep, system: SystemDep, response: Response, body: RefitIn | None = None
) -> TicketOut:
    """Put a re-fit in the queue: it is measured, used where it is better, and every unit is scored again."""
    payload = {"anyway": True} if body is not None and body.anyway else {}
    return _ticket(jobs.enqueue(system, project, kind="refit", payload=payload).id, response)


@router.patch("/projects/{project}/refits", status_code=202, summary="Switch the re-fit on or off")
def switch_refit(project: str, body: RefitChangeIn, db: ProjectDep, system: SystemDep, response: Response) -> TicketOut:
    """Use the newest re-fit, or the model as it is; every unit is scored again by a job."""
    return _ticket(jobs.enqueue(system, project, kind="refit", payload={"active": body.active}).id, response)


def _ticket(job: int, response: Response) -> TicketOut:
    response.headers["location"] = f"/api/v1/jobs/{job}"
    return TicketOut(job=job)


def _learning(found: Learning) -> LearningOut:
    return LearningOut(
        corrected=found.decided.corrected,
        confirmed=found.decided.confirmed,
        sampled=found.decided.sampled,
        fewest=found.fewest,
        model=found.model,
        newest=None if found.newest is None else _refit(found.newest),
        fits=found.fits,
    )


def _refit(refit: Refit) -> RefitOut:
    return RefitOut.model_validate(refit)
