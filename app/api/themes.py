"""Themes: what is talked about, with the opinion units behind every number."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from app.access import ProjectDep
from app.api.paging import PagingDep, page_of
from app.api.schemas import ListOut, NameOut, SentimentOut, Shape, listed
from app.asked import FiltersDep
from app.store import themes, units
from app.store.views import ThemeView, UnitView

router = APIRouter(tags=["themes"])

Order = Literal["volume", "negative", "positive", "negative_share", "impact", "name"]
Hidden = Literal["no", "yes", "only"]
UnitOrder = Literal["newest", "nearest", "unsure", "input"]


class ThemeOut(Shape):
    """A theme with its counts under the filters asked for; a parent counts the units of its children."""

    id: str
    parent_id: str | None
    is_parent: bool
    name: NameOut
    keywords: list[str]
    status: Annotated[
        str,
        Field(
            description="`found`, `defined`, `emerging`, `made` by a person, `kept` (edited, not found), `unthemed`."
        ),
    ]
    tentative: Annotated[bool, Field(description="Too few units to rest a decision on.")]
    units: int
    verbatims: int
    customers: int
    share: Annotated[float, Field(description="Part of all opinion units under the same filters, 0 to 1.")]
    sentiment: SentimentOut
    score_impact: Annotated[dict[str, Any] | None, Field(description="Effect on the score, over all; last run.")]
    trend: Annotated[dict[str, Any] | None, Field(description="Counts by period, over all; last run.")]
    exemplars: Annotated[list[str], Field(description="Ids of opinion units that show it.")]
    first_run: int
    last_run: int
    pinned: Annotated[bool, Field(description="A person put it first.")] = False
    hidden: Annotated[bool, Field(description="A person hid it, or its parent.")] = False
    locked: Annotated[bool, Field(description="Runs move nothing out of it, and only new texts into it.")] = False
    edits: Annotated[list[int], Field(description="Edits in force that name it: `GET …/edits?about=`.")]


class UnitOut(Shape):
    """An opinion unit: `verbatim.text[start:end]` is its text, counted in Unicode code points."""

    id: str
    verbatim_id: str
    start: int
    end: int
    text: str
    language: str
    theme_id: Annotated[str | None, Field(description="null: unthemed.")]
    theme: Annotated[NameOut | None, Field(description="Name of the theme.")]
    similarity: Annotated[float, Field(description="How near it lies to its theme, as a cosine.")]
    sentiment: str
    confidence: Annotated[float, Field(description="How sure the model is; 1 where a person decided.")]
    decided: Annotated[
        str | None, Field(description="`corrected` or `confirmed` by a person; null: the model's word.")
    ] = None


class HiddenOut(Shape):
    """What hidden themes hold under the filters asked for, so that nothing is left out unseen."""

    themes: int
    units: int


class ThemesOut(ListOut[ThemeOut]):
    """One page of themes, and what the hidden ones hold."""

    hidden: HiddenOut


class ThemeDetailOut(ThemeOut):
    """A theme with its children and the opinion units that show it."""

    children: Annotated[list[ThemeOut], Field(description="Sub-themes, most units first.")]
    exemplar_units: list[UnitOut]


@router.get("/projects/{project}/themes", summary="List themes")
def list_themes(
    db: ProjectDep,
    filters: FiltersDep,
    paging: PagingDep,
    *,
    order: Annotated[Order, Query(description="`impact`: what lowers the score most comes first.")] = "volume",
    parent: Annotated[str | None, Query(description="Only the sub-themes of this theme; `none`: top level.")] = None,
    hidden: Annotated[
        Hidden, Query(description="`no`: without the themes that people hid; `yes`: with them; `only`: these alone.")
    ] = "no",
) -> ThemesOut:
    """Return the themes with their counts under the filters, pinned ones first. Unthemed: `GET …/themes/none`."""
    everything = themes.list_views(db, filters)
    left_out = [theme for theme in everything if theme.hidden and not theme.is_parent]
    found = [theme for theme in everything if hidden == "yes" or theme.hidden is (hidden == "only")]
    if parent:
        found = [theme for theme in found if (theme.parent_id or "none") == parent]
    page = page_of(sorted(found, key=lambda theme: (not theme.pinned, *_place(theme, order))), paging)
    return ThemesOut(
        items=[theme_out(theme) for theme in page.items],
        next=page.next,
        total=page.total,
        hidden=HiddenOut(themes=len(left_out), units=sum(theme.units for theme in left_out)),
    )


@router.get("/projects/{project}/themes/{theme_id}", summary="One theme")
def get_theme(theme_id: str, db: ProjectDep, filters: FiltersDep) -> ThemeDetailOut:
    """Return a theme with its sub-themes and exemplars; `none` for the opinion units that fit no theme."""
    found = themes.view(db, theme_id, filters)
    children = [theme_out(one) for one in themes.list_views(db, filters) if one.parent_id == theme_id]
    shown = [unit_out(unit) for unit in units.by_ids(db, found.exemplars)]
    return ThemeDetailOut(**theme_out(found).model_dump(), children=children, exemplar_units=shown)


@router.get("/projects/{project}/themes/{theme_id}/units", summary="Opinion units of a theme")
def list_units(
    theme_id: str,
    db: ProjectDep,
    filters: FiltersDep,
    paging: PagingDep,
    *,
    order: Annotated[
        UnitOrder, Query(description="`nearest`: most typical first; `unsure`: least typical first.")
    ] = "newest",
) -> ListOut[UnitOut]:
    """Return the opinion units behind a theme's numbers (`none`: unthemed) under the same filters."""
    themes.view(db, theme_id, filters)
    asked = replace(filters, theme=theme_id)
    return listed(units.list_views(db, asked, order=order, limit=paging.limit, after=paging.after), unit_out)


