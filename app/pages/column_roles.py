"""The columns of an upload as a person corrects them: one role each, and what the verbatims would look like."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.errors import BadRequest
from app.incoming import Incoming
from app.locale import UiLanguage, say
from app.tasks import Preview
from pipelines.clean import clean
from pipelines.columns import REASONS
from pipelines.empty_answers import empty_answer
from pipelines.redact import redact
from pipelines.verbatims import SET_ASIDE_REASONS

ROLES = (
    "text", "title", "score", "created_at", "external_id", "customer_id", "email", "phone", "customer_name",
    "touchpoint", "attributes", "none",
)  # fmt: skip
CUSTOMER_ROLES = ("customer_id", "email", "phone", "customer_name", "attributes", "none")
MANY = ("text", "attributes")
EXAMPLES = 3
SAMPLES = 5
"""Verbatims shown as they will look: enough to see a wrong column, few enough to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: number, name, full question, role as proposed and as it stands, the reason, some of its values."""

    number: int
    name: str
    question: str
    proposed: str
    role: str
    reason: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One verbatim as it will look, personal data masked."""

    row: int
    text: str
    question: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One uploaded file as it would be read; `error` (message, hint) where it gives nothing."""

    token: str
    filename: str
    size: int
    error: tuple[str, str] | None = None
    format: str = ""
    encoding: str | None = None
    kind: str = "feedback"
    transcript: bool = False
    rows_read: int = 0
    rejected: int = 0
    notes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    mapping: Mapping[str, Any] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    looked_at: int = 0
    """Answers in the first rows, from which `samples` are taken."""
    set_aside: tuple[tuple[str, int], ...] = ()
    """Of those, how many would be set aside, for each reason in the visitor's language."""

    @property
    def used(self) -> tuple[Column, ...]:
        """The columns that play a part."""
        return tuple(column for column in self.columns if column.role != "none")

    @property
    def first(self) -> tuple[Column, ...]:
        """The columns that were proposed to play a part; they stay in sight when a person says otherwise."""
        return tuple(column for column in self.columns if column.proposed != "none")

    @property
    def rest(self) -> tuple[Column, ...]:
        """The columns that were proposed to be left out."""
        return tuple(column for column in self.columns if column.proposed == "none")

    @property
    def ready(self) -> bool:
        """Whether the file can be read as it stands."""
        wanted = ("text",) if self.kind == "feedback" else ("customer_id", "email", "phone")
        return self.transcript or any(column.role in wanted for column in self.columns)


def sheet_of(
    upload: Incoming,
    seen: Preview,
    *,
    kind: str | None,
    form: Mapping[str, str],
    masked: frozenset[str],
    language: UiLanguage,
) -> Sheet:
    """Return a preview as a sheet: roles as the form says, else as proposed. Raises BadRequest for an unknown role.

    `masked` are the kinds of personal data that this project masks: what is shown is what would be stored.
    """
    proposed = _roles(seen.mapping)
    kind = kind or ("customers" if seen.kind == "customers" else "feedback")
    columns = tuple(
        Column(
            number=number,
            name=name,
            question=seen.questions.get(name, ""),
            proposed=proposed.get(name, "none"),
            role=_role(form.get(f"{upload.token}:{number}"), proposed.get(name, "none")),
            reason=_reason(seen.reasons.get(name), language),
            examples=_examples(seen, number),
        )
        for number, name in enumerate(seen.columns)
    )
    samples, looked_at, set_aside = _samples(seen, columns, kind=kind, masked=masked, language=language)
    return Sheet(
        token=upload.token,
        filename=upload.filename,
        size=upload.size,
        format=seen.format,
        encoding=seen.encoding,
        kind=kind,
        transcript=seen.kind == "transcript",
        rows_read=seen.rows_read,
        rejected=seen.rejected,
        notes=seen.notes,
        columns=() if seen.kind == "transcript" else columns,
        mapping=seen.mapping,
        samples=samples,
        looked_at=looked_at,
        set_aside=set_aside,
    )


