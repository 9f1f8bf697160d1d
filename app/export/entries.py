"""What one line of an export says: the public contract, as plain values. Keys are only ever added.

docs/outputs.md lists every key with its meaning; a test holds it to what is written here.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from app.store import customers, themes, units, verbatims
from app.store.filters import NO_FILTERS, Filters
from app.store.views import CustomerView, SentimentCounts, ThemeView, UnitView, VerbatimView

if TYPE_CHECKING:
    from app.export import What

Entry = dict[str, Any]

PAGE_SIZE = 5_000
"""Rows held at once: some 20 MB of verbatims. Smaller pages cost time, because each is found by its offset."""
PLACES = 4
"""Decimal places of shares, similarities and confidences: more would only make files larger."""


def entries(db: Database, what: "What", filters: Filters) -> Iterator[Entry]:
    """Give every verbatim, unit, theme or customer under the filters, one entry at a time."""
    match what:
        case "verbatims":
            return verbatim_entries(db, filters)
        case "units":
            return unit_entries(db, filters)
        case "themes":
            return (theme_entry(view) for view in themes.list_views(db, filters))
        case "customers":
            return customer_entries(db, filters)


def verbatim_entries(db: Database, filters: Filters) -> Iterator[Entry]:
    """Give the verbatims in input order, each with all of its opinion units."""
    after: str | None = None
    while True:
        page = verbatims.list_views(db, filters, order="input", limit=PAGE_SIZE, after=after)
        yield from (verbatim_entry(view) for view in page.items)
        if (after := page.next) is None:
            return


def unit_entries(db: Database, filters: Filters) -> Iterator[Entry]:
    """Give the opinion units in input order, each with where and by whom it was said."""
    after: str | None = None
    while True:
        page = units.list_views(db, filters, order="input", limit=PAGE_SIZE, after=after)
        ids = list(dict.fromkeys(unit.verbatim_id for unit in page.items))
        said = {view.id: view for view in verbatims.views_by_id(db, ids, NO_FILTERS)}
        yield from (unit_with_verbatim(unit, said[unit.verbatim_id]) for unit in page.items)
        if (after := page.next) is None:
            return


def customer_entries(db: Database, filters: Filters) -> Iterator[Entry]:
    """Give the customers, those with most opinion units first."""
    after: str | None = None
    while True:
        page = customers.list_views(db, filters, limit=PAGE_SIZE, after=after)
        yield from (customer_entry(view) for view in page.items)
        if (after := page.next) is None:
            return


def verbatim_entry(view: VerbatimView) -> Entry:
    """Return a verbatim as one line of verbatims.jsonl."""
    return {
        "id": view.id,
        "source": view.source,
        "source_id": view.source_id,
        "row": view.row,
        "external_id": view.external_id,
        "question": view.question,
        "language": view.language,
        "text": view.text,
        "created_at": view.created_at,
        "score": _number(view.score),
        "scale": view.scale,
        "score_low": _number(view.score_low),
        "score_high": _number(view.score_high),
        "customer_id": view.customer_id,
        "matched_on": view.matched_on,
        "touchpoint": view.touchpoint,
        "speaker": view.speaker,
        "start_s": view.start_s,
        "attributes": dict(view.attributes),
        "sentiment": view.sentiment,
        "redactions": dict(view.redactions),
        "units": [unit_entry(unit) for unit in view.units],
    }


def unit_entry(unit: UnitView) -> Entry:
    """Return an opinion unit as it stands inside its verbatim: `text == verbatim["text"][start:end]`.

    `corrected` or `confirmed`, with the value true, is there only where a person decided the sentiment.
    """
    decided = {} if unit.decided is None else {unit.decided: True}
    return {
        "id": unit.id,
        "start": unit.start,
        "end": unit.end,
        "text": unit.text,
        "language": unit.language,
        "theme_id": unit.theme_id,
        "similarity": round(unit.similarity, PLACES),
        "sentiment": unit.sentiment,
        "confidence": round(unit.confidence, PLACES),
        **decided,
    }


def unit_with_verbatim(unit: UnitView, verbatim: VerbatimView) -> Entry:
    """Return an opinion unit on its own, with the names of its theme and what is known of its verbatim."""
    named = unit.theme_zh is not None and unit.theme_en is not None
    return {
        **unit_entry(unit),
        "theme": {"zh": unit.theme_zh, "en": unit.theme_en} if named else None,
        "verbatim_id": verbatim.id,
        "verbatim": verbatim.text,
        "source": verbatim.source,
        "row": verbatim.row,
        "external_id": verbatim.external_id,
        "question": verbatim.question,
        "created_at": verbatim.created_at,
        "score": _number(verbatim.score),
        "scale": verbatim.scale,
        "customer_id": verbatim.customer_id,
        "touchpoint": verbatim.touchpoint,
    }


def theme_entry(view: ThemeView) -> Entry:
    """Return a theme as it stands in themes.json; a parent counts the units of its children."""
    return {
        "id": view.id,
        "parent_id": view.parent_id,
        "is_parent": view.is_parent,
        "name": {"zh": view.name_zh, "en": view.name_en},
        "keywords": list(view.keywords),
        "units": view.units,
        "verbatims": view.verbatims,
        "customers": view.customers,
        "share": round(view.share, PLACES),
        "sentiment": sentiment_entry(view.sentiment),
        "score_impact": None if view.impact is None else round(float(view.impact["value"]), PLACES),
        "score_impact_detail": None if view.impact is None else _rounded(view.impact),
        "trend": None if view.trend is None else _rounded(view.trend),
        "exemplars": list(view.exemplars),
        "status": view.status,
        "tentative": view.tentative,
        "edited": view.edited,
        "pinned": view.pinned,
        "hidden": view.hidden,
        "locked": view.locked,
    }


def customer_entry(view: CustomerView) -> Entry:
    """Return a customer as one line of customers.jsonl."""
    return {
        "id": view.id,
        "external_id": view.external_id,
        "name": view.name,
        "matched_on": list(view.matched_on),
        "known_from": "customers" if view.origin == "file" else "feedback",
        "type": view.type,
        "type_rule": view.type_rule,
        "attributes": dict(view.attributes),
        "verbatims": view.verbatims,
        "units": view.units,
        "sentiment": sentiment_entry(view.sentiment),
        "themes": list(view.themes),
        "first_at": view.first_at,
        "last_at": view.last_at,
    }


def sentiment_entry(counts: SentimentCounts) -> dict[str, int]:
    """Return the three counts by label."""
    return {"negative": counts.negative, "neutral": counts.neutral, "positive": counts.positive}


def _number(value: float | None) -> float | int | None:
    """Return 4 rather than 4.0 for a whole score: it is what was asked and answered."""
    return int(value) if value is not None and value.is_integer() else value


def _rounded(values: Mapping[str, Any]) -> Entry:
    return {key: round(value, PLACES) if isinstance(value, float) else value for key, value in values.items()}
