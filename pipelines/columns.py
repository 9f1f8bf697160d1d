"""The proposal: which column is what, from names and contents in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipelines.column_names import is_question, named_role
from pipelines.column_reasons import REASONS
from pipelines.column_roles import (
    contact_column,
    customer_column,
    date_column,
    person_column,
    row_id_column,
    score_column,
    touchpoint_column,
)
from pipelines.mapping import ColumnMapping
from pipelines.profiles import profile
from pipelines.read import Table
from pipelines.text_columns import CHOICES_FROM, FEW, ProfiledColumn, named_texts, text_columns, title_column

__all__ = ["REASONS", "Proposal", "propose_mapping"]

ProposalKind = Literal["feedback", "customers", "transcript", "unusable"]

# Attributes: segments are few or short; long and all different is somebody's prose or an id.
ATTRIBUTE_WORDS = 8.0
MOST_ATTRIBUTE_WORDS = 60.0  # names of products in shops are that long
ATTRIBUTE_VALUES = 60
ATTRIBUTE_VARIETY = 0.5
MOSTLY = 0.8
# In a file of customers each comes once or a few times; many rows per customer are orders, deals or visits.
CUSTOMERS_VARIETY = 0.5
# Rows looked at to know the columns; uniqueness of ids is checked on all of them.
ROWS_SEEN = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed mapping, with the reason for each column as a code (`REASONS` has the words).

    `confidence` is in [0, 1]: 0.9 where name and contents agree, less where only one speaks.
    `message_en` and `message_zh` are one sentence where the file is of no use, or where something should be checked.
    """

    mapping: ColumnMapping
    kind: ProposalKind
    reasons: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.0
    message_en: str = ""
    message_zh: str = ""


def propose_mapping(table: Table) -> Proposal:
    """Return which column is what, why, and what kind of file this is.

    A name alone never decides: the contents must agree. Replies of the company are no customer's voice and are left
    out of the text; a headline is joined to the text it heads.
    """
    if table.kind != "table":
        kind: ProposalKind = "transcript" if table.kind == "transcript" else "feedback"
        return Proposal(
            mapping=ColumnMapping(text=("text",)), kind=kind, reasons={"text": "text_by_content"}, confidence=0.9
        )
    columns = _profiled(table)
    reasons: dict[str, str] = {}
    taken: set[str] = set()

    def take(column: ProfiledColumn | None, reason: str) -> str | None:
        if column is None:
            return None
        taken.add(column.name)
        reasons[column.name] = reason
        return column.name

    texts = text_columns(columns) or _named_texts(columns)
    for column, reason in texts:
        take(column, reason)
    title = None
    if texts and not texts[0][0].asks:
        title = take(title_column(_free(columns, taken)), "title")
    email = take(contact_column(_free(columns, taken), "email"), "email")
    phone = take(contact_column(_free(columns, taken), "phone"), "phone")
    created_at = take(date_column(_free(columns, taken)), "created_at")
    external_id = take(row_id_column(_free(columns, taken), table, reasons), "external_id")
    customer_id = take(customer_column(_free(columns, taken), reasons), "customer_id")
    scored = score_column(_free(columns, taken))
    score = take(scored, "score")
    customer_name = take(person_column(_free(columns, taken)), "customer_name")
    touchpoint = take(touchpoint_column(_free(columns, taken)), "touchpoint")
    reading = scored.seen.reading if scored is not None else None
    mapping = ColumnMapping(
        text=tuple(column.name for column, _ in texts),
        title=title,
        score=score,
        scale=reading.scale if reading is not None else None,
        scale_low=reading.low if reading is not None else None,
        scale_high=reading.high if reading is not None else None,
        created_at=created_at,
        external_id=external_id,
        customer_id=customer_id,
        email=email,
        phone=phone,
        customer_name=customer_name,
        touchpoint=touchpoint,
    )
    if not texts:
        return _without_text(table, columns, mapping, reasons)
    attributes = []
    for column in _free(columns, taken):
        reason = _attribute_reason(column)
        reasons.setdefault(column.name, reason)
        if reason in ("attribute", "score_other", "created_at_other", "choices"):
            attributes.append(column.name)
    why = {reason for _, reason in texts}
    warning_en, warning_zh = _ambiguity(columns, created_at)
    return Proposal(
        mapping=replace(mapping, attributes=tuple(attributes)),
        kind="feedback",
        reasons=reasons,
        confidence=0.9 if "text_by_name" in why else 0.7 if "open_question" in why else 0.5,
        message_en=warning_en,
        message_zh=warning_zh,
    )


def _named_texts(columns: Sequence[ProfiledColumn]) -> list[tuple[ProfiledColumn, str]]:
    """Return the columns called text that do not look it, as where all say 很好 or nobody says anything.

    Only in a table that names no customers: in a list of customers such a column is an empty one for remarks.
    """
    named = named_texts(columns)
    others = [column for column in columns if column not in named]
    keyed = contact_column(others, "email") or contact_column(others, "phone") or customer_column(others, {})
    return [] if keyed is not None else [(column, "text_by_name") for column in named]


