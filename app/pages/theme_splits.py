"""Who speaks of a theme, and where: its share in what each kind of speaker says, each a link to the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from app.locale import UiLanguage, say
from app.store import customers, sources
from app.store.counts import Cut
from app.store.filters import NONE, Filters
from app.store.splits import Split, Spoken, splits
from pipelines.intervals import wilson

CUTS: tuple[Cut, ...] = ("customer_type", "touchpoint", "source", "language")
ATTRIBUTES_SHOWN = 4
VALUES_SHOWN = 12
"""Kinds of speaker shown of one split: more of them are searched for, not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One kind of speaker: its share with the 95 % interval, and the filters (`query`) that find its words."""

    label: str
    query: Mapping[str, str]
    known: bool
    units: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """A theme split by one thing, the kinds that speak of it most first, unknown ones last; `more` are not shown."""

    name: str
    title: str
    voices: tuple[Voice, ...]
    more: int


def theme_splits(db: Database, filters: Filters, *, language: UiLanguage) -> tuple[Voices, ...]:
    """Return a theme (`filters.theme`) by customer type, touchpoint, source and language, then by attributes.

    Of the attributes those whose values differ most; what has one value only splits nothing and is left out.
    """
    names = {source.id: source.name for source in sources.views(db)}
    found = splits(db, filters, cuts=CUTS, attributes=tuple(customers.segments(db)))
    split = [one for one in found if len(one.values) > 1]
    by_cut = [one for one in split if not one.is_attribute]
    by_attribute = sorted((one for one in split if one.is_attribute), key=lambda one: (-_spread(one.values), one.name))
    return tuple(_voices(one, names=names, language=language) for one in (*by_cut, *by_attribute[:ATTRIBUTES_SHOWN]))


def _voices(split: Split, *, names: Mapping[str, str], language: UiLanguage) -> Voices:
    ordered = sorted(split.values, key=lambda one: (one.value is None, -one.share, str(one.value)))
    shown = [_voice(split, one, names=names, language=language) for one in ordered[:VALUES_SHOWN]]
    title = split.name if split.is_attribute else say(language, f"filter.{split.name}")
    name = "" if split.is_attribute else split.name
    return Voices(name=name, title=title, voices=tuple(shown), more=len(ordered) - len(shown))


def _voice(split: Split, spoken: Spoken, *, names: Mapping[str, str], language: UiLanguage) -> Voice:
    low, high = wilson(spoken.units, spoken.of)
    value = spoken.value
    query = {"segment": f"{split.name}:{value or ''}"} if split.is_attribute else {split.name: value or NONE}
    if value is None:
        label = say(language, "voice.unknown")
    elif not split.is_attribute and split.name in ("customer_type", "language"):
        label = say(language, f"{split.name}.{value}")
    else:
        label = names.get(value, value) if split.name == "source" and not split.is_attribute else value
    return Voice(
        label=label,
        query=query,
        known=value is not None,
        units=spoken.units,
        of=spoken.of,
        share=spoken.share,
        low=low,
        high=high,
    )


def _spread(values: Sequence[Spoken]) -> float:
    # Shares of few units jump about: the spread is weighed down by a dozen pretended units of the usual share.
    known = [voice for voice in values if voice.value is not None]
    usual = sum(voice.units for voice in known) / max(sum(voice.of for voice in known), 1)
    steady = [(voice.units + 12 * usual) / (voice.of + 12) for voice in known]
    return max(steady, default=0) - min(steady, default=0)
