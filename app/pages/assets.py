"""Static files under addresses that change with their contents, so that browsers may keep them for ever."""

import hashlib
import mimetypes
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from app.errors import NotFound

router = APIRouter(include_in_schema=False)
FOR_EVER = "public, max-age=31536000, immutable"
VEGA = "vega.js"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@cache
def _contents() -> dict[str, bytes]:
    """Return every static file by name; a handful of small ones, so they stay in memory."""
    return {entry.name: entry.read_bytes() for entry in files("app").joinpath("static").iterdir() if entry.is_file()}


@cache
def _digests() -> dict[str, str]:
    digests = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in _contents().items()}
    # The bundle is made by this version of the package; making it takes seconds, so its version stands for it.
    return {**digests, VEGA: hashlib.sha256(version("vl-convert-python").encode()).hexdigest()[:12]}


def asset(name: str) -> str:
    """Return the address of a static file."""
    return f"/static/{_digests()[name]}/{name}"


@cache
def vega_bundle() -> bytes:
    """Return Vega, Vega-Lite and Vega-Embed as one script, as vl-convert carries them; about two seconds, once."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")).encode()


@router.get("/static/{digest}/{name}")
def static_file(digest: str, name: str) -> Response:
    """Answer one static file; the digest in the address is only there to change it."""
    content = vega_bundle() if name == VEGA else _contents().get(name)
    if content is None:
        raise NotFound(code="no_such_address", values={"path": f"/static/{digest}/{name}"})
    kind = next((kind for suffix, kind in TYPES.items() if name.endswith(suffix)), mimetypes.guess_type(name)[0])
    return Response(content, media_type=kind, headers={"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"})
