import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.contacts import customer_key, hash_contact, is_rounded_key, normalise_email, normalise_phone


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (" 12 ", "12"),
        ("12.0", "12"),
        ("１２", "12"),
        ("'0012", "0012"),
        ("TM-1001\u200b", "TM-1001"),
        ("a7F", "a7F"),
        ("1.5", "1.5"),
        ("1.00008E+11", None),
        ("匿名", None),
        ("N/A", None),
        ("", None),
        (None, None),
    ],
)
def test_a_customer_number_has_one_spelling(written: str | None, key: str | None) -> None:
    assert customer_key(written) == key


def test_a_rounded_number_is_told_from_a_missing_one() -> None:
    assert is_rounded_key("1.00008E+11")
    assert not is_rounded_key("2E5")
    assert not is_rounded_key(None)


@pytest.mark.parametrize(
    ("written", "email"),
    [
        ("Lin.Xia@Example.COM", "lin.xia@example.com"),
        ("ｌｉｎ＠example.com", "lin@example.com"),
        ("mailto:lin@example.com", "lin@example.com"),
        ("lin@example.com; xia@example.com", "lin@example.com"),
        ("lin@example", None),
        ("暂无", None),
        (None, None),
    ],
)
def test_an_email_address_has_one_spelling(written: str | None, email: str | None) -> None:
    assert normalise_email(written) == email


@pytest.mark.parametrize(
    "written",
    ["13800138000", "138 0013 8000", "+86 138-0013-8000", "0086 13800138000", "13800138000.0", "13800138000/010-1"],
)
def test_a_mainland_number_has_one_spelling(written: str | None) -> None:
    assert normalise_phone(written) == "+8613800138000"


@pytest.mark.parametrize("written", ["138****8000", "12345", "1.38E+10", "电话", "", None])
def test_what_is_no_phone_number_is_none(written: str | None) -> None:
    assert normalise_phone(written) is None


def test_a_number_abroad_keeps_its_country() -> None:
    assert normalise_phone("+852 9123 4567") == "+85291234567"


def test_a_hash_depends_on_the_salt_and_shows_nothing() -> None:
    digest = hash_contact("+8613800138000", salt="one")
    assert digest == hash_contact("+8613800138000", salt="one")
    assert digest != hash_contact("+8613800138000", salt="two")
    assert len(digest) == 32
    assert "138" not in digest or "13800138000" not in digest


def test_a_salt_of_any_length_works_but_an_empty_one_does_not() -> None:
    assert hash_contact("x", salt="s" * 500)
    with pytest.raises(ValueError, match="salt"):
        hash_contact("x", salt="")


@given(st.text())
@example("'¯")
@example("a\u200b\u0301")
@example("''' 12")
def test_any_text_is_read_without_an_error(text: str) -> None:
    key = customer_key(text)
    assert customer_key(key) == key
    email = normalise_email(text)
    assert email is None or normalise_email(email) == email
    normalise_phone(text)
