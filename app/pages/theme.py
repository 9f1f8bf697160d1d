"""One theme: its numbers, how it moves, who says it, and every verbatim behind it. The id "none" is the unthemed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlite_utils import Database

from app import measures
from app.access import ProjectDep
from app.asked import asked_choice
from app.charts import all_charts
from app.errors import NotFound
from app.pages.chart_places import placed
from app.pages.edit_words import told_edit, words
from app.pages.editor import who_asks
from app.pages.filter_bar import filter_bar
from app.pages.frame import Frame, ProjectFrame, render
from app.pages.theme_splits import theme_splits
from app.store import edits, emerging, proposed_names, themes, units, verbatims
from app.store.filters import Filters
from app.store.views import Page, ThemeView, VerbatimView

router = APIRouter(include_in_schema=False)

SHOWN = 20
"""Verbatims on one page: whole texts, so about five screens."""
EXEMPLARS_SHOWN = 6
SEGMENTS_SHOWN = 4
EDITS_SHOWN = 3
"""Edits told below the heading; the history has them all."""
VIEWS = ("exemplars", "all", "unsure")


@router.get("/p/{project}/themes/{theme_id}")
def show_theme(
    frame: ProjectFrame,
    db: ProjectDep,
    theme_id: str,
    view: Annotated[str | None, Query()] = None,
    after: Annotated[str | None, Query()] = None,
) -> HTMLResponse:
    """Show one theme under the filters of the address."""
    gone = edits.gone(db, theme_id)
    if gone is not None:
        return _show_gone(frame, db, theme_id, gone)
    # Counting all themes costs as much as counting one, so the list serves its parent and children too.
    everything, unthemed = themes.with_unthemed(db, frame.filters)
    found = next((one for one in (*everything, unthemed) if one.id == theme_id), None)
    if found is None:
        raise NotFound(code="no_theme", values={"theme": theme_id[:80]})
    filters = replace(frame.filters, theme=theme_id)
    children = tuple(one for one in everything if one.parent_id == found.id and one.units)
    chosen = asked_choice("view", view, VIEWS) or ("exemplars" if found.exemplars and not after else "all")
    series = measures.series(db, filters)
    offered = filter_bar(db, replace(frame.filters, theme=None), language=frame.language)
    frame = replace(frame, filters=filters, addresses=replace(frame.addresses, filters=filters))
    return render(
        frame,
        "theme.html",
        {
            "page_name": "themes",
            "theme": found,
            "parent": next((one for one in everything if one.id == found.parent_id), None),
            "children": children,
            "view": chosen,
            "page": _page(db, _exemplars(found, children), filters, view=chosen, after=after),
            "here_offset": after,
            "series": series,
            "change": measures.change(series),
            "scores": measures.score_summary(db, filters).parts,
            "splits": theme_splits(db, filters, language=frame.language),
            "few": measures.few_units(db),
            "all_units": sum(one.units for one in everything if not one.is_parent) + unthemed.units,
            "charts": [placed(db, chart, theme_id, frame) for chart in all_charts()],
            "offered": offered,
            "proposed": proposed_names.under(db, theme_id),
            "emerging": len(emerging.list_views(db)) if theme_id == "none" else 0,
            **_editing(frame, db, found, everything),
        },
    )


def _editing(frame: Frame, db: Database, theme: ThemeView, everything: Sequence[ThemeView]) -> dict[str, object]:
    """Return what the bar that changes the theme needs, and who changed what."""
    known = frozenset(one.id for one in everything)
    told = told_edit(frame, db)
    latest = [edits.view(db, one) for one in reversed(theme.edits[-EDITS_SHOWN:])]
    return {
        "leaves": [one for one in everything if not one.is_parent],
        "parents": [one for one in everything if one.is_parent],
        "told": told,
        "told_said": words(frame, told, known) if told else None,
        "latest": [(edit, words(frame, edit, known)) for edit in latest],
        "who": who_asks(frame.request),
    }


def _show_gone(frame: Frame, db: Database, theme_id: str, went_to: Sequence[str]) -> HTMLResponse:
    """Show where what was in a theme went that people merged or split."""
    known = {one.id: one for one in themes.list_views(db, frame.filters)}
    last = edits.list_views(db, theme=theme_id, limit=1).items
    told = [(edit, words(frame, edit, frozenset(known))) for edit in last]
    into = [known[one] for one in went_to if one in known]
    return render(
        frame,
        "theme_gone.html",
        {"page_name": "themes", "into": into, "latest": told, "told": None, "told_said": None},
    )


def _exemplars(theme: ThemeView, children: Sequence[ThemeView]) -> tuple[str, ...]:
    """Return the units that show a theme best; a parent's few are joined by those of its children, taking turns."""
    turns = chain.from_iterable(zip_longest(*(child.exemplars for child in children)))
    return tuple(dict.fromkeys((*theme.exemplars, *(one for one in turns if one))))[:EXEMPLARS_SHOWN]


def _page(
    db: Database, exemplars: Sequence[str], filters: Filters, *, view: str, after: str | None
) -> Page[VerbatimView]:
    if view == "exemplars":
        owners = list(dict.fromkeys(unit.verbatim_id for unit in units.by_ids(db, exemplars)))
        items = verbatims.views_by_id(db, owners, filters)
        return Page(items=items, total=len(items), next=None)
    if view == "unsure":
        found = units.list_views(db, filters, order="unsure", limit=SHOWN, after=after)
        owners = list(dict.fromkeys(unit.verbatim_id for unit in found.items))
        return Page(items=verbatims.views_by_id(db, owners, filters), total=found.total, next=found.next)
    return verbatims.list_views(db, filters, limit=SHOWN, after=after)
