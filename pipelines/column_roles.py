"""Which column is the date, the id, the customer, the score: one function per part, from names and contents."""

from collections.abc import Sequence
from typing import Literal

from pipelines.profiles import Profile
from pipelines.read import Table
from pipelines.shadow import simplify
from pipelines.text_columns import ProfiledColumn

# Shares of filled cells: nearly all, and enough where the name says the same.
MOSTLY = 0.8
ENOUGH = 0.6
SOME = 0.3
# A customer comes again (one customer, many reviews), but a column with a handful of values names no customers.
CUSTOMER_VARIETY = 0.02
LEAST_CUSTOMERS = 20
# A company may be the customer, or the one complained about: then it comes again and again.
COMPANY_VARIETY = 0.5
NAME_VARIETY = 0.2
# Ids and names are short (words).
LONGEST_ID = 6.0
FEW = 10
MOST_TOUCHPOINTS = 60

# Words in a name, best first: when it was sent tells when it was said.
_DATE_ORDER = [
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
]
_ID_ORDER = [
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
]
# An id says more than a name in a column called customer or account.
_ID_WORDS = ["id", "编号", "号", "reference", "no", "number", "code", "标识"]
# The average of a hotel or a product is no answer of the person in this row.
_AVERAGES = ("average", "avg", "mean", "平均")
_COMPANY_WORDS = ("company", "公司", "企业")
# A score over everything comes before a score of one part.
_OVERALL = ["nps", "推荐", "recommend", "overall", "总体", "整体", "综合", "总评"]


def contact_column(columns: Sequence[ProfiledColumn], role: Literal["email", "phone"]) -> ProfiledColumn | None:
    """Return the column of e-mail addresses or phone numbers, by name and contents or by contents alone."""

    def share(column: ProfiledColumn) -> float:
        return column.seen.emails if role == "email" else column.seen.phones

    named = [
        column
        for column in columns
        if column.role == role
        and column.seen.filled
        and (share(column) >= SOME or (role == "phone" and column.seen.numbers >= SOME))
    ]
    by_content = [
        column
        for column in columns
        if share(column) >= MOSTLY and column.role in (None, "customer_id", "customer_name")
    ]
    return max(
        [*named, *by_content], key=lambda column: (column.role == role, column.seen.filled, -column.place), default=None
    )


def date_column(columns: Sequence[ProfiledColumn]) -> ProfiledColumn | None:
    """Return when it was said: a named date column, the time of sending first, else any column of dates."""
    named = [column for column in columns if column.role == "created_at" and _holds_dates(column.seen)]
    other = [column for column in columns if column.role in (None, "technical") and column.seen.dates >= MOSTLY]
    if named:
        return min(named, key=lambda column: (_rank(column.name, _DATE_ORDER), -column.seen.filled, column.place))
    return min(other, key=lambda column: (column.role is not None, column.place), default=None)


def _holds_dates(seen: Profile) -> bool:
    # Bare numbers in a column of that name are seconds since 1970, 20260301, or a spreadsheet's day numbers; a column
    # that was typed and pasted together holds both.
    return seen.dates >= ENOUGH or seen.dates + seen.long_numbers >= MOSTLY


def _rank(name: str, words: Sequence[str]) -> int:
    lowered = simplify(name.lower())
    return next((place for place, word in enumerate(words) if word in lowered), len(words))


def row_id_column(columns: Sequence[ProfiledColumn], table: Table, reasons: dict[str, str]) -> ProfiledColumn | None:
    """Return the id of the rows: named so, filled and without a repeat; `reasons` gets why a named one is none."""
    named = [
        column
        for column in columns
        if column.role == "external_id"
        and column.seen.filled >= 0.5 * column.seen.rows
        and column.seen.words <= LONGEST_ID
    ]
    for column in sorted(named, key=lambda column: (_rank(column.name, _ID_ORDER), column.place)):
        if column.seen.ruined >= SOME:
            reasons[column.name] = "ruined_by_spreadsheet"
            continue
        cells = [cell for _, row in table.rows if (cell := row[column.place].strip())]
        if len(set(cells)) == len(cells):
            return column
        reasons[column.name] = "id_repeats"
    return None


def customer_column(columns: Sequence[ProfiledColumn], reasons: dict[str, str]) -> ProfiledColumn | None:
    """Return who spoke, as an id or an account name; `reasons` gets why a named one is none."""
    found = []
    for column in columns:
        seen = column.seen
        if column.role != "customer_id" or not seen.filled:
            continue
        if seen.ruined >= SOME:
            reasons[column.name] = "ruined_by_spreadsheet"
        elif (
            seen.words <= LONGEST_ID
            and seen.prose < 0.5
            and seen.dates < 0.5
            and (seen.unique > 1 or seen.filled < FEW)
            and (seen.unique >= CUSTOMER_VARIETY * seen.filled or seen.unique >= LEAST_CUSTOMERS)
            and (
                seen.variety >= COMPANY_VARIETY
                or not any(word in simplify(column.name.lower()) for word in _COMPANY_WORDS)
            )
        ):
            found.append(column)
    return min(
        found,
        key=lambda column: (_rank(column.name, _ID_WORDS) == len(_ID_WORDS), column.place),
        default=None,
    )


def score_column(columns: Sequence[ProfiledColumn]) -> ProfiledColumn | None:
    """Return the score: named so and on a scale, an overall one first; else the only ladder of satisfaction."""
    found = [column for column in columns if column.seen.reading is not None and column.seen.filled]
    named = [column for column in found if column.role == "score"]
    ladders = [column for column in found if column.seen.reading is not None and column.seen.reading.ladder is not None]
    worded = [column for column in ladders if column.role in (None, "text", "coded")]
    if named:
        return min(
            named,
            key=lambda column: (
                any(word in simplify(column.name.lower()) for word in _AVERAGES),
                _rank(column.name, _OVERALL) == len(_OVERALL),
                column.place,
            ),
        )
    overall = [column for column in worded if _rank(column.name, _OVERALL) < len(_OVERALL)]
    # One ladder of satisfaction is the score; many are a battery of questions, of which none stands for the whole.
    return overall[0] if overall else worded[0] if len(worded) == 1 else None


def person_column(columns: Sequence[ProfiledColumn]) -> ProfiledColumn | None:
    """Return the column of people's names."""
    found = [
        column for column in columns
        if column.role == "customer_name" and column.seen.speaking and column.seen.words <= 5
        and column.seen.variety >= NAME_VARIETY and column.seen.numbers < 0.5
    ]  # fmt: skip
    # A name says more than what somebody calls themselves in an app.
    return min(found, key=lambda column: ("昵称" in simplify(column.name), column.place), default=None)


def touchpoint_column(columns: Sequence[ProfiledColumn]) -> ProfiledColumn | None:
    """Return the column of touchpoints."""
    found = [
        column for column in columns if column.role == "touchpoint" and 0 < column.seen.distinct <= MOST_TOUCHPOINTS
    ]
    return found[0] if found else None
