"""From responses and turns to verbatims: each answer cleaned, masked, given its id, or set aside with a reason.

The counts always add up: answers read = verbatims + set aside + rejected.
"""

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pipelines.clean import clean
from pipelines.empty_answers import empty_answer
from pipelines.identity import identify
from pipelines.language import detect
from pipelines.records import CustomerRef, Rejected, SetAside, Source, SurveyResponse, Turn, Verbatim
from pipelines.redact import REDACTION_KINDS, redact

SET_ASIDE_REASONS: Mapping[str, tuple[str, str]] = {
    "empty": ("没有作答", "no answer"),
    "placeholder": ("无实际内容（无、没有、N/A 等）", "says nothing (无, N/A, none …)"),
    "boilerplate": ("平台代填的文字", "the platform's own text"),
    "no_words": ("只有符号、数字或表情", "only signs, digits or emoji"),
    "interviewer": ("访问者或客服的话", "the words of the interviewer or the company"),
    "repeated": ("同一条记录重复出现", "the same record again"),
}
"""Every reason an answer is set aside for, with its wording in Chinese and English."""


# Of fewer ids nobody can say what they count; numbers of people have dozens of beginnings among the first three digits.
FEWEST_IDS = 10
BEGINNING = 3
FEWEST_BEGINNINGS = 3
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a source's answers became; `answers_read` is the sum of the three, `redactions` counts masks by kind."""

    verbatims: tuple[Verbatim, ...]
    set_aside: tuple[SetAside, ...]
    rejected: tuple[Rejected, ...]
    answers_read: int
    redactions: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A verbatim that has everything but its id; `key` is the external id as it came, before any masking."""

    verbatim: Verbatim
    content: tuple[object, ...]
    key: str | None = None
    contacts: tuple[str, str] = ("", "")


@functools.lru_cache(maxsize=65536)
def _masked(value: str, kinds: frozenset[str]) -> str:
    """Names and attributes repeat from row to row, so their masked form is remembered."""
    return redact(value, kinds=kinds).text


def _customer(customer: CustomerRef | None, kinds: frozenset[str]) -> CustomerRef | None:
    if customer is None or customer.name is None:
        return customer
    return replace(customer, name=_masked(clean(customer.name), kinds))


def _prepare(
    source: Source,
    item: SurveyResponse | Turn,
    question: str | None,
    raw: str,
    kinds: frozenset[str],
    *,
    numbered: bool,
) -> _Draft | SetAside:
    text = clean(raw)
    redacted = redact(text, kinds=kinds)
    reason = empty_answer(text)
    if reason is not None:
        return SetAside(row=item.row, question=question, reason=reason, text=redacted.text)
    base = Verbatim(
        id="",
        source_id=source.id,
        row=item.row,
        text=redacted.text,
        language=detect(redacted.text),
        question=question,
        redactions=redacted.counts,
    )
    if isinstance(item, Turn):
        if item.role == "interviewer":
            return SetAside(row=item.row, question=None, reason="interviewer", text=redacted.text)
        speaker = None if item.speaker is None else _masked(clean(item.speaker), kinds)
        verbatim = replace(base, speaker=speaker, role=item.role, start=item.start, end=item.end)
        return _Draft(verbatim=verbatim, content=("turn", redacted.text, speaker, item.start, item.end))
    customer = _customer(item.customer, kinds)
    attributes = {name: _masked(value, kinds) for name, value in item.attributes.items()}
    verbatim = replace(
        base,
        external_id=_shown_id(item.external_id, kinds, numbered=numbered),
        created_at=item.created_at,
        score=item.scores[0] if item.scores else None,
        customer=customer,
        touchpoint=None if item.touchpoint is None else _masked(item.touchpoint, kinds),
        attributes=attributes,
    )
    scores = tuple((score.scale, score.value) for score in item.scores)
    who = (None, None) if customer is None else (customer.external_id, customer.name)
    content = (redacted.text, item.created_at, who, scores, item.touchpoint, tuple(sorted(attributes.items())))
    contacts = ("", "") if customer is None else (customer.email or "", customer.phone or "")
    return _Draft(verbatim=verbatim, key=item.external_id, content=content, contacts=contacts)


def _shown_id(external_id: str | None, kinds: frozenset[str], *, numbered: bool) -> str | None:
    if external_id is None or (numbered and external_id.isdecimal()):
        return external_id
    return _masked(external_id, kinds)


def _are_numbered(items: Iterable[SurveyResponse | Turn | Rejected]) -> bool:
    """Return whether the ids that are bare numbers count records, however much some of them look like telephones.

    Shops number their reviews with eleven digits, as mobiles have. Where each of many ids is somebody's number they
    begin in many ways; ids given in turn begin alike, and some of them are no possible number.
    """
    ids = {
        item.external_id
        for item in items
        if isinstance(item, SurveyResponse) and item.external_id is not None and item.external_id.isdecimal()
    }
    if len(ids) < FEWEST_IDS:
        return False
    found = Counter(kind for one in ids for kind in redact(one).counts)
    beginnings = {one[:BEGINNING] for one in ids}
    # An identity card begins with the district, which a town's customers share.
    alike = len(beginnings) < FEWEST_BEGINNINGS and set(found) == {"phone"}
    return found.total() < NEARLY_ALL * len(ids) or alike


def _identified(source: Source, drafts: list[_Draft]) -> tuple[list[Verbatim], list[SetAside]]:
    """Give each draft its id, whatever the order of the rows, and set the same record's second appearance aside.

    E-mail and phone take no part in an id, which is shown and could be searched for them; they only decide which of
    several rows alike in all else is which.
    """
    named = Counter((draft.key, draft.verbatim.question) for draft in drafts if draft.key is not None)
    place = _places(drafts)
    verbatims, repeated = [], []
    for number, draft in enumerate(drafts):
        v = draft.verbatim
        if draft.key is None:
            # Rows that are alike in everything are several people saying the same: the k-th of them is the k-th id.
            parts: tuple[object, ...] = (*draft.content, place[number])
        elif named[draft.key, v.question] == 1:
            parts = ()
        elif place[number] > 1:
            repeated.append(SetAside(row=v.row, question=v.question, reason="repeated", text=v.text))
            continue
        else:
            parts = draft.content
        verbatims.append(replace(v, id=identify("v", source.id, draft.key, v.question, *parts)))
    return verbatims, repeated


def _places(drafts: list[_Draft]) -> dict[int, int]:
    """Return which one, from 1, each draft is among those with the same id, question and content."""
    seen: Counter[tuple[object, ...]] = Counter()
    places: dict[int, int] = {}
    for number in sorted(range(len(drafts)), key=lambda number: drafts[number].contacts):
        draft = drafts[number]
        key = (draft.key, draft.verbatim.question, *draft.content)
        seen[key] += 1
        places[number] = seen[key]
    return places


def verbatims_from(
    source: Source, items: Iterable[SurveyResponse | Turn | Rejected], *, kinds: Collection[str] = REDACTION_KINDS
) -> Prepared:
    """Turn what was read into verbatims in input order, with everything that is none of them accounted for.

    A response counts one answer per open question (an unanswered one is set aside as "empty"), a turn and a rejected
    row count one. Interviewers' turns are set aside: they are not the customer's voice. An id rests on the source, the
    row's external id and the question where that is unique, else on the content too, so that shuffled rows keep their
    ids. `kinds` are the redaction kinds to mask, see `REDACTION_KINDS`.
    """
    chosen = frozenset(kinds)
    items = list(items)
    numbered = _are_numbered(items)
    drafts: list[_Draft] = []
    set_aside: list[SetAside] = []
    rejected: list[Rejected] = []
    for item in items:
        if isinstance(item, Rejected):
            rejected.append(replace(item, detail=_masked(item.detail, chosen), raw=_masked(item.raw, chosen)))
            continue
        answers = [(None, item.text)] if isinstance(item, Turn) else [(a.question, a.text) for a in item.answers]
        for question, raw in answers or [(None, "")]:
            prepared = _prepare(source, item, question, raw, chosen, numbered=numbered)
            if isinstance(prepared, SetAside):
                set_aside.append(prepared)
            else:
                drafts.append(prepared)
    verbatims, repeated = _identified(source, drafts)
    set_aside = sorted([*set_aside, *repeated], key=lambda aside: aside.row)
    redactions: Counter[str] = Counter()
    for verbatim in verbatims:
        redactions.update(verbatim.redactions)
    return Prepared(
        verbatims=tuple(verbatims),
        set_aside=tuple(set_aside),
        rejected=tuple(rejected),
        answers_read=len(verbatims) + len(set_aside) + len(rejected),
        redactions=dict(redactions),
    )
