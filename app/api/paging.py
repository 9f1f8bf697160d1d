"""How every list is asked for page by page: `limit` and an opaque `after`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query

from app.store.filters import next_after, offset_of
from app.store.views import Page

Item = TypeVar("Item")

MOST = 500
"""Verbatims with all their units run to about a megabyte at this length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page is asked for."""

    limit: int
    after: str | None


def asked_page(
    *,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Most items on this page.")] = 50,
    after: Annotated[str | None, Query(max_length=64, description="`next` of the page before; opaque.")] = None,
) -> Paging:
    """Return which page an address asks for. Raises BadRequest `bad_after` for one that we did not give."""
    offset_of(after)
    return Paging(limit=limit, after=after)


PagingDep = Annotated[Paging, Depends(asked_page)]


def page_of(items: Sequence[Item], paging: Paging) -> Page[Item]:
    """Return the page asked for of a list that is short enough to be held whole."""
    offset = offset_of(paging.after)
    return Page(
        items=tuple(items[offset : offset + paging.limit]),
        total=len(items),
        next=next_after(offset, paging.limit, len(items)),
    )
