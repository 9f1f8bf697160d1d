"""Redaction: personal data masked before anything is stored or embedded, counted per kind."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from pipelines import personal_numbers, personal_places
from pipelines.han import A_HAN, HAN
from pipelines.personal_numbers import Found
from pipelines.records import Language

_FINDERS: Mapping[str, Callable[[str], Iterable[Found]]] = {
    # In the order in which they claim characters: an e-mail may hold a phone number, an ID card a bank card.
    "email": personal_places.find_emails,
    "id_card": personal_numbers.find_id_cards,
    "bank_card": personal_numbers.find_bank_cards,
    "im_account": personal_places.find_im_accounts,
    "phone": personal_numbers.find_phones,
    "plate": personal_places.find_plates,
    "address": personal_places.find_addresses,
}
REDACTION_KINDS: tuple[str, ...] = ("phone", "email", "id_card", "bank_card", "plate", "im_account", "address")

_MASKS: Mapping[str, tuple[str, str]] = {
    "phone": ("[手机号]", "[phone]"),
    "email": ("[邮箱]", "[email]"),
    "id_card": ("[身份证号]", "[id card]"),
    "bank_card": ("[银行卡号]", "[card number]"),
    "plate": ("[车牌号]", "[plate]"),
    "im_account": ("[社交账号]", "[account]"),
    "address": ("[地址]", "[address]"),
}
_LANDLINE_MASK = "[电话]"
MASKS: tuple[str, ...] = (*(mask for pair in _MASKS.values() for mask in pair), _LANDLINE_MASK)
"""Every mask there is; none of them is ever cut or read by a model."""

# Links are addresses of things, not of people, and their numbers are article and order numbers.
_LINK = re.compile(rf"(?:https?://|www\.)[^\s\u3000-\u303f{HAN}\uff00-\uffef\"'<>]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A text with its personal data masked, and how many of each kind were."""

    text: str
    counts: Mapping[str, int] = field(default_factory=dict)


def redact(text: str, *, kinds: Collection[str] = REDACTION_KINDS, language: Language | None = None) -> Redacted:
    """Return the text with phone numbers, e-mails, ID and bank cards, plates, IM accounts and home addresses masked.

    A mask is Chinese ([手机号]) where `language` is zh or mixed, English ([phone]) where it is en or other; without a
    language, characters in the text decide. Masks already in the text stay. Raises ValueError for an unknown kind.
    """
    unknown = set(kinds) - set(REDACTION_KINDS)
    if unknown:
        raise ValueError(f"unknown redaction kind {sorted(unknown)[0]!r}; known are {', '.join(REDACTION_KINDS)}")
    found: list[tuple[Found, str]] = []
    taken = [match.span() for match in _LINK.finditer(text)] if "://" in text or "www." in text else []
    for kind, find in _FINDERS.items():
        if kind not in kinds:
            continue
        for span in find(text):
            if all(span.end <= start or end <= span.start for start, end in taken):
                taken.append((span.start, span.end))
                found.append((span, kind))
    if not found:
        return Redacted(text=text)
    chinese = language in ("zh", "mixed") if language else bool(A_HAN.search(text))
    pieces, at = [], 0
    for span, kind in sorted(found, key=lambda item: item[0].start):
        mask = _LANDLINE_MASK if chinese and span.landline else _MASKS[kind][0 if chinese else 1]
        pieces += [text[at : span.start], mask]
        at = span.end
    return Redacted(text="".join([*pieces, text[at:]]), counts=dict(Counter(kind for _, kind in found)))
