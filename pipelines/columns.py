"""The proposal: which column is what, from names and contents in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipelines.column_names import Role, is_question, named_role
from pipelines.mapping import ColumnMapping
from pipelines.profiles import Profile, profile
from pipelines.read import Table

ProposalKind = Literal["feedback", "customers", "transcript", "unusable"]

# Prose says something new in every cell; choices come from a short list.
VARIED = 0.3
# Free text that no name announces must look like it: at least this many words on average, or in the longest cells.
TEXT_WORDS = 4.0
LONG_WORDS = 12.0
# Up to this many different values in a column of this many cells are choices, not words of one's own.
CHOICES = 12
CHOICES_FROM = 30
# An answer of fewer cells than these says too little about its column.
FEW = 10
# A customer's id may repeat (one customer, many reviews), but not over nearly the whole file.
CUSTOMER_VARIETY = 0.02
NAME_VARIETY = 0.2
MOSTLY = 0.8
# Attributes: segments are few or short; long and all different is somebody's prose or an id.
ATTRIBUTE_WORDS = 8.0
ATTRIBUTE_VALUES = 60
ATTRIBUTE_VARIETY = 0.5


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


REASONS: Mapping[str, tuple[str, str]] = {
    "text_by_name": ("free text, as its name says", "名称和内容都是开放文本"),
    "open_question": ("answers in people's own words", "开放题，回答各不相同"),
    "text_by_content": ("reads like free text", "内容看起来是开放文本"),
    "title": ("headline, put in front of the text", "标题，放在正文之前"),
    "score": ("score", "评分"),
    "score_other": ("a further score, kept as an attribute", "另一个评分，作为属性保留"),
    "created_at": ("when it was said", "反馈时间"),
    "created_at_other": ("a further date", "其他时间"),
    "external_id": ("id of the row", "该行的编号"),
    "id_repeats": ("named like an id, but values repeat", "名称像编号，但有重复值"),
    "customer_id": ("id of the customer", "客户编号"),
    "ruined_by_spreadsheet": ("numbers cut short by a spreadsheet (1.00008E+11), no id any more", "数字被表格软件截断（如 1.00008E+11），已不能作为编号"),
    "email": ("e-mail address", "邮箱"),
    "phone": ("phone number", "电话"),
    "customer_name": ("name of the customer", "客户称呼"),
    "touchpoint": ("touchpoint", "触点"),
    "attribute": ("attribute to filter and compare by", "可用于筛选和对比的属性"),
    "reply_of_office": ("reply of the company, not the customer's voice", "商家或客服的回复，不是客户原声"),
    "choices": ("picked from a list", "选择题"),
    "numbers": ("numbers", "数字"),
    "links": ("links or files", "链接或文件"),
    "technical": ("technical data of the survey tool", "问卷工具的技术数据"),
    "too_varied": ("all different and no free text, so nothing to compare by", "取值各不相同，又不是开放文本，无法用于对比"),
    "empty": ("no value", "没有内容"),
    "row_index": ("counts the rows", "行号"),
}  # fmt: skip

# Rows looked at to know the columns; uniqueness of ids is checked on all of them.
ROWS_SEEN = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    name: str
    place: int
    role: Role | None
    asks: bool
    seen: Profile


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

    def take(column: _Column | None, reason: str) -> str | None:
        if column is None:
            return None
        taken.add(column.name)
        reasons[column.name] = reason
        return column.name

    texts = _text_columns(columns)
    for column, reason in texts:
        take(column, reason)
    title = None
    if texts:
        title = take(
            next(
                (column for column in _free(columns, taken) if column.role == "title" and _varied_words(column)), None
            ),
            "title",
        )
    email = take(_contact(_free(columns, taken), "email"), "email")
    phone = take(_contact(_free(columns, taken), "phone"), "phone")
    created_at = take(_dates(_free(columns, taken)), "created_at")
    external_id = take(_row_id(_free(columns, taken), table, reasons), "external_id")
    customer_id = take(_customer(_free(columns, taken), reasons), "customer_id")
    score_column = _score(_free(columns, taken))
    score = take(score_column, "score")
    customer_name = take(_person(_free(columns, taken)), "customer_name")
    touchpoint = take(_touchpoint(_free(columns, taken)), "touchpoint")
    reading = score_column.seen.reading if score_column is not None else None
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
    named = any(reason == "text_by_name" for _, reason in texts)
    return Proposal(
        mapping=_with_attributes(mapping, attributes),
        kind="feedback",
        reasons=reasons,
        confidence=0.9 if named else 0.7 if any(reason == "open_question" for _, reason in texts) else 0.5,
        message_en=_ambiguity(columns, created_at)[0],
        message_zh=_ambiguity(columns, created_at)[1],
    )


def _profiled(table: Table) -> list[_Column]:
    rows = table.rows[:: max(1, len(table.rows) // ROWS_SEEN)]
    found = []
    for place, name in enumerate(table.columns):
        question = table.questions.get(name, "")
        role = named_role(name) or (named_role(question) if question else None)
        seen = profile([cells[place] for _, cells in rows], name=f"{name} {question}")
        found.append(_Column(name=name, place=place, role=role, asks=is_question(question or name), seen=seen))
    return found


def _free(columns: Sequence[_Column], taken: set[str]) -> list[_Column]:
    return [column for column in columns if column.name not in taken]


def _text_columns(columns: Sequence[_Column]) -> list[tuple[_Column, str]]:
    found = [(column, reason) for column in columns if (reason := _text_reason(column)) is not None]
    if any(reason == "text_by_name" and not column.asks for column, reason in found):
        # Beside a column that *is* the text, others count only where they are prose beyond doubt.
        found = [
            (column, reason)
            for column, reason in found
            if reason != "text_by_content" or column.seen.words >= 2 * TEXT_WORDS
        ]
    if not found:
        found = [
            (column, "text_by_content")
            for column in columns
            if column.role in ("title", "reply") and _varied_words(column)
        ][:1]
    return sorted(found, key=lambda pair: (pair[1] == "text_by_content", pair[0].place))


def _text_reason(column: _Column) -> str | None:
    seen = column.seen
    if (
        column.role not in (None, "text", "score", "coded", "touchpoint", "thing", "customer_id", "created_at")
        or not seen.speaking
    ):
        return None
    if _is_data(seen) or _is_choice(seen):
        return None
    if column.role == "text":
        return "text_by_name" if seen.words >= 1 and (seen.variety >= CUSTOMER_VARIETY or seen.distinct >= 20) else None
    if column.asks and seen.speaking >= 3:
        if (seen.variety >= 0.5 and seen.words >= 2) or (seen.variety >= VARIED and seen.words >= TEXT_WORDS):
            return "open_question"
        return None
    if column.role is None and seen.variety >= VARIED and seen.words >= TEXT_WORDS:
        return "text_by_content" if seen.prose >= 0.3 or seen.longest >= LONG_WORDS else None
    return None


def _is_data(seen: Profile) -> bool:
    kinds = (seen.numbers, seen.dates, seen.emails, seen.phones, seen.links, seen.addresses)
    return max(kinds) >= 0.5 or sum(kinds) >= 0.7 or seen.tokens >= 0.7


def _is_choice(seen: Profile) -> bool:
    if seen.joined >= 0.2 or seen.choice_words >= 0.5:
        return True
    if seen.speaking >= CHOICES_FROM:
        return seen.distinct <= CHOICES or (seen.variety < 0.1 and seen.words < TEXT_WORDS)
    return seen.speaking >= FEW and seen.variety < 0.5 and seen.words < TEXT_WORDS


def _varied_words(column: _Column) -> bool:
    return (
        column.seen.words >= 1.5
        and column.seen.variety >= VARIED
        and not _is_data(column.seen)
        and not _is_choice(column.seen)
    )


def _contact(columns: Sequence[_Column], role: Literal["email", "phone"]) -> _Column | None:
    def share(column: _Column) -> float:
        return column.seen.emails if role == "email" else column.seen.phones

    named = [
        column
        for column in columns
        if column.role == role
        and column.seen.filled
        and (share(column) >= 0.3 or role == "phone" and column.seen.numbers >= 0.5)
    ]
    by_content = [
        column
        for column in columns
        if share(column) >= MOSTLY and column.role in (None, "customer_id", "customer_name")
    ]
    return max(
        [*named, *by_content], key=lambda column: (column.role == role, column.seen.filled, -column.place), default=None
    )


# Words in a date column's name, best first: when it was sent tells when it was said.
_DATE_ORDER = (
    "submit",
    "提交",
    "recorded",
    "评论",
    "评价",
    "review",
    "留言",
    "反馈",
    "created",
    "creat",
    "创建",
    "发布",
    "end",
    "结束",
)


def _dates(columns: Sequence[_Column]) -> _Column | None:
    named = [column for column in columns if column.role == "created_at" and _holds_dates(column.seen)]
    other = [column for column in columns if column.role in (None, "technical") and column.seen.dates >= MOSTLY]
    if named:
        return min(named, key=lambda column: (_rank(column.name, _DATE_ORDER), -column.seen.filled, column.place))
    return min(other, key=lambda column: (column.role is not None, column.place), default=None)


def _holds_dates(seen: Profile) -> bool:
    # Bare numbers in a column of that name are seconds since 1970, 20260301, or a spreadsheet's day numbers.
    return seen.dates >= 0.6 or (seen.numbers >= MOSTLY and seen.long_numbers >= MOSTLY)


def _rank(name: str, words: Sequence[str]) -> int:
    lowered = name.lower()
    return next((place for place, word in enumerate(words) if word in lowered), len(words))


_ID_ORDER = (
    "review",
    "评论",
    "评价",
    "comment",
    "response",
    "respondent",
    "答卷",
    "feedback",
    "留言",
    "反馈",
    "ticket",
    "工单",
    "id",
    "编号",
    "序号",
    "order",
    "订单",
)


def _row_id(columns: Sequence[_Column], table: Table, reasons: dict[str, str]) -> _Column | None:
    named = [
        column
        for column in columns
        if column.role == "external_id" and column.seen.filled >= 0.5 * column.seen.rows and column.seen.words <= 6
    ]
    for column in sorted(named, key=lambda column: (_rank(column.name, _ID_ORDER), column.place)):
        if column.seen.ruined >= 0.3:
            reasons[column.name] = "ruined_by_spreadsheet"
            continue
        cells = [cell for _, row in table.rows if (cell := row[column.place].strip())]
        if len(set(cells)) == len(cells):
            return column
        reasons[column.name] = "id_repeats"
    return None


def _customer(columns: Sequence[_Column], reasons: dict[str, str]) -> _Column | None:
    found = []
    for column in columns:
        seen = column.seen
        if column.role != "customer_id" or not seen.filled:
            continue
        if seen.ruined >= 0.3:
            reasons[column.name] = "ruined_by_spreadsheet"
        elif (
            seen.words <= 6
            and seen.prose < 0.5
            and not seen.dates >= 0.5
            and (seen.unique > 1 or seen.filled < FEW)
            and seen.unique >= CUSTOMER_VARIETY * seen.filled
        ):
            found.append(column)
    # An id says more than a name in a column called customer or account.
    ids = ("id", "编号", "号", "reference", "no", "number", "code", "标识")
    return min(
        found, key=lambda column: (not any(word in column.name.lower() for word in ids), column.place), default=None
    )


# A score over everything comes before a score of one part.
_OVERALL = ("nps", "推荐", "recommend", "overall", "总体", "整体", "综合", "总评")


def _score(columns: Sequence[_Column]) -> _Column | None:
    found = [column for column in columns if column.seen.reading is not None and column.seen.filled]
    named = [column for column in found if column.role == "score"]
    worded = [
        column for column in found
        if column.role in (None, "text", "coded") and column.seen.reading is not None and column.seen.reading.ladder is not None
    ]  # fmt: skip
    if named:
        return min(named, key=lambda column: (_rank(column.name, _OVERALL) == len(_OVERALL), column.place))
    overall = [column for column in worded if _rank(column.name, _OVERALL) < len(_OVERALL)]
    # One ladder of satisfaction is the score; many are a battery of questions, of which none stands for the whole.
    return overall[0] if overall else worded[0] if len(worded) == 1 else None


def _person(columns: Sequence[_Column]) -> _Column | None:
    found = [
        column for column in columns
        if column.role == "customer_name" and column.seen.speaking and column.seen.words <= 5
        and column.seen.variety >= NAME_VARIETY and column.seen.numbers < 0.5
    ]  # fmt: skip
    return found[0] if found else None


def _touchpoint(columns: Sequence[_Column]) -> _Column | None:
    found = [
        column for column in columns if column.role == "touchpoint" and 0 < column.seen.distinct <= ATTRIBUTE_VALUES
    ]
    return found[0] if found else None


def _attribute_reason(column: _Column) -> str:
    seen = column.seen
    if not seen.filled:
        return "empty"
    if column.role == "reply":
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
    return "attribute" if few and seen.words <= 2 * ATTRIBUTE_WORDS or small else "too_varied"


def _with_attributes(mapping: ColumnMapping, attributes: Sequence[str]) -> ColumnMapping:
    return replace(mapping, attributes=tuple(attributes))


def _without_text(
    table: Table, columns: Sequence[_Column], mapping: ColumnMapping, reasons: dict[str, str]
) -> Proposal:
    """Return the proposal for a table without free text: customer records where rows name customers, else no use."""
    key = mapping.customer_id
    if key is None and mapping.external_id is not None and (mapping.email or mapping.phone or mapping.customer_name):
        key = mapping.external_id
    if key is None and not mapping.email and not mapping.phone:
        return Proposal(
            mapping=mapping,
            kind="unusable",
            reasons={column.name: reasons.get(column.name, _attribute_reason(column)) for column in columns},
            confidence=0.8,
            message_en=f"No column holds free text: all {len(table.columns)} columns are choices, numbers, dates or codes. "
            "If one does, name it in the mapping.",
            message_zh=f"没有找到开放文本：{len(table.columns)} 列都是选择题、数字、日期或编码。如果其中有文本列，请在映射中指定。",
        )
    held = {key, mapping.email, mapping.phone, mapping.customer_name}
    rest = [column.name for column in columns if column.name not in held and column.seen.filled]
    if key is not None:
        reasons[key] = "customer_id"
    reasons |= {name: "attribute" for name in rest}
    kept = ColumnMapping(
        customer_id=key,
        email=mapping.email,
        phone=mapping.phone,
        customer_name=mapping.customer_name,
        attributes=tuple(rest),
    )
    return Proposal(
        mapping=kept,
        kind="customers",
        reasons=reasons,
        confidence=0.8,
        message_en="No free text, but rows name customers: this is read as customer records.",
        message_zh="没有开放文本，但每行对应客户：将作为客户资料读取。",
    )


def _ambiguity(columns: Sequence[_Column], created_at: str | None) -> tuple[str, str]:
    dates = next((column for column in columns if column.name == created_at), None)
    if dates is None or not dates.seen.ambiguous_dates:
        return "", ""
    return (
        f"Dates in “{dates.name}” could be day first or month first; they are read month first (unless written with full stops).",
        f"“{dates.name}”列的日期无法判断日、月先后，按月在前读取（用句点分隔时按日在前）。",
    )
