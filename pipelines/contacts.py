"""One spelling for each way a customer is known: customer key, e-mail address, phone number.

E-mail addresses and phone numbers leave this file only as salted hashes; nothing after it can read them.
"""

import functools
import hashlib
import re
import unicodedata

# A number that a spreadsheet turned into a float: 12.0 was 12.
_FLOAT_ID = re.compile(r"^(\d+)\.0+$")
# A long number that a spreadsheet rounded: 1.00008E+11 stands for a million different ids.
_ROUNDED_ID = re.compile(r"^\d(?:\.\d+)?E\+\d+$")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_NO_VALUE = frozenset({"", "-", "--", "/", "null", "nan", "none", "n/a", "#n/a", "\\n", "无", "匿名"})
# Looser than RFC 5322 on purpose: it must recognise what people type, and tell it from "none@" or "a@b".
_EMAIL = re.compile(r"^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]{2,}$")
_SEVERAL = re.compile(r"[;,/、|]")


def _tidy(value: str | None) -> str:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", value or ""))
    text = " ".join(text.split())
    return "" if text.casefold() in _NO_VALUE else text


def customer_key(value: str | None) -> str | None:
    """Return a customer's own number as one spelling (" 12 ", "12.0" and "１２" are "12"), None where there is none.

    Case and leading zeros are kept: in several CRM systems they tell records apart. Numbers that a spreadsheet has
    rounded (1.00008E+11) are None too, because many customers would share them.
    """
    text = _tidy(value)
    # Spreadsheets mark a number kept as text by an apostrophe; what stood behind it may begin with blanks or another.
    while text.startswith("'"):
        text = _tidy(text[1:])
    if _ROUNDED_ID.match(text):
        return None
    match = _FLOAT_ID.match(text)
    return (match.group(1) if match else text) or None


def is_rounded_key(value: str | None) -> bool:
    """Say whether a spreadsheet has rounded this customer number, so that it names nobody any more."""
    return bool(_ROUNDED_ID.match(_tidy(value)))


@functools.lru_cache(maxsize=65_536)
def normalise_email(value: str | None) -> str | None:
    """Return an e-mail address in lower case, None where the value is not one; of several the first is taken."""
    for part in re.split(r"[;,、\s]+", _tidy(value)):
        text = part.casefold().removeprefix("mailto:").strip("<>.")
        if _EMAIL.match(text):
            return text
    return None


@functools.lru_cache(maxsize=65_536)
def normalise_phone(value: str | None) -> str | None:
    """Return a phone number as E.164 (read as a mainland number unless it names its country), None if it is not valid.

    Validity is that of the phonenumbers library, so masked numbers such as 138****8000 and short numbers are None.
    """
    import phonenumbers

    whole = _tidy(value)
    if "*" in whole or _ROUNDED_ID.match(whole):
        return None
    for part in (whole, *_SEVERAL.split(whole)):
        match = _FLOAT_ID.match(part.strip())
        try:
            number = phonenumbers.parse(match.group(1) if match else part, "CN")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def hash_contact(value: str, *, salt: str) -> str:
    """Return 32 hex digits: the BLAKE2b digest (RFC 7693) of the value, keyed with the salt.

    All mainland mobile numbers can be tried in minutes, so the salt must be secret, and an empty one raises ValueError.
    """
    if not salt:
        raise ValueError("the salt for hashing contacts is empty: give each project a random one and keep it")
    key = hashlib.blake2b(salt.encode("utf-8"), digest_size=32).digest()
    return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16, key=key).hexdigest()
