"""Score: the sentiment of every opinion unit, each distinct text once."""

from collections.abc import Callable, Sequence

import numpy as np

from models.families import Travelling
from models.sentiment import SentimentModel
from pipelines.distinct import once_each
from pipelines.records import LABELS, Label, Matrix, OpinionUnit, Report, Sentiment, silent
from pipelines.spread import Spread, in_turn

SURE_ENOUGH = 0.45
"""Below this confidence of the strongest end a unit is called neutral: of three classes, an end that is hardly
likelier than the two others together is no basis for colouring a sentence red or green."""


def score(units: Sequence[OpinionUnit], model: SentimentModel, *, report: Report = silent) -> tuple[Sentiment, ...]:
    """Return the sentiment of each unit, aligned with the units."""
    return begin_score(units, model, spread=in_turn)(report)


def begin_score(
    units: Sequence[OpinionUnit], model: SentimentModel, *, spread: Spread
) -> Callable[[Report], tuple[Sentiment, ...]]:
    """Begin to score where there are other hands; the function returned ends it and gives each unit's sentiment.

    A model that does not travel (on a graphics card, say) is asked here, when the sentiments are wanted.
    """
    hands = spread if isinstance(model, Travelling) else in_turn
    finish = once_each(units, model.predict, width=3, stage="score", spread=hands)

    def finished(report: Report) -> tuple[Sentiment, ...]:
        rows = finish(report)
        return tuple(sentiment_of(unit.id, row) for unit, row in zip(units, rows, strict=True))

    return finished


def sentiment_of(unit_id: str, probabilities: Matrix) -> Sentiment:
    """Return the sentiment that three probabilities (negative, neutral, positive) give."""
    negative, neutral, positive = (round(float(value), 4) for value in probabilities)
    label = label_of(probabilities)
    return Sentiment(
        unit_id=unit_id,
        label=label,
        confidence={"negative": negative, "neutral": neutral, "positive": positive}[label],
        negative=negative,
        neutral=neutral,
        positive=positive,
    )


def label_of(probabilities: Matrix) -> Label:
    """Return the likeliest of negative, neutral and positive; neutral where neither end is sure enough."""
    likeliest = LABELS[int(np.argmax(probabilities))]
    return likeliest if float(np.max(probabilities)) >= SURE_ENOUGH else "neutral"
