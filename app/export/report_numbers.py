"""Everything the report says, counted from the store before a word of it is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.measures import Series, few_units, score_summary, series
from app.store import counts, customers, runs, sources, themes, units, verbatims
from app.store.counts import Cut, Slice, Totals
from app.store.filters import Filters
from app.store.views import SourceView, ThemeView, UnitView, VerbatimView
from app.theme_map import ThemeMap, theme_map
from pipelines.scores import ScoreSummary

TOLD_THEMES = 40
"""Themes told one by one, the largest: some 80 printed pages. Smaller ones stand in the list with their numbers."""
SHOWN_VOICES = 3
"""Verbatims shown at once per theme; a page on paper holds about two themes."""
MORE_VOICES = 12
"""Verbatims that unfold below them."""
UNTHEMED_VOICES = 6
REJECTED_SHOWN = 12
LEAST_OF_A_SEGMENT = 10
"""Units a group of customers must have in all before a share of it is shown: below that one person moves it by 10 %."""
CUTS: tuple[Cut, ...] = ("customer_type", "language", "touchpoint", "question", "source")
MOST_SEGMENTS = 4
MOST_VALUES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A verbatim with the opinion units it is quoted for."""

    verbatim: VerbatimView
    marked: frozenset[str]

    def pieces(self) -> Iterator[tuple[str, UnitView | None]]:
        """Give the whole text in pieces: (text, the unit quoted or None), nothing added, nothing left out."""
        at = 0
        for unit in self.verbatim.units:
            if unit.id not in self.marked or unit.start < at:
                continue
            if unit.start > at:
                yield self.verbatim.text[at : unit.start], None
            yield self.verbatim.text[unit.start : unit.end], unit
            at = unit.end
        if at < len(self.verbatim.text):
            yield self.verbatim.text[at:], None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One theme told: its numbers, who speaks of it, and what they say.

    `who` holds (value of the cut, share of that value's units that are this theme's, this theme's units).
    """

    theme: ThemeView
    parent: ThemeView | None
    cut: Cut
    who: tuple[tuple[str, float, int], ...]
    voices: tuple[Voice, ...]
    more: tuple[Voice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A parent theme with its children, or themes that stand alone (`parent` None)."""

    parent: ThemeView | None
    children: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """The counts by each value of one thing: a cut such as the language, or an attribute of the customers."""

    name: str
    is_attribute: bool
    slices: tuple[Slice, ...]
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNumbers:
    """All numbers and words of a report; `impact` and `trend` of themes are those of the last run, over everything."""

    filters: Mapping[str, str]
    totals: Totals
    scores: ScoreSummary
    over_time: Series
    groups: tuple[Group, ...]
    leaves: tuple[ThemeView, ...]
    hidden: tuple[ThemeView, ...]
    unsaid: tuple[ThemeView, ...]
    unthemed: ThemeView
    unthemed_voices: tuple[Voice, ...]
    stories: tuple[Story, ...]
    impacts: tuple[ThemeView, ...]
    rising: tuple[ThemeView, ...]
    cuttings: tuple[Cutting, ...]
    map: ThemeMap
    few: int | None
    sources: tuple[SourceView, ...]
    uploads: tuple[Mapping[str, Any], ...]
    left_out: Mapping[str, Mapping[str, int]]
    rejected: tuple[Mapping[str, Any], ...]
    rejected_total: int
    redactions: Mapping[str, int]
    run: Mapping[str, Any] | None


def gather(db: Database, filters: Filters) -> ReportNumbers:
    """Count and collect everything for a report under the filters."""
    views = themes.list_views(db, filters)
    leaves = tuple(view for view in views if not view.is_parent and view.units and not view.hidden)
    parents = {view.id: view for view in views if view.is_parent}
    source_views = sources.views(db)
    unreadable = sources.rejected(db, limit=REJECTED_SHOWN)
    nearest = units.nearest_by_theme(db, filters, limit=SHOWN_VOICES + MORE_VOICES)
    names = {source.id: source.name for source in source_views}
    return ReportNumbers(
        filters=filters.as_query(),
        totals=counts.totals(db, filters),
        scores=score_summary(db, filters),
        over_time=series(db, filters),
        groups=_groups(leaves, parents),
        leaves=leaves,
        hidden=tuple(view for view in views if not view.is_parent and view.units and view.hidden),
        unsaid=tuple(view for view in views if view.status == "defined" and not view.is_parent and not view.units),
        unthemed=themes.unthemed(db, filters),
        unthemed_voices=_voices(db, filters, [unit.id for unit in nearest.get(None, ())][:UNTHEMED_VOICES]),
        stories=_stories(db, filters, leaves[:TOLD_THEMES], parents=parents, nearest=nearest),
        impacts=tuple(sorted((view for view in leaves if view.impact), key=_by_impact)),
        rising=tuple(sorted((view for view in leaves if (view.trend or {}).get("rise")), key=_by_rise)),
        cuttings=_cuttings(db, filters, names),
        map=theme_map(db, filters),
        few=few_units(db),
        sources=source_views,
        uploads=sources.uploads(db),
        left_out=sources.left_out_counts(db),
        rejected=unreadable.items,
        rejected_total=unreadable.total,
        redactions=counts.redactions(db),
        run=runs.latest(db),
    )


def _groups(leaves: Sequence[ThemeView], parents: Mapping[str, ThemeView]) -> tuple[Group, ...]:
    """Parents and themes that stand alone in one order of volume."""
    children: dict[str, list[ThemeView]] = {}
    groups = []
    for leaf in leaves:
        if leaf.parent_id in parents:
            children.setdefault(str(leaf.parent_id), []).append(leaf)
        else:
            groups.append(Group(parent=None, children=(leaf,)))
    groups += [Group(parent=parents[one], children=tuple(found)) for one, found in children.items()]
    return tuple(sorted(groups, key=lambda group: (-(group.parent or group.children[0]).units, group.children[0].id)))


def _stories(
    db: Database,
    filters: Filters,
    told: Sequence[ThemeView],
    *,
    parents: Mapping[str, ThemeView],
    nearest: Mapping[str | None, Sequence[UnitView]],
) -> tuple[Story, ...]:
    cut = _who_cut(db, filters)
    whole = {one.value: one.units for one in counts.by_cut(db, filters, cut)}
    of_theme = counts.themes_by_cut(db, filters, cut)
    stories = []
    for theme in told:
        wanted = list(dict.fromkeys([*theme.exemplars, *(unit.id for unit in nearest.get(theme.id, ()))]))
        voices = _voices(db, filters, wanted)
        who = [
            (one.value, one.units / whole[one.value], one.units)
            for one in of_theme.get(theme.id, ())
            if one.value is not None and whole.get(one.value, 0) >= LEAST_OF_A_SEGMENT
        ]
        stories.append(
            Story(
                theme=theme,
                parent=parents.get(theme.parent_id or ""),
                cut=cut,
                who=tuple(sorted(who, key=lambda one: (-one[1], one[0]))[:MOST_VALUES]),
                voices=voices[:SHOWN_VOICES],
                more=voices[SHOWN_VOICES : SHOWN_VOICES + MORE_VOICES],
            )
        )
    return tuple(stories)


def _who_cut(db: Database, filters: Filters) -> Cut:
    """Customer types where some customers have one, else languages: the cut that says most about who speaks."""
    typed = [one for one in counts.by_cut(db, filters, "customer_type") if one.value is not None]
    return "customer_type" if len(typed) > 1 else "language"


def _voices(db: Database, filters: Filters, unit_ids: Sequence[str]) -> tuple[Voice, ...]:
    """The verbatims of these units, each once with all of them marked; those outside the filters are left out."""
    found = units.by_ids(db, unit_ids)
    marked: dict[str, set[str]] = {}
    for unit in found:
        marked.setdefault(unit.verbatim_id, set()).add(unit.id)
    said = verbatims.views_by_id(db, list(marked), filters)
    return tuple(Voice(verbatim=view, marked=frozenset(marked[view.id])) for view in said)


def _cuttings(db: Database, filters: Filters, sources_by_id: Mapping[str, str]) -> tuple[Cutting, ...]:
    cuttings = [_cutting(cut, counts.by_cut(db, filters, cut), names=sources_by_id) for cut in CUTS]
    cuttings += [
        _cutting(name, counts.by_segment(db, filters, name), is_attribute=True)
        for name in list(customers.segments(db))[:MOST_SEGMENTS]
    ]
    return tuple(one for one in cuttings if sum(part.value is not None for part in one.slices) > 1)


def _cutting(
    name: str, slices: Sequence[Slice], *, names: Mapping[str, str] | None = None, is_attribute: bool = False
) -> Cutting:
    named = tuple(
        Slice(
            value=(names or {}).get(one.value or "", one.value) if name == "source" else one.value,
            verbatims=one.verbatims,
            units=one.units,
            customers=one.customers,
            sentiment=one.sentiment,
        )
        for one in slices
    )
    return Cutting(
        name=name, is_attribute=is_attribute, slices=named[:MOST_VALUES], hidden=max(0, len(named) - MOST_VALUES)
    )


def _by_impact(view: ThemeView) -> tuple[float, str]:
    return (float((view.impact or {}).get("value", 0.0)), view.id)


def _by_rise(view: ThemeView) -> tuple[float, str]:
    rise = (view.trend or {}).get("rise") or {}
    return (-float(rise.get("ratio", 0.0)), view.id)
