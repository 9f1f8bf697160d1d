"""The shapes that every noun of the API shares: errors, lists, sentiment counts, a job's ticket."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.store.views import Page

Out = TypeVar("Out", bound=BaseModel)
View = TypeVar("View")


class Shape(BaseModel):
    """A shape of the API, filled from the store's views by attribute."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class ErrorDetail(Shape):
    """What happened and what to do next, in the language asked for."""

    code: str = Field(description="Stable name of the error, for programs.", examples=["no_theme"])
    message: str = Field(description="What happened, with the value at fault.")
    hint: str = Field(description="What to do next; may be empty.")
    details: dict[str, Any] = Field(description="More about it, by code; may be empty.")


class ErrorOut(Shape):
    """The one envelope of every error."""

    error: ErrorDetail


class ListOut(Shape, Generic[Out]):
    """One page of a list."""

    items: list[Out]
    next: Annotated[
        str | None, Field(description="Give this as `after` to get the next page; null at the end.", examples=["NTA="])
    ]
    total: Annotated[int, Field(description="Items on all pages together.")]


class SentimentOut(Shape):
    """Opinion units by sentiment."""

    negative: int
    neutral: int
    positive: int


class NameOut(Shape):
    """A name in both languages."""

    zh: str
    en: str


class TicketOut(Shape):
    """Long work was put in the queue."""

    job: Annotated[int, Field(description="Follow it at `/api/v1/jobs/{job}`.", examples=[7])]


def listed(page: Page[View], shape: Callable[[View], Out]) -> ListOut[Out]:
    """Return a page of the store as a list of the API."""
    return ListOut(items=[shape(item) for item in page.items], next=page.next, total=page.total)
