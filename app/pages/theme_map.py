"""The map: themes as discs whose neighbours are neighbours, with the same told as a list."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access import ProjectDep
from app.locale import say
from app.map_drawing import NARROW, WIDE, draw, mood_of
from app.pages.filter_bar import filter_bar
from app.pages.frame import ProjectFrame, render
from app.store import counts
from app.theme_map import theme_map

router = APIRouter(include_in_schema=False)


@router.get("/p/{project}/map")
def show_map(frame: ProjectFrame, db: ProjectDep) -> HTMLResponse:
    """Show the themes that have units under the filters of the address as a map and as a list."""
    found = theme_map(db, frame.filters)
    title = say(frame.language, "map.title", {"count": len(found.discs)})
    drawings = {
        name: draw(
            found,
            sheet=sheet,
            language=frame.language,
            href=lambda theme: frame.addresses.to(f"themes/{theme.id}", {"theme": None}),
            title=title,
        )
        for name, sheet in (("wide", WIDE), ("narrow", NARROW))
    }
    return render(
        frame,
        "map.html",
        {
            "page_name": "map",
            "found": found,
            "parents": {family.theme.id: family.theme for family in found.families},
            "drawings": drawings,
            "mood_of": mood_of,
            "analysed": counts.has_units(db),
            "offered": filter_bar(db, frame.filters, language=frame.language),
        },
    )
