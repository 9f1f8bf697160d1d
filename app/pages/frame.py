"""What every page stands in: the visitor, the project, the filters, and one way to turn a template into an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from app import __version__, figures
from app.access import LANGUAGE_COOKIE, SystemDep, Visitor, VisitorDep
from app.asked import FiltersDep
from app.errors import NotFound
from app.locale import LANGUAGES, UiLanguage, say
from app.pages.addresses import Addresses
from app.pages.assets import asset
from app.pages.corrected import PARAMETER, Corrected, corrected
from app.pages.marks import pieces, searched_words
from app.pages.sparkline import sparkline
from app.store import jobs, projects
from app.store.filters import Filters
from app.store.projects import Project
from app.store.views import JobView
from app.tasks.edit_themes import NOBODY

LOOK_COOKIE = "xinsheng_look"
YEAR_S = 365 * 24 * 3600
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing from another host, no inline script or style. Vega runs under it with its expression interpreter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One request for a page."""

    request: Request
    visitor: Visitor
    project: Project | None
    filters: Filters
    addresses: Addresses
    unfinished: tuple[JobView, ...] = ()

    @property
    def language(self) -> UiLanguage:
        """The language the visitor reads."""
        return self.visitor.language

    @property
    def corrected(self) -> Corrected | None:
        """The decision that led here, if one did."""
        return corrected(self.request.query_params.get(PARAMETER))


def house_frame(request: Request, visitor: VisitorDep) -> Frame:
    """Return the frame of a page that belongs to no project."""
    addresses = Addresses(project=None, filters=Filters(), path=request.url.path, query=dict(request.query_params))
    return Frame(request=request, visitor=visitor, project=None, filters=Filters(), addresses=addresses)


def project_frame(request: Request, visitor: VisitorDep, system: SystemDep, filters: FiltersDep, project: str) -> Frame:
    """Return the frame of a project's page. Raises NotFound where there is no such project."""
    found = projects.get(system, project)
    # What was just done is told once; no link of the page carries it on.
    query = {name: value for name, value in request.query_params.items() if name != PARAMETER}
    addresses = Addresses(project=found.slug, filters=filters, path=request.url.path, query=query)
    unfinished = jobs.unfinished(system, found.slug)
    return Frame(
        request=request, visitor=visitor, project=found, filters=filters, addresses=addresses, unfinished=unfinished
    )


def frame_of_error(request: Request, visitor: Visitor, *, status: int) -> Frame:
    """Return the frame of an error: the project's own where the address names one, so that the way back is in sight.

    An error of the server itself opens nothing more.
    """
    house = house_frame(request, visitor)
    _, place, slug, *_ = [*request.url.path.split("/"), "", ""]
    if place != "p" or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return house
    system = projects.open_system(visitor.folder)
    try:
        found = projects.get(system, slug)
    except NotFound:
        return house
    finally:
        system.close()
    return replace(house, project=found, addresses=replace(house.addresses, project=found.slug))


HouseFrame = Annotated[Frame, Depends(house_frame)]
ProjectFrame = Annotated[Frame, Depends(project_frame)]


@cache
def environment(language: UiLanguage) -> Environment:
    """Return the templates, speaking one language."""
    found = Environment(
        loader=PackageLoader("app"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "t": partial(say, language),
        "language": language,
        "asset": asset,
        "version": __version__,
        "pieces": pieces,
        "searched_words": searched_words,
        "sparkline": sparkline,
        "signed_by": lambda who: say(language, "edit.nobody") if who == NOBODY else who,
        "name_of": lambda theme: theme.name_zh if language == "zh" else theme.name_en,
        "other_name_of": lambda theme: theme.name_en if language == "zh" else theme.name_zh,
    }
    found.globals["seconds"] = partial(figures.seconds, language=language)
    for name in (
        "number", "percent", "share_range", "signed", "plain", "day", "minute", "timecode", "score", "encoding",
        "duration",
    ):  # fmt: skip
        found.globals[name] = getattr(figures, name)
    return found


def render(frame: Frame, template: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """Return a template as a page, with the language remembered where the address chose it."""
    look = frame.request.cookies.get(LOOK_COOKIE)
    body = (
        environment(frame.language)
        .get_template(template)
        .render(
            {
                "frame": frame,
                "project": frame.project,
                "filters": frame.filters,
                "to": frame.addresses.to,
                "plain_to": frame.addresses.plain,
                "here": frame.addresses.here,
                "export_to": frame.addresses.export,
                "look": look if look in ("light", "dark") else None,
                **context,
            }
        )
    )
    response = HTMLResponse(body, status_code=status)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    if frame.request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, frame.language, max_age=YEAR_S, samesite="lax", httponly=True)
    return response
