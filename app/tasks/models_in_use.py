"""The models of a project: those the settings name, the sentiment model with the head re-fitted to its corrections."""

from sqlite_utils import Database

from app.errors import BadRequest
from app.models_listed import no_model, why_not
from app.settings import Settings
from app.store import refits
from app.store.refits import Refit
from app.vector_cache import CachedEncoder
from models.embedding import Encoder, load_encoder
from models.sentiment import SentimentModel, load_sentiment
from models.sentiment.refit import RefittedSentiment, from_bytes
from pipelines.spread import Spread, in_turn


def load_models(db: Database, settings: Settings, *, spread: Spread = in_turn) -> tuple[CachedEncoder, SentimentModel]:
    """Return the project's encoder, which remembers its vectors, and its sentiment model. Raises BadRequest."""
    encoder, base = load_base(db, settings, spread=spread)
    return encoder, with_head(db, base, encoder=encoder)


def load_base(db: Database, settings: Settings, *, spread: Spread = in_turn) -> tuple[CachedEncoder, SentimentModel]:
    """Return the models that the settings name. Raises BadRequest where they cannot be loaded."""
    try:
        encoder = CachedEncoder(load_encoder(settings.encoder), db, spread=spread)
    except (ValueError, OSError, ImportError) as error:
        raise no_model(settings.encoder, "encoder", error) from error
    try:
        return encoder, load_sentiment(settings.sentiment)
    except (ValueError, OSError, ImportError) as error:
        raise no_model(settings.sentiment, "sentiment", error) from error


def with_head(db: Database, base: SentimentModel, *, encoder: Encoder) -> SentimentModel:
    """Return the model with the head that is in use, or as it is where there is none.

    A head belongs to one model and one encoder; beside others it rests, and the corrections page says so. Raises
    BadRequest where the stored weights are damaged.
    """
    used = refits.active(db)
    if used is None or (used.base, used.encoder) != (base.name, encoder.name):
        return base
    return refitted(db, used, base=base, encoder=encoder)


def refitted(db: Database, used: Refit, *, base: SentimentModel, encoder: Encoder) -> RefittedSentiment:
    """Return the model with a stored head, in use or not. Raises BadRequest where its weights are damaged."""
    try:
        head = from_bytes(refits.weights(db, used.id), base=used.base, encoder=used.encoder, sha256=used.sha256)
    except ValueError as error:
        raise BadRequest(code="no_model", values={"model": used.name, "reason": why_not(error)}) from error
    return RefittedSentiment(base=base, encoder=encoder, head=head)
