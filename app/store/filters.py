"""The filters that mean the same thing on every list, chart, export and page."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.errors import BadRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which opinion units are asked for; None leaves a side open.

    `theme` is a theme id (a parent means its children) or "none" for unthemed; `since` and `until` are days
    (YYYY-MM-DD, both included); `segment` is "attribute:value" of the customer, or else of the verbatim itself.
    "none" as customer, customer type or touchpoint, and an empty value of a segment, ask for those that have none.
    `scale` keeps what came with a score on that scale, `score` (as text) what came with exactly that score.
    """

    theme: str | None = None
    sentiment: str | None = None
    language: str | None = None
    source: str | None = None
    customer: str | None = None
    customer_type: str | None = None
    segment: str | None = None
    touchpoint: str | None = None
    question: str | None = None
    scale: str | None = None
    score: str | None = None
    since: str | None = None
    until: str | None = None

    def as_query(self) -> dict[str, str]:
        """Return the filters that are set under the names they have in an address (`from`, `to`)."""
        names = {"since": "from", "until": "to"}
        return {names.get(key, key): value for key, value in asdict(self).items() if value is not None}


NO_FILTERS = Filters()

MOST_ROWS = 2**53
"""Beyond any table, and still a number that SQLite and JSON can hold."""

UNIT_FROM = """units u JOIN verbatims v ON v.id = u.verbatim_id LEFT JOIN customers c ON c.id = v.customer_id
    LEFT JOIN themes t ON t.id = u.theme_id"""
"""The join that `unit_where` speaks about."""


OF_THEME = "u.theme_id IN (SELECT id FROM themes WHERE id = :theme OR parent_id = :theme)"
"""A unit of a theme or of its children, so that the index on themes finds it; `t.parent_id` would walk all units."""
NONE = "none"


def unit_where(filters: Filters) -> tuple[str, dict[str, str]]:
    """Return the SQL condition over UNIT_FROM and its parameters; "1" where nothing is asked."""
    conditions, parameters = _verbatim_conditions(filters)
    if filters.theme == NONE:
        conditions.append("u.theme_id IS NULL")
    elif filters.theme is not None:
        conditions.append(OF_THEME)
        parameters["theme"] = filters.theme
    if filters.sentiment is not None:
        conditions.append("v.sentiment = 'mixed'" if filters.sentiment == "mixed" else "u.sentiment = :sentiment")
        parameters["sentiment"] = filters.sentiment
    return " AND ".join(conditions) or "1", parameters


def verbatim_where(filters: Filters) -> tuple[str, dict[str, str]]:
    """Return the condition over `verbatims v LEFT JOIN customers c`: verbatims that have such a unit.

    Without theme and sentiment, verbatims that no run has split yet count too.
    """
    conditions, parameters = _verbatim_conditions(filters)
    if filters.theme is not None or filters.sentiment is not None:
        inner, inner_parameters = unit_where(Filters(theme=filters.theme, sentiment=filters.sentiment))
        inner = inner.replace("v.sentiment", "vv.sentiment")
        conditions.append(
            f"""v.id IN (SELECT u.verbatim_id FROM units u JOIN verbatims vv ON vv.id = u.verbatim_id
                LEFT JOIN themes t ON t.id = u.theme_id WHERE {inner})"""
        )
        parameters |= inner_parameters
    return " AND ".join(conditions) or "1", parameters


def _verbatim_conditions(filters: Filters) -> tuple[list[str], dict[str, str]]:
    columns = {
        "language": "v.language",
        "source": "v.source_id",
        "customer": "v.customer_id",
        "customer_type": "c.type",
        "touchpoint": "v.touchpoint",
        "question": "v.question",
        "scale": "v.scale",
    }
    conditions: list[str] = []
    parameters: dict[str, str] = {}
    for name, column in columns.items():
        value = getattr(filters, name)
        if value == NONE and name in ("customer", "customer_type", "touchpoint"):
            conditions.append(f"{column} IS NULL")
        elif value is not None:
            conditions.append(f"{column} = :{name}")
            parameters[name] = value
    if filters.score is not None:
        conditions.append("v.score = CAST(:score AS REAL)")
        parameters["score"] = filters.score
    if filters.since is not None:
        conditions.append("v.day >= :since")
        parameters["since"] = filters.since
    if filters.until is not None:
        conditions.append("v.day <= :until")
        parameters["until"] = filters.until
    if filters.segment is not None:
        attribute, _, value = filters.segment.partition(":")
        held = attribute_of_speaker("segment_path")
        conditions.append(f"{held} = :segment_value" if value else f"{held} IS NULL")
        parameters |= {"segment_path": attribute_path(attribute)} | ({"segment_value": value} if value else {})
    return conditions, parameters


def attribute_path(attribute: str) -> str:
    """Return the JSON path of an attribute, whatever letters its name has."""
    return '$."' + attribute.replace('"', "") + '"'


def attribute_of_speaker(parameter: str) -> str:
    """Return the SQL for an attribute of the customer, or else of the verbatim; NULL where neither has it."""
    return f"nullif(coalesce({attribute_text('c', parameter)}, {attribute_text('v', parameter)}), '')"


def attribute_text(table: str, parameter: str) -> str:
    """Return the SQL for an attribute as text; true and false by name, which SQLite would give as 1 and 0."""
    column = f"{table}.attributes, :{parameter}"
    return f"""CASE json_type({column}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
        ELSE CAST(json_extract({column}) AS TEXT) END"""


def offset_of(after: str | None) -> int:
    """Return the position an opaque `after` stands for, 0 for None. Raises BadRequest where it is none of ours."""
    if not after:
        return 0
    try:
        offset = int(base64.urlsafe_b64decode(after.encode()).decode())
        if not 0 <= offset < MOST_ROWS:
            raise ValueError(f"{offset} is no position")
    except (ValueError, binascii.Error) as error:
        raise BadRequest(code="bad_after", values={"after": after[:80]}) from error
    return offset


def next_after(offset: int, limit: int, total: int) -> str | None:
    """Return the opaque `after` of the page that follows, or None at the end."""
    following = offset + limit
    return base64.urlsafe_b64encode(str(following).encode()).decode() if following < total else None


def with_limit(parameters: Mapping[str, str], *, limit: int, offset: int) -> dict[str, str | int]:
    """Return the parameters with `limit` and `offset` bound too."""
    return {**parameters, "limit": limit, "offset": offset}
