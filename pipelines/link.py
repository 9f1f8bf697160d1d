"""Link: verbatims to the customers who said them, saying what matched and what did not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.records import Customer, CustomerLink, Verbatim
from pipelines.same_customer import Identity, id_of, identity_of, same_customer

MatchedOn = Literal["external_id", "email", "phone"]
UnmatchedReason = Literal["no_reference", "unusable_reference", "shared_contact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerIndex:
    """Customers by each way they are known; a contact that several customers hold is in `shared` and finds nobody."""

    by_external_id: Mapping[str, str] = field(default_factory=dict)
    by_email: Mapping[str, str] = field(default_factory=dict)
    by_phone: Mapping[str, str] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    external_ids: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A verbatim without a customer: it names nobody, its reference cannot be used, or several customers share it."""

    verbatim_id: str
    reason: UnmatchedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkConflict:
    """A verbatim whose identities point to different customers: the link follows `followed`, `other` was passed over.

    `other_customer_id` is None where an external id that no customer has stood beside a contact that one has.
    """

    verbatim_id: str
    customer_id: str
    followed: MatchedOn
    other: MatchedOn
    other_customer_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Links in the order of the verbatims, customers known only from feedback, and what was not linked."""

    links: tuple[CustomerLink, ...]
    created: tuple[Customer, ...]
    unmatched: tuple[Unmatched, ...]
    conflicts: tuple[LinkConflict, ...]

    def counts(self) -> dict[str, int]:
        """Count links by what they matched on, and verbatims without a customer by reason."""
        return {
            **Counter(link.matched_on for link in self.links),
            **Counter(missing.reason for missing in self.unmatched),
        }


def index_customers(customers: Iterable[Customer]) -> CustomerIndex:
    """Return an index for link(); two customers with the same e-mail or phone are found by neither of them."""
    by_external_id: dict[str, str] = {}
    contacts: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    external_ids: dict[str, str | None] = {}
    for customer in customers:
        external_ids[customer.id] = customer.external_id
        if customer.external_id:
            by_external_id[customer.external_id] = customer.id
        for holders, contact in zip(contacts, (customer.email_hash, customer.phone_hash), strict=True):
            if contact:
                holders.setdefault(contact, set()).add(customer.id)
    emails, phones = ({c: next(iter(ids)) for c, ids in holders.items() if len(ids) == 1} for holders in contacts)
    return CustomerIndex(
        by_external_id=by_external_id,
        by_email=emails,
        by_phone=phones,
        shared=frozenset(c for holders in contacts for c, ids in holders.items() if len(ids) > 1),
        external_ids=external_ids,
    )


def link(verbatims: Sequence[Verbatim], index: CustomerIndex, *, salt: str) -> Linked:
    """Link verbatims to customers by external id, then e-mail, then phone (`salt` as for customers_from()).

    An identity that no known customer has becomes a new customer with `known_from="feedback"`; verbatims without a
    usable identity stay without a customer. Where two identities point to two customers the external id is followed,
    then the e-mail, and the conflict is listed. The order of the verbatims has no effect on who is linked to whom.
    """
    found: dict[str, CustomerLink] = {}
    unmatched: dict[str, UnmatchedReason] = {}
    conflicts: list[LinkConflict] = []
    strangers: list[tuple[Verbatim, Identity]] = []
    for verbatim in verbatims:
        if verbatim.customer is None:
            unmatched[verbatim.id] = "no_reference"
            continue
        identity = identity_of(verbatim.customer, salt=salt)
        if not identity:
            unmatched[verbatim.id] = "unusable_reference"
            continue
        matches = _matches(identity, index)
        if matches:
            matched_on, key = matches[0]
            found[verbatim.id] = CustomerLink(verbatim_id=verbatim.id, customer_id=key, matched_on=matched_on)
            conflicts += _conflicts(verbatim.id, identity, matches, index=index)
        elif not identity.external_id and {identity.email_hash, identity.phone_hash} & index.shared:
            unmatched[verbatim.id] = "shared_contact"
        else:
            strangers.append((verbatim, identity))
    links, created = _create(strangers)
    found |= links
    return Linked(
        links=tuple(found[v.id] for v in verbatims if v.id in found),
        created=created,
        unmatched=tuple(Unmatched(verbatim_id=v.id, reason=unmatched[v.id]) for v in verbatims if v.id in unmatched),
        conflicts=tuple(conflicts),
    )


def _matches(identity: Identity, index: CustomerIndex) -> list[tuple[MatchedOn, str]]:
    candidates: tuple[tuple[MatchedOn, str | None], ...] = (
        ("external_id", index.by_external_id.get(identity.external_id or "")),
        ("email", index.by_email.get(identity.email_hash or "")),
        ("phone", index.by_phone.get(identity.phone_hash or "")),
    )
    return [(matched_on, key) for matched_on, key in candidates if key]


def _conflicts(
    verbatim_id: str, identity: Identity, matches: list[tuple[MatchedOn, str]], *, index: CustomerIndex
) -> list[LinkConflict]:
    followed, key = matches[0]
    listed = [
        LinkConflict(
            verbatim_id=verbatim_id, customer_id=key, followed=followed, other=other, other_customer_id=other_key
        )
        for other, other_key in matches[1:]
        if other_key != key
    ]
    # The ids of another system beside a known e-mail are common (app id and CRM id), so the link is made all the same.
    if followed != "external_id" and identity.external_id and index.external_ids.get(key):
        listed.append(
            LinkConflict(
                verbatim_id=verbatim_id,
                customer_id=key,
                followed=followed,
                other="external_id",
                other_customer_id=None,
            )
        )
    return listed


def _create(
    strangers: list[tuple[Verbatim, Identity]],
) -> tuple[dict[str, CustomerLink], tuple[Customer, ...]]:
    # Sorted by what they are, so that a shuffled file creates the same customers.
    strangers = sorted(strangers, key=lambda pair: (pair[0].created_at or "", pair[0].row, pair[0].id))
    links: dict[str, CustomerLink] = {}
    created: list[Customer] = []
    for group in same_customer([identity for _, identity in strangers]):
        members = [strangers[i] for i in group]
        customer = _customer_from(members)
        created.append(customer)
        for verbatim, identity in members:
            links[verbatim.id] = CustomerLink(
                verbatim_id=verbatim.id, customer_id=customer.id, matched_on=_strongest(identity)
            )
    return links, tuple(sorted(created, key=lambda customer: customer.id))


def _customer_from(members: list[tuple[Verbatim, Identity]]) -> Customer:
    identities = [identity for _, identity in members]
    merged = Identity(
        external_id=next((i.external_id for i in identities if i.external_id), None),
        email_hash=min((i.email_hash for i in identities if i.email_hash), default=None),
        phone_hash=min((i.phone_hash for i in identities if i.phone_hash), default=None),
    )
    names = [v.customer.name for v, _ in members if v.customer and v.customer.name]
    return Customer(
        id=id_of(merged),
        external_id=merged.external_id,
        email_hash=merged.email_hash,
        phone_hash=merged.phone_hash,
        name=names[-1] if names else None,
        known_from="feedback",
    )


def _strongest(identity: Identity) -> MatchedOn:
    if identity.external_id:
        return "external_id"
    return "email" if identity.email_hash else "phone"
