"""The list of themes: sorted and filtered by the address, parent themes as sections, the unthemed always in sight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app import measures
from app.access import ProjectDep
from app.asked import asked_choice
from app.pages.edit_words import told_edit, words
from app.pages.filter_bar import filter_bar
from app.pages.frame import ProjectFrame, render
from app.store import counts, edits, themes
from app.store.views import ThemeView

router = APIRouter(include_in_schema=False)

Key = Callable[[ThemeView], tuple[float | str, ...]]


def _negative_share(theme: ThemeView) -> float:
    return theme.sentiment.negative / theme.units if theme.units else 0.0


def _rise(theme: ThemeView) -> float:
    rise = (theme.trend or {}).get("rise")
    return float(rise["p_value"]) if rise else 1.0


ORDERS: dict[str, Key] = {
    "volume": lambda theme: (-theme.units, theme.id),
    "negative": lambda theme: (-_negative_share(theme), -theme.units, theme.id),
    # The theme that costs most comes first; themes without an impact come last.
    "impact": lambda theme: (theme.impact["value"] if theme.impact else float("inf"), -theme.units, theme.id),
    "rising": lambda theme: (_rise(theme), -theme.units, theme.id),
    "customers": lambda theme: (-theme.customers, -theme.units, theme.id),
    "name_zh": lambda theme: (theme.name_zh.casefold(), theme.id),
    "name_en": lambda theme: (theme.name_en.casefold(), theme.id),
}


MOST_SMALL = 3
"""Up to here small themes stand among the others; more of them are folded together below, under their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A parent theme with its themes in order, or (None) neighbours that stand alone."""

    parent: ThemeView | None
    themes: tuple[ThemeView, ...]


@router.get("/p/{project}/themes")
def list_themes(
    frame: ProjectFrame,
    db: ProjectDep,
    order: Annotated[str | None, Query()] = None,
    named: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """Show every theme that has units under the filters, and every defined one: that nothing is said of it tells too.

    `named` keeps those whose names or keywords hold it.
    """
    order = asked_choice("order", order, tuple(ORDERS)) or "volume"
    found, unthemed = themes.with_unthemed(db, frame.filters)
    hidden = [theme for theme in found if theme.hidden and not theme.is_parent]
    shown = [
        theme
        for theme in found
        if (theme.units or theme.status == "defined")
        and not theme.hidden
        and (theme.is_parent or _is_named(theme, named))
    ]
    leaves = [theme for theme in shown if not theme.is_parent]
    told = told_edit(frame, db)
    folded = () if named else small_ones(leaves)
    return render(
        frame,
        "themes.html",
        {
            "page_name": "themes",
            "order": order,
            "named": named,
            "sections": sections([theme for theme in shown if theme not in folded], order=pinned_first(ORDERS[order])),
            "folded": sorted(folded, key=ORDERS[order]),
            "themes_in_all": len(leaves),
            "units_shown": sum(theme.units for theme in leaves),
            "largest": max((theme.units for theme in leaves), default=0),
            "impact_scale": next((theme.impact["scale"] for theme in leaves if theme.impact), None),
            "with_trend": any((theme.trend or {}).get("counts") for theme in leaves),
            "unthemed": unthemed,
            "totals": counts.totals(db, frame.filters),
            "few": measures.few_units(db),
            "analysed": bool(found),
            "hidden": sorted((theme for theme in hidden if theme.units), key=ORDERS[order]),
            "edits": edits.live(db),
            "told": told,
            "told_said": words(frame, told, frozenset(theme.id for theme in found)) if told else None,
            "offered": filter_bar(db, frame.filters, language=frame.language),
        },
    )


def pinned_first(order: Key) -> Key:
    """Return the order with pinned themes, and parents of one, before all others."""
    return lambda theme: (0.0 if theme.pinned else 1.0, *order(theme))


def small_ones(leaves: list[ThemeView]) -> tuple[ThemeView, ...]:
    """Return the tentative themes that stand alone, where they are so many that they would bury the others."""
    small = tuple(
        theme
        for theme in leaves
        if theme.tentative and theme.parent_id is None and not theme.edits and theme.status != "defined"
    )
    return small if MOST_SMALL < len(small) < len(leaves) else ()


def sections(shown: list[ThemeView], *, order: Key) -> tuple[Section, ...]:
    """Return parents and the themes that stand alone in one order; neighbours that stand alone share a section."""
    known = {theme.id for theme in shown if theme.is_parent}
    grouped: dict[str | None, list[ThemeView]] = {}
    for theme in sorted((theme for theme in shown if not theme.is_parent), key=order):
        grouped.setdefault(theme.parent_id if theme.parent_id in known else None, []).append(theme)
    alone = grouped.pop(None, [])
    found: list[Section] = []
    for theme in sorted([*(theme for theme in shown if theme.id in grouped), *alone], key=order):
        if theme.is_parent:
            found.append(Section(parent=theme, themes=tuple(grouped[theme.id])))
        elif found and found[-1].parent is None:
            found[-1] = Section(parent=None, themes=(*found[-1].themes, theme))
        else:
            found.append(Section(parent=None, themes=(theme,)))
    return tuple(found)


def _is_named(theme: ThemeView, part: str) -> bool:
    wanted = part.strip().casefold()
    return not wanted or any(wanted in text.casefold() for text in (theme.name_zh, theme.name_en, *theme.keywords))
