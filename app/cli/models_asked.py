"""Models by the name a person gave, with a clear line where there is none of that name."""

from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from models.embedding import Encoder
    from models.sentiment import SentimentModel


def asked_encoder(name: str | None) -> "Encoder":
    """Return the encoder of this name, or the one of the settings. Raises BadRequest where it cannot be loaded."""
    from app.models_listed import no_model
    from models.embedding import load_encoder

    chosen = name or Settings().encoder
    try:
        return load_encoder(chosen)
    except (ValueError, OSError, ImportError) as error:
        raise no_model(chosen, "encoder", error) from error


def asked_sentiment(name: str | None) -> "SentimentModel":
    """Return the sentiment model of this name, or that of the settings. Raises BadRequest where it cannot be loaded."""
    from app.models_listed import no_model
    from models.sentiment import load_sentiment

    chosen = name or Settings().sentiment
    try:
        return load_sentiment(chosen)
    except (ValueError, OSError, ImportError) as error:
        raise no_model(chosen, "sentiment", error) from error
