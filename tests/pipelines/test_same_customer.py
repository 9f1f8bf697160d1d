import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import CustomerRef
from pipelines.same_customer import Identity, id_of, identity_of, same_customer


def test_external_ids_keep_customers_apart_who_share_a_phone() -> None:
    one = Identity(external_id="1", phone_hash="p")
    two = Identity(external_id="2", phone_hash="p")
    nobody_knows = Identity(phone_hash="p")
    assert same_customer([one, two, nobody_knows]) == ((0,), (1,), (2,))


def test_a_row_without_an_id_joins_by_email_then_by_phone() -> None:
    assert same_customer(
        [
            Identity(external_id="1", email_hash="e", phone_hash="p"),
            Identity(email_hash="e"),
            Identity(phone_hash="p"),
            Identity(email_hash="new", phone_hash="p"),
            Identity(email_hash="new"),
        ]
    ) == ((0, 1, 2, 3, 4),)


def test_identities_that_name_nobody_are_in_no_group() -> None:
    assert same_customer([Identity(), identity_of(CustomerRef(name="小林"), salt="s")]) == ()


identities = st.builds(
    Identity,
    external_id=st.sampled_from([None, None, "1", "2"]),
    email_hash=st.sampled_from([None, "a", "b"]),
    phone_hash=st.sampled_from([None, "p", "q"]),
)


@given(st.lists(identities, max_size=8), st.randoms())
def test_order_has_no_effect_and_nobody_is_in_two_groups(found: list[Identity], random: random.Random) -> None:
    groups = same_customer(found)
    flat = list(itertools.chain(*groups))
    assert sorted(flat) == [i for i, identity in enumerate(found) if identity]
    order = list(range(len(found)))
    random.shuffle(order)
    shuffled = same_customer([found[i] for i in order])
    assert {frozenset(group) for group in groups} == {frozenset(order[i] for i in group) for group in shuffled}


@given(st.lists(identities, max_size=8))
def test_a_group_without_external_id_has_one_id_whatever_row_comes_first(found: list[Identity]) -> None:
    for group in same_customer(found):
        members = [found[i] for i in group]
        if any(member.external_id for member in members):
            assert len({member.external_id for member in members} - {None}) == 1
        else:
            strongest = {id_of(member) for member in members if member.email_hash}
            assert len(strongest) <= 1
