"""Correct: a person settles the sentiment of an opinion unit, and everything counted from it is right at once."""

from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from app.database import write
from app.store import corrections, verbatims
from app.tasks.insight import save_customer_types
from pipelines.records import Label
from pipelines.score import sentiment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a decision did: to a unit, its verbatim, and to how many units of the same words (this one among them).

    `held` is what a person had said of these words before, None where nobody had: deciding it again undoes this.
    """

    unit_id: str
    verbatim_id: str
    kind: str
    before: Label
    sentiment: Label
    held: Label | None
    units: int


def correct_unit(
    db: Database, unit_id: str, *, sentiment: Label | None, who: str | None = None, sampled: bool = False
) -> Corrected:
    """Give a unit, and every unit of the same words, the sentiment a person says; None gives it back to the model.

    The same sentiment as before confirms it. Verbatims and customer types that rest on it follow in the same write.
    Raises NotFound where there is no such unit.
    """
    with write(db):
        unit = corrections.judged_unit(db, unit_id)
        model = sentiment_of(unit.id, np.array(unit.probabilities, dtype=np.float32))
        kind, followed = corrections.decide(db, unit, after=sentiment, model=model, sampled=sampled, who=who)
        spoken_in, spoken_by = corrections.speakers(db, unit.text_hash)
        verbatims.set_sentiments(db, spoken_in)
        save_customer_types(db, spoken_by)
    return Corrected(
        unit_id=unit.id,
        verbatim_id=unit.verbatim_id,
        kind=kind,
        before=unit.sentiment,
        sentiment=sentiment or model.label,
        held=unit.held,
        units=followed,
    )
