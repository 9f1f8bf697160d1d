import dataclasses
import random

from pipelines.contacts import hash_contact
from pipelines.customers import customers_from
from pipelines.link import CustomerIndex, index_customers, link
from pipelines.records import CustomerRef, Verbatim

SALT = "salt"


def verbatim(number: int, **ref: str) -> Verbatim:
    return Verbatim(
        id=f"v{number}",
        source_id="s",
        row=number,
        text="水箱漏水",
        language="zh",
        customer=CustomerRef(**ref) if ref else None,
    )


def known(*rows: dict[str, str]) -> tuple[CustomerIndex, dict[str | None, str]]:
    read = customers_from(
        enumerate(rows, start=2), customer_id="id", email="email", phone="phone", name="name", salt=SALT
    )
    return index_customers(read.customers), {customer.external_id: customer.id for customer in read.customers}


def test_links_say_what_matched_and_the_external_id_comes_first() -> None:
    index, ids = known({"id": "1", "email": "a@example.com", "phone": "13800138000"}, {"id": "2"})
    linked = link(
        [
            verbatim(1, external_id="1.0", email="a@example.com"),
            verbatim(2, email="A@Example.com", phone="13800138000"),
            verbatim(3, phone="+86 138 0013 8000"),
        ],
        index,
        salt=SALT,
    )
    assert [(one.customer_id, one.matched_on) for one in linked.links] == [
        (ids["1"], "external_id"),
        (ids["1"], "email"),
        (ids["1"], "phone"),
    ]
    assert linked.created == ()
    assert linked.counts() == {"external_id": 1, "email": 1, "phone": 1}


def test_what_cannot_be_linked_is_listed_with_its_reason() -> None:
    index, _ = known({"id": "1", "phone": "13800138000"}, {"id": "2", "phone": "13800138000"})
    linked = link(
        [verbatim(1), verbatim(2, name="小林"), verbatim(3, phone="138****8000"), verbatim(4, phone="13800138000")],
        index,
        salt=SALT,
    )
    assert [(one.verbatim_id, one.reason) for one in linked.unmatched] == [
        ("v1", "no_reference"),
        ("v2", "unusable_reference"),
        ("v3", "unusable_reference"),
        ("v4", "shared_contact"),
    ]
    assert linked.links == ()


def test_strangers_become_customers_known_only_from_feedback() -> None:
    index, _ = known({"id": "1"})
    linked = link(
        [
            verbatim(1, external_id="9", name="何禾"),
            verbatim(2, external_id="9", email="h@example.com"),
            verbatim(3, email="h@example.com"),
            verbatim(4, phone="13800138000"),
        ],
        index,
        salt=SALT,
    )
    assert {customer.known_from for customer in linked.created} == {"feedback"}
    assert len(linked.created) == 2
    by_id = {customer.id: customer for customer in linked.created}
    nine = by_id[linked.links[0].customer_id]
    assert (nine.external_id, nine.name) == ("9", "何禾")
    assert nine.email_hash == hash_contact("h@example.com", salt=SALT)
    assert [one.customer_id == nine.id for one in linked.links] == [True, True, True, False]


def test_a_conflict_follows_the_external_id_and_is_listed() -> None:
    index, ids = known({"id": "1"}, {"id": "2", "email": "b@example.com"})
    linked = link([verbatim(1, external_id="1", email="b@example.com")], index, salt=SALT)
    assert linked.links[0].customer_id == ids["1"]
    (conflict,) = linked.conflicts
    assert (conflict.followed, conflict.other, conflict.other_customer_id) == ("external_id", "email", ids["2"])


def test_an_unknown_external_id_beside_a_known_email_is_linked_and_listed() -> None:
    index, ids = known({"id": "2", "email": "b@example.com"})
    linked = link([verbatim(1, external_id="app-77", email="b@example.com")], index, salt=SALT)
    assert (linked.links[0].customer_id, linked.links[0].matched_on) == (ids["2"], "email")
    assert linked.conflicts[0].other_customer_id is None


def test_every_verbatim_is_linked_or_listed_and_order_has_no_effect() -> None:
    index, _ = known({"id": "1", "email": "a@example.com"}, {"id": "2", "phone": "13800138000"})
    rng = random.Random(3)
    verbatims = [
        verbatim(
            number,
            **{
                field: value
                for field, value in {
                    "external_id": rng.choice(["1", "2", "8", "9", None]),
                    "email": rng.choice(["a@example.com", "z@example.com", None]),
                    "phone": rng.choice(["13800138000", "13900139000", None]),
                    "name": rng.choice(["小林", "何禾"]),
                }.items()
                if value
            },
        )
        for number in range(60)
    ]
    linked = link(verbatims, index, salt=SALT)
    assert len(linked.links) + len(linked.unmatched) == len(verbatims)
    assert sum(linked.counts().values()) == len(verbatims)
    shuffled = verbatims.copy()
    rng.shuffle(shuffled)
    again = link(shuffled, index, salt=SALT)
    assert set(again.links) == set(linked.links)
    assert [dataclasses.asdict(one) for one in again.created] == [dataclasses.asdict(one) for one in linked.created]
