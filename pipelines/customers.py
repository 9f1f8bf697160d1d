"""A customers file, or the customer columns of a feedback file, as customer records with typed attributes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pipelines.attributes import ColumnType, Value, column_type, typed
from pipelines.contacts import is_rounded_key
from pipelines.records import Customer, CustomerRef, Rejected
from pipelines.same_customer import Identity, id_of, identity_of, same_customer


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerNote:
    """Something a reader of the file should know; nothing was rejected for it.

    `conflict`: a customer's rows disagree in `column`, `kept` won over `dropped` (the later row wins).
    `contact_left_out`: `column` holds personal data and did not become an attribute (row 1, no customer).
    `shared_contact`: `column` ("email" or "phone") is the same for several customers, so feedback is not linked by it.
    """

    code: Literal["conflict", "contact_left_out", "shared_contact"]
    row: int
    column: str
    customer_id: str | None = None
    kept: str = ""
    dropped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersRead:
    """What a customers file gave: records, rows that name nobody, and notes."""

    customers: tuple[Customer, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[CustomerNote, ...]
    types: Mapping[str, ColumnType]


def customers_from(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    customer_id: str | None,
    email: str | None,
    phone: str | None,
    name: str | None,
    salt: str,
) -> CustomersRead:
    """Return the customers in numbered rows; the four names say which columns identify them, None where there is none.

    Every other column becomes an attribute with one type for the whole column (int, float, bool, ISO 8601 date as
    text, text). A customer on several rows is merged: the later non-empty value wins, and a note says which value it
    replaced. Rows without customer id, e-mail or phone are rejected as `no_customer_identity`, or as
    `customer_id_rounded` where a spreadsheet has destroyed the id (1.00008E+11) and nothing else names the customer.
    """
    numbered = sorted(((number, dict(row)) for number, row in rows), key=lambda pair: pair[0])
    refs = [
        CustomerRef(
            external_id=_cell(row, customer_id), email=_cell(row, email), phone=_cell(row, phone), name=_cell(row, name)
        )
        for _, row in numbered
    ]
    identities = [identity_of(ref, salt=salt) for ref in refs]
    rejected = tuple(
        _reject(number, row, ref)
        for (number, row), ref, identity in zip(numbered, refs, identities, strict=True)
        if not identity
    )
    types, left_out = _attribute_types(
        [row for _, row in numbered], taken={column for column in (customer_id, email, phone, name) if column}
    )
    customers: list[Customer] = []
    notes = [CustomerNote(code="contact_left_out", row=1, column=column) for column in left_out]
    for group in same_customer(identities):
        customer, conflicts = _merge(
            [numbered[i] for i in group], [refs[i] for i in group], [identities[i] for i in group], types=types
        )
        customers.append(customer)
        notes += conflicts
    notes += _shared(customers, "email") + _shared(customers, "phone")
    return CustomersRead(customers=tuple(customers), rejected=rejected, notes=tuple(notes), types=types)


def _cell(row: Mapping[str, str], column: str | None) -> str | None:
    return (row.get(column) or "").strip() or None if column else None


def _reject(number: int, row: Mapping[str, str], ref: CustomerRef) -> Rejected:
    raw = " | ".join(value for value in row.values() if value)
    if is_rounded_key(ref.external_id):
        return Rejected(row=number, reason="customer_id_rounded", detail=ref.external_id or "", raw=raw)
    detail = " ".join(part for part in (ref.external_id, ref.email, ref.phone) if part)
    return Rejected(row=number, reason="no_customer_identity", detail=detail, raw=raw)


def _attribute_types(rows: list[dict[str, str]], *, taken: set[str]) -> tuple[dict[str, ColumnType], tuple[str, ...]]:
    columns = list(dict.fromkeys(column for row in rows for column in row if column not in taken))
    types = {column: column_type(column, [row.get(column) or "" for row in rows]) for column in columns}
    left_out = tuple(column for column, kind in types.items() if kind == "contact")
    return {column: kind for column, kind in types.items() if kind != "contact"}, left_out


def _merge(
    rows: list[tuple[int, dict[str, str]]],
    refs: list[CustomerRef],
    identities: list[Identity],
    *,
    types: Mapping[str, ColumnType],
) -> tuple[Customer, list[CustomerNote]]:
    merged: dict[str, Value] = dict.fromkeys(types)
    last: dict[str, str | None] = {"external_id": None, "email_hash": None, "phone_hash": None, "name": None}
    replaced: list[tuple[int, str, Value]] = []
    for (number, row), ref, identity in zip(rows, refs, identities, strict=True):
        for field, told in (
            ("external_id", identity.external_id),
            ("email_hash", identity.email_hash),
            ("phone_hash", identity.phone_hash),
            ("name", ref.name),
        ):
            if told and last[field] and told != last[field]:
                # Hashes and names are no use to a reader of the note, and values of contacts must not leak into it.
                replaced.append((number, field.removesuffix("_hash"), None))
            last[field] = told or last[field]
        for column, kind in types.items():
            value = typed(row.get(column) or "", kind)
            if value is None:
                continue
            if merged[column] is not None and merged[column] != value:
                replaced.append((number, column, merged[column]))
            merged[column] = value
    identity = Identity(external_id=last["external_id"], email_hash=last["email_hash"], phone_hash=last["phone_hash"])
    key = id_of(identity)
    notes = [
        CustomerNote(
            code="conflict",
            row=number,
            column=column,
            customer_id=key,
            kept="" if old is None else str(merged[column]),
            dropped="" if old is None else str(old),
        )
        for number, column, old in replaced
    ]
    customer = Customer(
        id=key,
        external_id=identity.external_id,
        email_hash=identity.email_hash,
        phone_hash=identity.phone_hash,
        name=last["name"],
        attributes=merged,
    )
    return customer, notes


def _shared(customers: list[Customer], column: Literal["email", "phone"]) -> list[CustomerNote]:
    holders: dict[str, list[str]] = {}
    for customer in customers:
        contact = customer.email_hash if column == "email" else customer.phone_hash
        if contact:
            holders.setdefault(contact, []).append(customer.id)
    return [
        CustomerNote(code="shared_contact", row=0, column=column, customer_id=holder)
        for ids in holders.values()
        if len(ids) > 1
        for holder in ids
    ]
