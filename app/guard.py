"""What stands in front of every route: which hosts are answered, who may change things, how much may be sent.

There are no accounts, so whatever runs in a person's browser could use a server on 127.0.0.1 in their name. Two
checks keep other people's web pages out: the Host header must be an address or a name that is ours (against DNS
rebinding), and a request that changes something must not come from a page of another origin (Fetch Metadata,
https://www.w3.org/TR/fetch-metadata/, with Origin for browsers that do not send it).
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BadRequest, Forbidden, TooLarge, XinshengError
from app.settings import Settings

Refuse = Callable[[Request, Exception], Response]

OUR_NAMES = frozenset({"localhost", "testserver"})
"""`testserver` is what test clients call us; no name outside a test resolves to it."""
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_MB = 32
"""Largest body that is not an upload: 10,000 verbatims of 1,000 Chinese letters each, in UTF-8."""
FORM_BYTES = 2**19
"""What the other fields and the frame of a multipart upload may take beside the file: the longest mappings fit."""

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'self'{scripts}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Inline styles because charts size themselves by them; no `unsafe-eval`: charts use the expression interpreter."""
INLINE_SCRIPTS = ("/docs",)
"""The API documentation starts itself by an inline script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the guard lets through: host names beside our own ("*": any), and the largest upload in bytes."""

    hosts: frozenset[str] = frozenset()
    upload_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        """Return the rules that the settings ask for."""
        names = frozenset(name.strip().lower() for name in settings.hosts.split(",") if name.strip())
        return cls(hosts=names, upload_bytes=settings.max_upload_mb * 2**20)


class Guard:
    """ASGI middleware: checks host, origin and size of a request, and adds security headers to its answer."""

    def __init__(self, app: ASGIApp, rules: Rules, refuse: Refuse) -> None:
        self.app = app
        self.rules = rules
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to the application, or refuse it with the envelope every error has."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = str(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), path)
            await send(message)

        request = Request(scope)
        try:
            check_host(request.headers, self.rules.hosts)
            check_origin(scope["method"], request.headers)
            limit = body_limit(path, request.headers, self.rules)
            check_length(request.headers, limit)
        except XinshengError as error:
            await self.refuse(request, error)(scope, receive, send_with_headers)
            return
        await self._counted(scope, receive, send_with_headers, limit=limit)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, *, limit: int) -> None:
        taken = 0
        started = False

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLarge(code="body_too_large", values={"limit_mb": limit // 2**20})
            return message

        async def send_unless_over(message: Message) -> None:
            nonlocal started
            # The framework answers 400 for a body it could not read to the end; the true reason is told below.
            if taken <= limit or started:
                started = True
                await send(message)

        try:
            await self.app(scope, receive_counted, send_unless_over)
        except TooLarge:
            if taken <= limit or started:
                raise
        if taken > limit and not started:
            error = TooLarge(code="body_too_large", values={"limit_mb": limit // 2**20})
            await self.refuse(Request(scope), error)(scope, receive, send)


def check_host(headers: Headers, hosts: frozenset[str]) -> None:
    """Raise BadRequest unless the Host header is an IP address, one of our names, or one that was allowed.

    A numeric address is safe: rebinding needs a name that an attacker can point elsewhere.
    """
    named = headers.get("host", "")
    host = _host_of(named)
    if "*" in hosts or host in OUR_NAMES or host in hosts or host.endswith(".localhost") or _is_address(host):
        return
    raise BadRequest(code="strange_host", values={"host": named[:100]})


def check_origin(method: str, headers: Headers) -> None:
    """Raise Forbidden for a request that changes something and comes from a page of another origin.

    A program (curl, a survey tool) sends neither header and is let through. `same-site` is refused as well: another
    port of localhost is the same site.
    """
    if method in HARMLESS:
        return
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and _authority(origin) != headers.get("host", "").lower()
    if foreign:
        raise Forbidden(code="foreign_page", values={"origin": (origin or site or "")[:100]})


def body_limit(path: str, headers: Headers, rules: Rules) -> int:
    """Return the most bytes a request may send: a multipart body may hold a file, any other stays small."""
    if headers.get("content-type", "").startswith("multipart/form-data"):
        return rules.upload_bytes + FORM_BYTES
    return BODY_MB * 2**20


def check_length(headers: Headers, limit: int) -> None:
    """Raise TooLarge where the announced length is over the limit, before anything is read."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise TooLarge(code="body_too_large", values={"limit_mb": limit // 2**20})


def add_headers(headers: MutableHeaders, path: str) -> None:
    """Add what tells a browser to fetch nothing from elsewhere, frame nothing, guess no types, tell no addresses."""
    scripts = " 'unsafe-inline'" if path in INLINE_SCRIPTS else ""
    headers.setdefault("content-security-policy", CONTENT_POLICY.format(scripts=scripts))
    headers.setdefault("x-content-type-options", "nosniff")
    headers.setdefault("referrer-policy", "same-origin")
    headers.setdefault("cross-origin-opener-policy", "same-origin")
    headers.setdefault("cross-origin-resource-policy", "same-origin")
    if path.startswith("/api/"):
        headers.setdefault("cache-control", "no-store")


def _host_of(named: str) -> str:
    if named.startswith("["):
        return named[1:].partition("]")[0]
    return named.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _authority(origin: str) -> str:
    scheme, _, authority = origin.lower().partition("://")
    # A Host header leaves out the port that belongs to the scheme; some clients write it in Origin all the same.
    return authority.removesuffix({"http": ":80", "https": ":443"}.get(scheme, ""))
