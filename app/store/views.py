"""What the store answers to pages and API: frozen views of stored rows, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """One page of a list: its items, how many there are in all, and where the next page begins (None at the end)."""

    items: tuple[Item, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentCounts:
    """How many opinion units are of each sentiment."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0

    @property
    def total(self) -> int:
        """All three together."""
        return self.negative + self.neutral + self.positive


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """A theme with its counts under the filters asked for.

    `share` is the part of all units under the same filters; `impact` and `trend` are those of the last run, over all.
    A parent theme counts the units of its children. `hidden` is True for the children of a hidden theme too; `edits`
    are the ids of the edits in force that name it.
    """

    id: str
    parent_id: str | None
    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    exemplars: tuple[str, ...]
    status: str
    tentative: bool
    is_parent: bool
    units: int
    verbatims: int
    customers: int
    share: float
    sentiment: SentimentCounts
    impact: Mapping[str, Any] | None
    trend: Mapping[str, Any] | None
    first_run: int
    last_run: int
    pinned: bool = False
    hidden: bool = False
    locked: bool = False
    edits: tuple[int, ...] = ()

    @property
    def edited(self) -> bool:
        """Whether a person changed anything about it."""
        return bool(self.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditView:
    """What a person changed about themes.

    `names` are the names of the themes it is about as they were then, `parts` those a theme was split into, `count` is
    how many units a person meant. `units` are where they are by this edit, `followers` came after one like them; `idle`
    where it has nothing to do at present.
    """

    id: int
    at: str
    who: str
    kind: str
    theme_ids: tuple[str, ...]
    into: str | None
    name: Mapping[str, str | None]
    on: bool
    count: int
    parts: tuple[Mapping[str, Any], ...]
    names: Mapping[str, Mapping[str, str]]
    undone_at: str | None
    undone_by: str | None
    idle: bool
    units: int
    followers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """An opinion unit with the name of its theme (None: unthemed).

    `decided` is "corrected" or "confirmed" where a person settled the sentiment, None where it is the model's.
    """

    id: str
    verbatim_id: str
    start: int
    end: int
    text: str
    language: str
    theme_id: str | None
    theme_zh: str | None
    theme_en: str | None
    similarity: float
    sentiment: str
    confidence: float
    decided: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbatimView:
    """A verbatim with all of its opinion units; `marked` are the ids of those the question was about."""

    id: str
    source_id: str
    source: str
    row: int
    external_id: str | None
    question: str | None
    language: str
    text: str
    created_at: str | None
    score: float | None
    scale: str | None
    score_low: float | None
    score_high: float | None
    customer_id: str | None
    customer: str | None
    customer_type: str | None
    matched_on: str | None
    touchpoint: str | None
    attributes: Mapping[str, str]
    speaker: str | None
    start_s: float | None
    sentiment: str | None
    redactions: Mapping[str, int]
    units: tuple[UnitView, ...]
    marked: frozenset[str] = frozenset()
    similarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A customer with counts of what they said."""

    id: str
    external_id: str | None
    name: str | None
    attributes: Mapping[str, Any]
    origin: str
    type: str | None
    type_rule: str | None
    matched_on: tuple[str, ...]
    verbatims: int
    units: int
    sentiment: SentimentCounts
    first_at: str | None
    last_at: str | None
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A source with what came of it: rows read = verbatims + rejected + set aside."""

    id: str
    name: str
    kind: str
    created_at: str
    verbatims: int
    rejected: int
    set_aside: int
    uploads: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job as people see it; `error` and `result` are small JSON objects."""

    id: int
    project: str
    kind: str
    state: str
    stage: str
    done: int
    total: int
    result: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    attempts: int
    created_at: str
    started_at: str | None
    finished_at: str | None
