"""Customers: who said it, with attributes, type and counts of what they said."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from app.access import ProjectDep
from app.api.paging import PagingDep
from app.api.schemas import ListOut, SentimentOut, Shape, listed
from app.asked import FiltersDep
from app.store import customers

router = APIRouter(tags=["customers"])


class CustomerOut(Shape):
    """A customer. E-mail addresses and phone numbers are kept as salted hashes only and never shown."""

    id: str
    external_id: str | None
    name: str | None
    attributes: dict[str, Any]
    origin: Annotated[
        str, Field(description="`file`: in a customers file; `feedback`: known from what they said only.")
    ]
    type: Annotated[str | None, Field(description="new, potential, discount_driven, dissatisfied or loyal; derived.")]
    type_rule: Annotated[str | None, Field(description="The rule that gave the type.")]
    matched_on: Annotated[list[str], Field(description="What their verbatims were linked by.")]
    verbatims: int
    units: int
    sentiment: SentimentOut
    first_at: str | None
    last_at: str | None
    themes: Annotated[list[str], Field(description="Ids of the themes they spoke of, most units first.")]


@router.get("/projects/{project}/customers", summary="List customers")
def list_customers(
    db: ProjectDep,
    filters: FiltersDep,
    paging: PagingDep,
    *,
    q: Annotated[str | None, Query(max_length=500, description="Part of a name, id or attribute value.")] = None,
    order: Annotated[
        Literal["volume", "negative", "recent", "name"], Query(description="What comes first.")
    ] = "volume",
) -> ListOut[CustomerOut]:
    """Return customers counted under the filters; without filters those who said nothing too."""
    found = customers.list_views(db, filters, q=q or None, order=order, limit=paging.limit, after=paging.after)
    return listed(found, CustomerOut.model_validate)


@router.get("/projects/{project}/customers/{customer_id}", summary="One customer")
def get_customer(customer_id: str, db: ProjectDep) -> CustomerOut:
    """Return a customer; what they said is at `…/verbatims?customer=ID`."""
    return CustomerOut.model_validate(customers.view(db, customer_id))
