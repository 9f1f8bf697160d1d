"""The web application: pages, API and documentation under one roof, every route behind one dependency."""

import logging

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from app import __version__, api, pages
from app.access import visitor
from app.errors import XinshengError
from app.guard import Guard, Rules
from app.locale import say, say_error
from app.settings import Settings
from app.store import projects

log = logging.getLogger("xinsheng.web")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application over one data folder. It loads no model: the worker does that."""
    app = FastAPIOffline(
        title="Xinsheng 心声",
        version=__version__,
        description=api.ABOUT,
        openapi_tags=api.TAGS,
        docs_url="/docs",
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        dependencies=[Depends(visitor)],
    )
    app.state.settings = settings or Settings()
    projects.open_system(app.state.settings.data).close()
    app.include_router(api.router)
    pages.mount(app)
    app.add_middleware(Guard, rules=Rules.of(app.state.settings), refuse=tell)
    app.add_exception_handler(XinshengError, tell)
    app.add_exception_handler(RequestValidationError, tell_invalid)
    app.add_exception_handler(HTTPException, tell_http)
    app.add_exception_handler(Exception, tell_internal)
    return app


def wants_json(request: Request) -> bool:
    """Say whether the answer goes to a program rather than to a person."""
    return request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "")


def respond(
    request: Request, *, status: int, code: str, message: str, hint: str, details: dict[str, object]
) -> Response:
    """Return one error as the API's envelope or as a page."""
    if wants_json(request):
        body = {"error": {"code": code, "message": message, "hint": hint, "details": details}}
        return JSONResponse(body, status_code=status)
    return pages.error_page(request, visitor(request), status=status, message=message, hint=hint)


def tell(request: Request, error: Exception) -> Response:
    """Answer an error made for the reader, in the reader's language."""
    if not isinstance(error, XinshengError):
        raise error
    language = visitor(request).language
    message, hint = say_error(language, error.code, values=error.values, message=error.message.get(language))
    return respond(request, status=error.status, code=error.code, message=message, hint=hint, details=error.details)


def tell_invalid(request: Request, error: Exception) -> Response:
    """Answer a request whose parameters or body have the wrong shape, naming each place."""
    if not isinstance(error, RequestValidationError):
        raise error
    language = visitor(request).language
    problems = [{"where": ".".join(str(part) for part in item["loc"]), "what": item["msg"]} for item in error.errors()]
    return respond(
        request,
        status=422,
        code="invalid_request",
        message=say(language, "error.invalid_request", {"where": problems[0]["where"], "what": problems[0]["what"]}),
        hint=say(language, "hint.invalid_request"),
        details={"problems": problems},
    )


def tell_http(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: an unknown address, a method that is not allowed."""
    if not isinstance(error, HTTPException):
        raise error
    language = visitor(request).language
    code = {404: "no_such_address", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    message = say(language, f"error.{code}", {"path": request.url.path, "status": error.status_code})
    return respond(
        request,
        status=error.status_code,
        code=code,
        message=message,
        hint=say(language, f"hint.{code}"),
        details={"reason": str(error.detail)} if code == "http_error" else {},
    )


def tell_internal(request: Request, error: Exception) -> Response:
    """Answer a fault of ours without showing its insides; the log has them."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    language = visitor(request).language
    return respond(
        request,
        status=500,
        code="internal",
        message=say(language, "error.internal"),
        hint=say(language, "hint.internal"),
        details={},
    )
