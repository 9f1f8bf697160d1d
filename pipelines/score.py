"""Score: the sentiment of every opinion unit, each distinct text once."""

from collections.abc import Sequence

import numpy as np

from models.sentiment import SentimentModel
from pipelines.distinct import once_each
from pipelines.records import LABELS, Matrix, OpinionUnit, Report, Sentiment, silent

SURE_ENOUGH = 0.45
"""Below this confidence of the strongest end a unit is called neutral: of three classes, an end that is hardly
likelier than the two others together is no basis for colouring a sentence red or green."""


def score(units: Sequence[OpinionUnit], model: SentimentModel, *, report: Report = silent) -> tuple[Sentiment, ...]:
    """Return the sentiment of each unit, aligned with the units."""
    rows = once_each(units, model.predict, width=3, stage="score", report=report)
    return tuple(sentiment_of(unit.id, row) for unit, row in zip(units, rows, strict=True))


def sentiment_of(unit_id: str, probabilities: Matrix) -> Sentiment:
    """Return the label that three probabilities (negative, neutral, positive) give, with its confidence."""
    negative, neutral, positive = (round(float(value), 4) for value in probabilities)
    best = int(np.argmax(probabilities))
    label = LABELS[best]
    if label != "neutral" and max(negative, positive) < SURE_ENOUGH:
        label = "neutral"
    confidence = {"negative": negative, "neutral": neutral, "positive": positive}[label]
    return Sentiment(
        unit_id=unit_id,
        label=label,
        confidence=confidence,
        negative=negative,
        neutral=neutral,
        positive=positive,
    )
