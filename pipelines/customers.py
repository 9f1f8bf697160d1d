"""A customers file, or the customer columns of a feedback file, as customer records with typed attributes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pipelines.attributes import ColumnType, TypedColumn, Value, typed_column
from pipelines.contacts import is_rounded_key
from pipelines.records import Customer, CustomerRef, Rejected
from pipelines.same_customer import Identity, id_of, identity_of, same_customer

# Each reason for which a row of a customers file is rejected, in English and Chinese.
CUSTOMER_REJECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no_customer_identity": (
            "no customer id, e-mail address or phone number that could name the customer",
            "没有可用于识别客户的编号、邮箱或手机号",
        ),
        "customer_id_rounded": (
            "the customer id was rounded by a spreadsheet; format that column as text and export it again",
            "客户编号被电子表格截断为科学计数法，请将该列设为文本后重新导出",
        ),
    }
)


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
    taken = {column for column in (customer_id, email, phone, name) if column}
    columns = _typed_columns([row for _, row in numbered], taken=taken)
    kept = {column: found for column, found in columns.items() if found.type != "contact"}
    notes = [CustomerNote(code="contact_left_out", row=1, column=column) for column in columns if column not in kept]
    customers: list[Customer] = []
    for group in same_customer(identities):
        members = [
            _Row(
                number=numbered[i][0],
                name=refs[i].name,
                identity=identities[i],
                attributes={column: found.values[i] for column, found in kept.items()},
            )
            for i in group
        ]
        customer, conflicts = _merge(members)
        customers.append(customer)
        notes += conflicts
    notes += _shared(customers, "email") + _shared(customers, "phone")
    types = {column: found.type for column, found in kept.items()}
    return CustomersRead(customers=tuple(customers), rejected=rejected, notes=tuple(notes), types=types)


def _cell(row: Mapping[str, str], column: str | None) -> str | None:
    return (row.get(column) or "").strip() or None if column else None


def _reject(number: int, row: Mapping[str, str], ref: CustomerRef) -> Rejected:
    raw = " | ".join(value for value in row.values() if value)
    if is_rounded_key(ref.external_id):
        return Rejected(row=number, reason="customer_id_rounded", detail=ref.external_id or "", raw=raw)
    detail = " ".join(part for part in (ref.external_id, ref.email, ref.phone) if part)
    return Rejected(row=number, reason="no_customer_identity", detail=detail, raw=raw)


def _typed_columns(rows: list[dict[str, str]], *, taken: set[str]) -> dict[str, TypedColumn]:
    columns = dict.fromkeys(column for row in rows for column in row if column not in taken)
    return {column: typed_column(column, [row.get(column) or "" for row in rows]) for column in columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row of a customer, read."""

    number: int
    name: str | None
    identity: Identity
    attributes: Mapping[str, Value]


def _merge(rows: list[_Row]) -> tuple[Customer, list[CustomerNote]]:
    identity_parts: dict[str, str] = {}
    attributes: dict[str, Value] = dict.fromkeys(rows[0].attributes)
    replaced: list[tuple[int, str, Value]] = []
    for row in rows:
        told = {
            "external_id": row.identity.external_id,
            "email": row.identity.email_hash,
            "phone": row.identity.phone_hash,
            "name": row.name,
        }
        for part, value in told.items():
            if value and identity_parts.get(part, value) != value:
                # Values of names and contacts are personal: the note says that they changed, not from what to what.
                replaced.append((row.number, part, None))
            if value:
                identity_parts[part] = value
        for column, attribute in row.attributes.items():
            if attribute is None:
                continue
            if attributes[column] is not None and attributes[column] != attribute:
                replaced.append((row.number, column, attributes[column]))
            attributes[column] = attribute
    identity = Identity(
        external_id=identity_parts.get("external_id"),
        email_hash=identity_parts.get("email"),
        phone_hash=identity_parts.get("phone"),
    )
    customer = Customer(
        id=id_of(identity),
        external_id=identity.external_id,
        email_hash=identity.email_hash,
        phone_hash=identity.phone_hash,
        name=identity_parts.get("name"),
        attributes=attributes,
    )
    notes = [
        CustomerNote(
            code="conflict",
            row=number,
            column=column,
            customer_id=customer.id,
            kept="" if old is None else str(attributes[column]),
            dropped="" if old is None else str(old),
        )
        for number, column, old in replaced
    ]
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
