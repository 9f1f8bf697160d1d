"""The filters of a page, offered as a bar and shown as marks that can be taken off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from app.asked import SENTIMENTS
from app.locale import UiLanguage, say
from app.store import counts, customers, sources, themes
from app.store.filters import NO_FILTERS, NONE, Filters

MOST_OPTIONS = 200
"""A longer list of touchpoints or questions is no choice any more; search finds them."""
TRANSLATED = frozenset({"sentiment", "language", "customer_type", "scale"})
"""Filters whose values are words of ours; the others are the data's own words."""
WORTH_CHOOSING = 2
"""With one source, language or question there is nothing to choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a filter: what stands in the address, and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A filter with the values it may take and the one that is on, if any."""

    name: str
    chosen: str | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterBar:
    """What may be chosen in this project, and what is; `segments` holds the values of every attribute."""

    first_day: str | None
    last_day: str | None
    selects: tuple[Select, ...]
    segments: Mapping[str, tuple[str, ...]]
    chosen: tuple[Select, ...]


def filter_bar(db: Database, filters: Filters, *, language: UiLanguage) -> FilterBar:
    """Return what may be chosen in this project, and what is on, in the visitor's language."""
    first_day, last_day = counts.days(db, NO_FILTERS)
    source_names = {source.id: source.name for source in sources.views(db)}
    values: dict[str, Iterable[str]] = {
        "sentiment": SENTIMENTS if counts.has_units(db) else (),
        "source": source_names,
        "language": counts.values(db, "language"),
        "customer_type": counts.values(db, "customer_type"),
        "touchpoint": counts.values(db, "touchpoint"),
        "question": counts.values(db, "question"),
    }
    on = filters.as_query()

    def options(name: str, found: Iterable[str]) -> tuple[Option, ...]:
        labels = [_label(name, value, names=source_names, language=language) for value in found]
        return tuple(Option(value=value, label=label) for value, label in zip(found, labels, strict=True))

    selects = tuple(
        Select(name=name, chosen=on.get(name), options=options(name, tuple(found)[:MOST_OPTIONS]))
        for name, found in values.items()
    )
    return FilterBar(
        first_day=first_day,
        last_day=last_day,
        selects=tuple(one for one in selects if len(one.options) >= WORTH_CHOOSING or one.chosen),
        segments=customers.segments(db),
        chosen=tuple(_chosen(db, name, value, names=source_names, language=language) for name, value in on.items()),
    )


def _label(name: str, value: str, *, names: Mapping[str, str], language: UiLanguage) -> str:
    if name in TRANSLATED:
        return say(language, f"{name}.{value}")
    return names.get(value, value) if name == "source" else value


def _chosen(db: Database, name: str, value: str, *, names: Mapping[str, str], language: UiLanguage) -> Select:
    label = _label(name, value, names=names, language=language)
    match name:
        case "theme":
            label = themes.names(db, value)[0 if language == "zh" else 1]
        case "touchpoint" if value == NONE:
            label = say(language, "voice.unknown")
        case "customer" if value == NONE:
            label = say(language, "verbatim.no_customer")
        case "customer":
            customer = customers.view(db, value)
            label = customer.name or customer.external_id or customer.id
        case "segment":
            attribute, _, wanted = value.partition(":")
            label = f"{attribute} = {wanted or say(language, 'voice.unknown')}"
    return Select(name=name, chosen=value, options=(Option(value=value, label=label),))
