"""The web pages: one file per page, server-rendered, with an address that can be shared."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from app.access import Visitor


def mount(app: FastAPI) -> None:
    """Add every page and the static files to the application."""
    from app.pages import (
        assets,
        changes,
        chart_places,
        codebook,
        codebook_import,
        corrections,
        customers,
        editor,
        edits,
        emerging,
        jobs,
        look,
        overview,
        projects,
        settings,
        sources,
        theme,
        theme_edits,
        theme_map,
        themes,
        unit,
        upload,
        verbatims,
    )  # fmt: skip

    for page in (
        assets, projects, overview, upload, themes, theme, verbatims, customers, corrections, sources, jobs, settings,
        chart_places, changes, theme_map, look, codebook, codebook_import, theme_edits, edits, editor, emerging, unit,
    ):  # fmt: skip
        app.include_router(page.router)


def error_page(request: Request, visitor: Visitor, *, status: int, message: str, hint: str) -> HTMLResponse:
    """Return an error as a page in the visitor's language."""
    from app.pages.frame import frame_of_error, render

    frame = frame_of_error(request, visitor, status=status)
    return render(frame, "error.html", {"status": status, "message": message, "hint": hint}, status=status)