def theme_out(theme: ThemeView) -> ThemeOut:
    """Return a theme as the API shows it."""
    return ThemeOut(
        id=theme.id,
        parent_id=theme.parent_id,
        is_parent=theme.is_parent,
        name=NameOut(zh=theme.name_zh, en=theme.name_en),
        keywords=list(theme.keywords),
        status=theme.status,
        tentative=theme.tentative,
        units=theme.units,
        verbatims=theme.verbatims,
        customers=theme.customers,
        share=round(theme.share, 6),
        sentiment=SentimentOut.model_validate(theme.sentiment),
        score_impact=None if theme.impact is None else dict(theme.impact),
        trend=None if theme.trend is None else dict(theme.trend),
        exemplars=list(theme.exemplars),
        first_run=theme.first_run,
        last_run=theme.last_run,
        pinned=theme.pinned,
        hidden=theme.hidden,
        locked=theme.locked,
        edits=list(theme.edits),
    )


def unit_out(unit: UnitView) -> UnitOut:
    """Return an opinion unit as the API shows it."""
    named = unit.theme_zh is not None and unit.theme_en is not None
    return UnitOut(
        id=unit.id,
        verbatim_id=unit.verbatim_id,
        start=unit.start,
        end=unit.end,
        text=unit.text,
        language=unit.language,
        theme_id=unit.theme_id,
        theme=NameOut(zh=unit.theme_zh or "", en=unit.theme_en or "") if named else None,
        similarity=unit.similarity,
        sentiment=unit.sentiment,
        confidence=unit.confidence,
        decided=unit.decided,
    )


def _place(theme: ThemeView, order: Order) -> tuple[float, float, str]:
    """Return what to sort by: smaller comes first, then more units, then the id."""
    keys: dict[Order, float] = {
        "volume": 0,
        "negative": -theme.sentiment.negative,
        "positive": -theme.sentiment.positive,
        "negative_share": -theme.sentiment.negative / theme.units if theme.units else 0,
        "impact": _impact(theme),
        "name": 0,
    }
    return keys[order], 0 if order == "name" else -theme.units, theme.name_en if order == "name" else theme.id


def _impact(theme: ThemeView) -> float:
    value = None if theme.impact is None else theme.impact.get("value")
    return value if isinstance(value, int | float) else float("inf")