def mapping_of(
    sheet: Sheet, *, scale: str | None, low: str | None = None, high: str | None = None
) -> dict[str, Any] | None:
    """Return the mapping a sheet stands for, None for a transcript.

    `low` and `high` are the ends of the scale as typed. Raises BadRequest for a part given twice and for
    ends that are none.
    """
    if sheet.transcript:
        return None
    found: dict[str, Any] = {role: [] if role in MANY else None for role in ROLES if role != "none"}
    for column in sheet.used:
        if column.role in MANY:
            found[column.role].append(column.name)
        elif found[column.role] is not None:
            raise BadRequest(
                code="role_twice", values={"filename": sheet.filename, "one": found[column.role], "other": column.name}
            )
        else:
            found[column.role] = column.name
    same_score = found["score"] == sheet.mapping.get("score")
    if scale and scale != sheet.mapping.get("scale"):
        found["scale"] = scale
    elif same_score:
        found |= {key: sheet.mapping.get(key) for key in ("scale", "scale_low", "scale_high")}
    # What was left as proposed is no wish: it belongs to the column and the scale it was proposed for.
    found |= {
        key: end
        for key, typed in (("scale_low", low), ("scale_high", high))
        if (end := _end(typed)) is not None and end != sheet.mapping.get(key)
    }
    ends = found.get("scale_low"), found.get("scale_high")
    if ends[0] is not None and ends[1] is not None and ends[0] >= ends[1]:
        raise BadRequest(code="bad_scale_ends", values={"low": f"{ends[0]:g}", "high": f"{ends[1]:g}"})
    return found


def _end(typed: str | None) -> float | None:
    if typed is None or not typed.strip():
        return None
    try:
        end = float(typed)
    except ValueError:
        end = math.nan
    if not math.isfinite(end):
        raise BadRequest(code="bad_scale_end", values={"value": typed[:40]})
    return end


def _roles(mapping: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for role in ROLES:
        value = mapping.get(role)
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str):
                found.setdefault(name, role)
    return found


def _role(wish: str | None, proposed: str) -> str:
    if wish is None:
        return proposed
    if wish not in ROLES:
        raise BadRequest(code="bad_choice", values={"name": "role", "value": wish[:40], "choices": ", ".join(ROLES)})
    return wish


def _reason(code: str | None, language: UiLanguage) -> str:
    known = REASONS.get((code or "").partition(":")[0])
    return "" if known is None else known[1 if language == "zh" else 0]


def _examples(seen: Preview, number: int) -> tuple[str, ...]:
    values = (cells[number].strip() for _, cells in seen.first_rows if number < len(cells))
    return tuple(dict.fromkeys(value for value in values if value))[:EXAMPLES]


def _samples(
    seen: Preview, columns: tuple[Column, ...], *, kind: str, masked: frozenset[str], language: UiLanguage
) -> tuple[tuple[Sample, ...], int, tuple[tuple[str, int], ...]]:
    """Return verbatims as they will look, how many answers were looked at, and why some of them would be set aside."""
    if seen.kind != "transcript" and kind == "customers":
        return (), 0, ()
    answers = _said(seen) if seen.kind == "transcript" else _answered(seen, columns, language=language)
    kept, aside = [], Counter[str]()
    for answer in answers:
        reason = "interviewer" if answer.row in seen.asking_rows else empty_answer(clean(answer.text))
        if reason is None:
            kept.append(replace(answer, text=redact(answer.text, kinds=masked).text))
        else:
            aside[SET_ASIDE_REASONS[reason][0 if language == "zh" else 1]] += 1
    return tuple(kept[:SAMPLES]), len(answers), tuple(aside.most_common())


def _said(seen: Preview) -> list[Sample]:
    return [
        Sample(row=row, text=cells[1], question=None, facts=(cells[0],) if cells[0] else ())
        for row, cells in seen.first_rows
    ]


def _answered(seen: Preview, columns: tuple[Column, ...], *, language: UiLanguage) -> list[Sample]:
    by_role: dict[str, list[Column]] = {}
    for column in columns:
        by_role.setdefault(column.role, []).append(column)
    texts = by_role.get("text", [])
    found: list[Sample] = []
    for row, cells in seen.first_rows:
        facts = tuple(
            f"{say(language, f'role.{role}')}{say(language, 'list.colon')}{value}"
            for role in ("score", "created_at", "customer_id", "customer_name", "touchpoint")
            for column in by_role.get(role, [])[:1]
            if (value := _cell(cells, column))
        )
        title = " ".join(_cell(cells, column) for column in by_role.get("title", [])[:1])
        for column in texts:
            text = _cell(cells, column)
            if text:
                head = f"{title}\n" if title and column is texts[0] else ""
                question = (column.question or column.name) if len(texts) > 1 else None
                found.append(Sample(row=row, text=head + text, question=question, facts=facts))
    return found


def _cell(cells: tuple[str, ...], column: Column) -> str:
    return cells[column.number].strip() if column.number < len(cells) else ""
