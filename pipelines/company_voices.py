"""Tables of support conversations: which rows are the company's own words, by the column that says who speaks."""

from collections.abc import Sequence

from pipelines.formats import Row
from pipelines.shadow import simplify

# Only words that no respondent uses of themselves: 商家 or "staff" may well be somebody who is asked for an opinion.
_COMPANY = frozenset(
    {"客服", "人工客服", "在线客服", "智能客服", "客服人员", "机器人", "智能机器人", "坐席", "座席", "系统", "系统消息"}
    | {"agent", "bot", "chatbot", "robot", "support", "support agent", "operator", "assistant", "admin", "system"}
    | {"helpdesk", "representative", "csr", "outbound"}
)
_CUSTOMER = frozenset(
    {"客户", "用户", "顾客", "买家", "访客", "会员", "消费者", "咨询者"}
    | {"customer", "user", "client", "visitor", "buyer", "guest", "end-user", "end user", "end_user", "contact", "lead"}
    | {"consumer", "requester", "inbound"}
)
# A cell in a hundred may be empty or say something else.
NEARLY_ALL = 0.99


def company_rows(rows: Sequence[Row]) -> frozenset[int]:
    """Return the numbers of the rows that the company speaks in; empty where no column tells the two sides apart.

    Such a column holds a handful of words, some of which name the company's side, the others the customer's.
    """
    width = len(rows[0][1]) if rows else 0
    for place in range(width):
        found = {cells[place] for _, cells in rows[:200]}
        if not {_plain(cell) for cell in found} & _COMPANY:
            continue
        sides = [_plain(cells[place]) for _, cells in rows]
        known = sum(side in _COMPANY or side in _CUSTOMER for side in sides)
        if known >= NEARLY_ALL * len(sides) and any(side in _CUSTOMER for side in sides):
            return frozenset(number for (number, _), side in zip(rows, sides, strict=True) if side in _COMPANY)
    return frozenset()


def _plain(cell: str) -> str:
    return simplify(cell.strip().lower()) if len(cell) <= LONGEST else ""


LONGEST = 20
