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
    "interviewer": ("访问者的话", "the interviewer's words"),
    "repeated": ("同一条记录重复出现", "the same record again"),
}
"""Every reason an answer is set aside for, with its wording in Chinese and English."""


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
    """A verbatim that has everything but its id."""

    verbatim: Verbatim
    content: tuple[object, ...]


@functools.lru_cache(maxsize=65536)
def _masked(value: str, kinds: frozenset[str]) -> str:
    """Names and attributes repeat from row to row, so their masked form is remembered."""
    return redact(value, kinds=kinds).text


def _customer(customer: CustomerRef | None, kinds: frozenset[str]) -> CustomerRef | None:
    if customer is None or customer.name is None:
        return customer
    return replace(customer, name=_masked(clean(customer.name), kinds))


def _prepare(
    source: Source, item: SurveyResponse | Turn, question: str | None, raw: str, kinds: frozenset[str]
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
        external_id=item.external_id,
        created_at=item.created_at,
        score=item.scores[0] if item.scores else None,
        customer=customer,
        touchpoint=None if item.touchpoint is None else _masked(item.touchpoint, kinds),
        attributes=attributes,
    )
    scores = tuple((score.scale, score.value) for score in item.scores)
    content = (redacted.text, item.created_at, customer, scores, item.touchpoint, tuple(sorted(attributes.items())))
    return _Draft(verbatim=verbatim, content=content)


def _identified(source: Source, drafts: list[_Draft]) -> tuple[list[Verbatim], list[SetAside]]:
    """Give each draft its id, whatever the order of the rows, and set the same record's second appearance aside."""
    named = Counter((d.verbatim.external_id, d.verbatim.question) for d in drafts if d.verbatim.external_id is not None)
    seen: Counter[tuple[object, ...]] = Counter()
    verbatims, repeated = [], []
    for draft in drafts:
        v = draft.verbatim
        key = (v.external_id, v.question, *draft.content)
        seen[key] += 1
        if v.external_id is None:
            # Rows that are alike in everything are several people saying the same: the k-th of them is the k-th id.
            parts: tuple[object, ...] = (*draft.content, seen[key])
        elif named[v.external_id, v.question] == 1:
            parts = ()
        elif seen[key] > 1:
            repeated.append(SetAside(row=v.row, question=v.question, reason="repeated", text=v.text))
            continue
        else:
            parts = draft.content
        verbatims.append(replace(v, id=identify("v", source.id, v.external_id, v.question, *parts)))
    return verbatims, repeated


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
    drafts: list[_Draft] = []
    set_aside: list[SetAside] = []
    rejected: list[Rejected] = []
    for item in items:
        if isinstance(item, Rejected):
            rejected.append(replace(item, detail=_masked(item.detail, chosen), raw=_masked(item.raw, chosen)))
            continue
        answers = [(None, item.text)] if isinstance(item, Turn) else [(a.question, a.text) for a in item.answers]
        for question, raw in answers or [(None, "")]:
            prepared = _prepare(source, item, question, raw, chosen)
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
