"""The web pages: one file per page, server-rendered, with an address that can be shared."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from app.access import Visitor


def mount(app: FastAPI) -> None:
    """Add every page and the static files to the application."""


def error_page(request: Request, visitor: Visitor, *, status: int, message: str, hint: str) -> HTMLResponse:
    """Return an error as a page in the visitor's language."""
    return HTMLResponse(f"<h1>{status}</h1><p>{message}</p><p>{hint}</p>", status_code=status)
