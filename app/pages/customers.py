"""Customers: who they are, what they were matched on, what they said and when."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app import measures
from app.access import ProjectDep
from app.asked import asked_choice
from app.pages.filter_bar import filter_bar
from app.pages.frame import ProjectFrame, render
from app.store import counts, customers, themes, verbatims
from app.store.filters import Filters

router = APIRouter(include_in_schema=False)

SHOWN = 50
SAID_SHOWN = 50
ORDERS = tuple(customers.ORDERS)


@router.get("/p/{project}/customers")
def list_customers(
    frame: ProjectFrame,
    db: ProjectDep,
    q: Annotated[str, Query(max_length=200)] = "",
    order: Annotated[str | None, Query()] = None,
    after: Annotated[str | None, Query()] = None,
) -> HTMLResponse:
    """Show the customers under the filters; `q` finds part of a name, id or attribute."""
    order = asked_choice("order", order, ORDERS) or "volume"
    page = customers.list_views(db, frame.filters, q=q.strip() or None, order=order, limit=SHOWN, after=after or None)
    return render(
        frame,
        "customers.html",
        {
            "page_name": "customers",
            "page": page,
            "here_offset": after,
            "q": q.strip(),
            "order": order,
            "types": counts.by_cut(db, frame.filters, "customer_type"),
            "totals": counts.totals(db, frame.filters),
            "theme_by_id": {theme.id: theme for theme in themes.all_records(db)},
            "offered": filter_bar(db, frame.filters, language=frame.language),
        },
    )


@router.get("/p/{project}/customers/{customer_id}")
def show_customer(
    frame: ProjectFrame, db: ProjectDep, customer_id: str, after: Annotated[str | None, Query()] = None
) -> HTMLResponse:
    """Show one customer with attributes, type and its reason, themes, and all they said, newest first."""
    found = customers.view(db, customer_id)
    filters = replace(frame.filters, customer=customer_id)
    frame = replace(frame, filters=filters, addresses=replace(frame.addresses, filters=filters))
    own = Filters(customer=customer_id)
    return render(
        frame,
        "customer.html",
        {
            "page_name": "customers",
            "customer": found,
            "reason": measures.type_reason(db, found, language=frame.language),
            "page": verbatims.list_views(db, filters, limit=SAID_SHOWN, after=after or None),
            "scored": next((one for one in verbatims.list_views(db, own).items if one.score is not None), None),
            "here_offset": after,
            "series": measures.series(db, own),
            "segments": customers.segments(db),
            "themes": [theme for theme in themes.list_views(db, own) if theme.units and not theme.is_parent],
            "unthemed": themes.unthemed(db, own),
        },
    )
