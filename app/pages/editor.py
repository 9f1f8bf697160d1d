"""Who edits on the pages: a name that a person gave once, kept in a cookie; there are no accounts."""

from typing import Annotated
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse

from app.access import VisitorDep
from app.pages.addresses import inside
from app.pages.frame import YEAR_S
from app.tasks.edit_themes import LONGEST_WHO, Editor, Name

router = APIRouter(include_in_schema=False)

WHO_COOKIE = "xinsheng_who"
TOLD = "edit"
"""The parameter of an address that tells which edit was just made."""


def who_asks(request: Request) -> str:
    """Return the name that edits are recorded under, "" where nobody gave one."""
    return " ".join(unquote(request.cookies.get(WHO_COOKIE, "")).split())[:LONGEST_WHO]


def editor(request: Request, visitor: VisitorDep) -> Editor:
    """Return who makes an edit on a page."""
    return Editor(who=who_asks(request), settings=visitor.settings)


EditorDep = Annotated[Editor, Depends(editor)]
FormText = Annotated[str, Form(max_length=200)]


def new_name(zh: FormText = "", en: FormText = "") -> Name:
    """Return the name that a form gives a theme that is to be made; a field left empty is a language left out."""
    return Name(zh=zh.strip() or None, en=en.strip() or None)


NewName = Annotated[Name, Depends(new_name)]


@router.post("/who")
def choose_who(who: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> RedirectResponse:
    """Remember the name that edits are recorded under, and go back to the page; only to one of ours."""
    response = RedirectResponse(inside(back) or "/", status_code=303)
    name = " ".join(who.split())[:LONGEST_WHO]
    response.set_cookie(WHO_COOKIE, quote(name), max_age=YEAR_S, samesite="lax", httponly=True)
    return response


def done(back: str, edit: int | None, *, otherwise: str) -> RedirectResponse:
    """Go back to where an edit was made, telling which it was; to `otherwise` where `back` is none of our addresses."""
    parts = urlsplit(inside(back) or otherwise)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith(f"{TOLD}=")]
    told = [f"{TOLD}={edit}"] if edit is not None else []
    address = urlunsplit(("", "", parts.path, "&".join([*kept, *told]), parts.fragment))
    return RedirectResponse(address, status_code=303)
