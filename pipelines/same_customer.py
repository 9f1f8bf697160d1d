"""Which identities belong to one customer: by external id, then e-mail, then phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.contacts import customer_key, hash_contact, normalise_email, normalise_phone
from pipelines.identity import identify
from pipelines.records import CustomerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The ways in which one row names a customer, normalised, e-mail and phone hashed."""

    external_id: str | None = None
    email_hash: str | None = None
    phone_hash: str | None = None

    def __bool__(self) -> bool:
        return bool(self.external_id or self.email_hash or self.phone_hash)


def identity_of(ref: CustomerRef, *, salt: str) -> Identity:
    """Return the identity behind a reference; it is falsy where nothing in it names anybody."""
    email, phone = normalise_email(ref.email), normalise_phone(ref.phone)
    return Identity(
        external_id=customer_key(ref.external_id),
        email_hash=hash_contact(email, salt=salt) if email else None,
        phone_hash=hash_contact(phone, salt=salt) if phone else None,
    )


def id_of(identity: Identity) -> str:
    """Return the id of the customer with this identity, from the strongest part it has."""
    if identity.external_id:
        return identify("cus", "external_id", identity.external_id)
    if identity.email_hash:
        return identify("cus", "email", identity.email_hash)
    return identify("cus", "phone", identity.phone_hash)


def same_customer(identities: Sequence[Identity]) -> tuple[tuple[int, ...], ...]:
    """Group the indices of identities that are one customer; falsy ones belong to no group.

    External ids decide: two different ones are two customers, also where they share a phone. An identity without one
    joins the customer who alone has its e-mail, else the one who alone has its phone, else stands by itself. The
    groups do not depend on the order of the identities; they come in order of their first member.
    """
    group_of: dict[int, str] = {}
    emails: dict[str, set[str]] = {}
    phones: dict[str, set[str]] = {}

    def join(index: int, group: str) -> None:
        identity = identities[index]
        group_of[index] = group
        if identity.email_hash:
            emails.setdefault(identity.email_hash, set()).add(group)
        if identity.phone_hash:
            phones.setdefault(identity.phone_hash, set()).add(group)

    def only(groups: set[str] | None) -> str | None:
        return next(iter(groups)) if groups is not None and len(groups) == 1 else None

    for index, identity in enumerate(identities):
        if identity.external_id:
            join(index, "x" + identity.external_id)

    # Each round reads the groups as the round before left them, so that order has no effect within it.
    def next_round(found: dict[int, str | None]) -> None:
        for index, group in found.items():
            if group is not None:
                join(index, group)

    def known(identity: Identity) -> str | None:
        return only(emails.get(identity.email_hash or "")) or only(phones.get(identity.phone_hash or ""))

    def waiting() -> list[tuple[int, Identity]]:
        return [(i, identity) for i, identity in enumerate(identities) if identity and i not in group_of]

    next_round({i: known(identity) for i, identity in waiting()})
    next_round({i: known(one) or f"e{one.email_hash}" for i, one in waiting() if one.email_hash})
    next_round({i: known(one) or f"p{one.phone_hash}" for i, one in waiting()})

    members: dict[str, list[int]] = {}
    for index in sorted(group_of):
        members.setdefault(group_of[index], []).append(index)
    return tuple(tuple(indices) for indices in members.values())
