"""One opinion unit and its place: which theme it is in and why, what else it is near to, and where a person puts it."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access import ProjectDep
from app.errors import NotFound
from app.pages.edit_words import known_themes, told_edit, words
from app.pages.editor import who_asks
from app.pages.frame import ProjectFrame, render
from app.store import edits, themes, units, verbatims
from app.store.filters import NO_FILTERS
from app.tasks.edit_suggest import nearest_themes

router = APIRouter(include_in_schema=False)


@router.get("/p/{project}/units/{unit_id}")
def show_unit(frame: ProjectFrame, db: ProjectDep, unit_id: str) -> HTMLResponse:
    """Show where an opinion unit is, and let it be put elsewhere."""
    found = units.by_ids(db, [unit_id])
    if not found:
        raise NotFound(code="no_unit", values={"unit": unit_id[:80]})
    unit = found[0]
    placement = units.placement(db, unit_id)
    everything = themes.list_views(db, NO_FILTERS)
    by_id = {theme.id: theme for theme in everything}
    placed_by = edits.view(db, placement.edit) if placement.edit is not None else None
    known = known_themes(db)
    told = told_edit(frame, db)
    return render(
        frame,
        "unit.html",
        {
            "page_name": "verbatims",
            "unit": unit,
            "view": replace(verbatims.view(db, unit.verbatim_id), marked=frozenset({unit.id})),
            "placement": placement,
            "placed_by": placed_by,
            "found_in": by_id.get(placement.found or ""),
            "near": [(by_id[one], near) for one, near in nearest_themes(db, unit_id) if one != unit.theme_id],
            "leaves": [theme for theme in everything if not theme.is_parent],
            "told": told,
            "told_said": words(frame, told, known) if told else None,
            "placed_said": words(frame, placed_by, known) if placed_by else None,
            "who": who_asks(frame.request),
        },
    )