def _profiled(table: Table) -> list[ProfiledColumn]:
    rows = table.rows[:: max(1, len(table.rows) // ROWS_SEEN)]
    found = []
    for place, name in enumerate(table.columns):
        question = table.questions.get(name, "")
        role = named_role(name) or (named_role(question) if question else None)
        seen = profile([cells[place] for _, cells in rows], name=f"{name} {question}")
        found.append(ProfiledColumn(name=name, place=place, role=role, asks=is_question(question or name), seen=seen))
    return found


def _free(columns: Sequence[ProfiledColumn], taken: set[str]) -> list[ProfiledColumn]:
    return [column for column in columns if column.name not in taken]


def _attribute_reason(column: ProfiledColumn) -> str:
    seen = column.seen
    if not seen.filled:
        return "empty"
    if column.role == "reply" and seen.choice_words < 0.5:
        return "reply_of_office"
    if column.role == "technical":
        return "technical"
    if seen.links >= 0.5 or seen.addresses >= 0.5:
        return "links"
    if column.role == "score" and seen.reading is not None:
        return "score_other"
    if seen.dates >= MOSTLY:
        return "created_at_other"
    if seen.joined >= 0.2:
        return "choices"
    if seen.ruined >= 0.3:
        return "ruined_by_spreadsheet"
    few = seen.distinct <= ATTRIBUTE_VALUES or seen.variety <= ATTRIBUTE_VARIETY
    if seen.words > ATTRIBUTE_WORDS and not few:
        return "too_varied"
    if seen.numbers >= MOSTLY:
        counts_rows = column.place == 0 and seen.unique == seen.filled and seen.filled > FEW
        return "row_index" if counts_rows and column.role in (None, "external_id") else "attribute"
    small = seen.speaking < CHOICES_FROM and seen.words <= ATTRIBUTE_WORDS
    short = seen.words <= (MOST_ATTRIBUTE_WORDS if seen.distinct <= ATTRIBUTE_VALUES else 2 * ATTRIBUTE_WORDS)
    return "attribute" if small or (few and short) else "too_varied"


def _without_text(
    table: Table, columns: Sequence[ProfiledColumn], mapping: ColumnMapping, reasons: dict[str, str]
) -> Proposal:
    """Return the proposal for a table without free text: customer records where rows name customers, else no use."""
    key = mapping.customer_id
    if key is None and mapping.external_id is not None and (mapping.email or mapping.phone or mapping.customer_name):
        key = mapping.external_id
    if key is None and not mapping.email and not mapping.phone:
        return _unusable(
            mapping,
            columns,
            reasons,
            message_en=f"No column holds free text: all {len(table.columns)} are choices, numbers, dates or codes.",
            message_zh=f"没有找到开放文本：{len(table.columns)} 列都是选择题、数字、日期或编码。",
        )
    found = next((column for column in columns if column.name == (key or mapping.email or mapping.phone)), columns[0])
    if found.seen.unique < CUSTOMERS_VARIETY * found.seen.filled:
        return _unusable(
            mapping,
            columns,
            reasons,
            message_en=f"No column holds free text, and “{found.name}” names only {found.seen.unique:,} customers in "
            f"{found.seen.filled:,} rows: these look like orders or deals, not feedback and not customer records.",
            message_zh=f"没有找到开放文本，且“{found.name}”列在 {found.seen.filled:,} 行中只有 "
            f"{found.seen.unique:,} 个客户：看起来是订单或商机，不是反馈，也不是客户资料。",
        )
    held = {key, mapping.email, mapping.phone, mapping.customer_name}
    rest = [column.name for column in columns if column.name not in held and column.seen.filled]
    kept = ColumnMapping(
        customer_id=key,
        email=mapping.email,
        phone=mapping.phone,
        customer_name=mapping.customer_name,
        attributes=tuple(rest),
    )
    parts = {getattr(kept, part): part for part in ("email", "phone", "customer_name", "customer_id")}
    return Proposal(
        mapping=kept,
        kind="customers",
        reasons={column.name: parts.get(column.name, _kept_reason(column)) for column in columns},
        confidence=0.8,
        message_en="No free text, but rows name customers: this is read as customer records.",
        message_zh="没有开放文本，但每行对应客户：将作为客户资料读取。",
    )


def _kept_reason(column: ProfiledColumn) -> str:
    return "attribute" if column.seen.filled else "empty"


def _unusable(
    mapping: ColumnMapping,
    columns: Sequence[ProfiledColumn],
    reasons: Mapping[str, str],
    *,
    message_en: str,
    message_zh: str,
) -> Proposal:
    return Proposal(
        mapping=mapping,
        kind="unusable",
        reasons={column.name: reasons.get(column.name, _attribute_reason(column)) for column in columns},
        confidence=0.8,
        message_en=message_en,
        message_zh=message_zh,
    )


def _ambiguity(columns: Sequence[ProfiledColumn], created_at: str | None) -> tuple[str, str]:
    dates = next((column for column in columns if column.name == created_at), None)
    if dates is None or not dates.seen.ambiguous_dates:
        return "", ""
    return (
        f"Dates in “{dates.name}” could have the day or the month first; they are read month first, "
        "or day first where written with full stops.",
        f"“{dates.name}”列的日期无法判断日、月先后，按月在前读取（用句点分隔时按日在前）。",
    )
