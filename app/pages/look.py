"""The switch between light and dark, for readers without scripts too."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from app.pages.addresses import inside
from app.pages.frame import LOOK_COOKIE, YEAR_S

router = APIRouter(include_in_schema=False)


@router.post("/look")
def choose_look(to: Annotated[str, Form()], back: Annotated[str, Form()] = "/") -> RedirectResponse:
    """Remember light or dark and go back to the page; only to one of ours."""
    response = RedirectResponse(inside(back) or "/", status_code=303)
    # Not httponly: the page's own script changes it without a round trip.
    response.set_cookie(LOOK_COOKIE, "dark" if to == "dark" else "light", max_age=YEAR_S, samesite="lax")
    return response
