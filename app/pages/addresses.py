"""Addresses of pages: a project's pages with the filters that are on, so that every link can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.store.filters import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a page stands: its project, the filters that are on, its own path and all its parameters."""

    project: str | None
    filters: Filters
    path: str
    query: Mapping[str, str]

    def to(self, page: str = "", changes: Mapping[str, object] | None = None) -> str:
        """Return the address of a page of this project under the same filters; None in `changes` takes one off."""
        return self.plain(page, {**self.filters.as_query(), **(changes or {})})

    def plain(self, page: str = "", query: Mapping[str, object] | None = None) -> str:
        """Return the address of a page of this project without the filters that are on."""
        base = f"/p/{self.project}" if self.project else ""
        return _address(f"{base}/{page}" if page else base or "/", query or {})

    def here(self, changes: Mapping[str, object]) -> str:
        """Return this page's own address with some parameters changed, back at its first part."""
        return _address(self.path, {**self.query, "after": None, "lang": None, **changes})

    def export(self, changes: Mapping[str, object]) -> str:
        """Return the address under which the API gives this project's data under the same filters."""
        return _address(f"/api/v1/projects/{self.project}/export", {**self.filters.as_query(), **changes})


def inside(back: str) -> str | None:
    """Return one of our own addresses, None for any other."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else None


def _address(path: str, query: Mapping[str, object]) -> str:
    kept = [(key, str(value)) for key, value in query.items() if value is not None and value != ""]
    return f"{path}?{urlencode(kept)}" if kept else path
