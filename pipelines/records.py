"""The records that travel between the stages: frozen, slotted, keyword-only, nothing but values.

Every stage is a function from these to these. A record has its id before it meets the database: ids are hashes of
what makes the thing itself (see `pipelines/identity.py`), so the same input always gives the same ids.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipelines.identity import identify

Language = Literal["zh", "en", "mixed", "other"]
Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")
ScaleName = Literal["nps", "csat", "ces", "stars"]

Matrix = NDArray[np.float32]

Report = Callable[[str, int, int], None]
"""The one progress interface: called with (stage, done, total)."""


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing: the Report for callers who do not watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where feedback came from: one file's layout, a webhook, the API."""

    id: str
    name: str
    kind: Literal["upload", "api", "webhook"] = "upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A closed answer with its scale; `low` and `high` are the ends of the scale as asked (0–10, 1–5, 10–50 …)."""

    value: float
    scale: ScaleName
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRef:
    """What a row says about who spoke, as found, before any link is made."""

    external_id: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One open answer of a response; `question` is None where the column is simply *the* text."""

    question: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResponse:
    """One row of feedback: its open answers, its scores and who gave them.

    `row` counts as a spreadsheet shows it (the header is row 1), or as a line number for line-based files.
    `created_at` is ISO 8601 or None.
    """

    row: int
    external_id: str | None = None
    answers: tuple[Answer, ...] = ()
    scores: tuple[Score, ...] = ()
    created_at: str | None = None
    customer: CustomerRef | None = None
    touchpoint: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One speaker's stretch in a conversation; `start` and `end` are seconds from the beginning, or None."""

    row: int
    text: str
    speaker: str | None = None
    role: Literal["interviewer", "respondent"] | None = None
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that could not be read; `reason` is a code of `REJECTION_REASONS`, `detail` the actual value at fault."""

    row: int
    reason: str
    detail: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An answer that says nothing (empty, 无, N/A, platform boilerplate): counted, never analysed."""

    row: int
    question: str | None
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """One piece of open text as someone said it, cleaned and with personal data masked.

    `text` is what people see and what every offset refers to; Traditional Chinese stays as written.
    """

    id: str
    source_id: str
    row: int
    text: str
    language: Language
    external_id: str | None = None
    question: str | None = None
    created_at: str | None = None
    score: Score | None = None
    customer: CustomerRef | None = None
    touchpoint: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    speaker: str | None = None
    role: Literal["interviewer", "respondent"] | None = None
    start: float | None = None
    end: float | None = None
    redactions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionUnit:
    """A span of a verbatim that says one thing: `verbatim.text[start:end] == text`, always.

    `shadow` is the same words as the models read them: Simplified Chinese, half width, masks taken out.
    """

    id: str
    verbatim_id: str
    start: int
    end: int
    text: str
    language: Language
    shadow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedUnits:
    """Opinion units with one float32 matrix of unit length: row i is unit i. Raises ValueError where they disagree."""

    units: tuple[OpinionUnit, ...]
    vectors: Matrix

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or self.vectors.shape[0] != len(self.units):
            raise ValueError(f"{len(self.units)} opinion units but a matrix of shape {self.vectors.shape}")
        if self.vectors.dtype != np.float32:
            raise ValueError(f"vectors are {self.vectors.dtype}, float32 is expected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """Which cluster each unit is in (row i is unit i): `labels[i]` is -1 for unthemed, `similarity[i]` in [-1, 1].

    `parents[c]` is the parent group of cluster c, or -1 where it stands alone; `core[i]` is True where the unit lies
    in the dense heart of its cluster.
    """

    labels: NDArray[np.int32]
    similarity: Matrix
    parents: NDArray[np.int32]
    core: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A group of opinion units that talk about the same thing, in either language.

    `keywords` are the words of its units, strongest first; `exemplars` are ids of units that show it; `centroid` is
    of unit length; `tentative` marks a theme with too few units to rest a decision on. `made` themes were made by a
    person (by splitting, or by moving units to a new theme); `kept` ones a person edited and no run finds any more.
    """

    id: str
    parent_id: str | None
    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    exemplars: tuple[str, ...]
    centroid: Matrix
    tentative: bool = False
    status: Literal["found", "defined", "emerging", "made", "kept"] = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookEntry:
    """One defined theme. At least one name is there; `parent` is the GUID of another entry.

    `codable` is False for a mere heading, which no opinion unit is placed in. `theme_id` is the id of the found theme
    the entry was adopted from: it keeps that id.
    """

    guid: str
    name_zh: str = ""
    name_en: str = ""
    description: str = ""
    parent: str | None = None
    examples: tuple[str, ...] = ()
    color: str | None = None
    codable: bool = True
    theme_id: str | None = None

    @property
    def theme(self) -> str:
        """The id of its theme, the same in every run."""
        return self.theme_id or identify("t", "codebook", self.guid)

    @property
    def name(self) -> str:
        """Its name for a list or a message: Chinese before English, where both are there both."""
        return " / ".join(part for part in (self.name_zh, self.name_en) if part)


Codebook = tuple[CodebookEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeAssignment:
    """Which theme a unit belongs to (None: unthemed) and how near it lies to it, as a cosine in [-1, 1]."""

    unit_id: str
    theme_id: str | None
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """The sentiment of a unit: label, its calibrated confidence, and the three probabilities it came from."""

    unit_id: str
    label: Label
    confidence: float
    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A record that feedback is linked to, with typed attributes (str, int, float, bool or None).

    `known_from` is "feedback" where no customers file has the customer, only what they said.
    """

    id: str
    external_id: str | None = None
    email_hash: str | None = None
    phone_hash: str | None = None
    name: str | None = None
    attributes: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    known_from: Literal["customers", "feedback"] = "customers"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLink:
    """A verbatim's customer and what the link was made on."""

    verbatim_id: str
    customer_id: str
    matched_on: Literal["external_id", "email", "phone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One analysis: what went in, which models, settings and seed, how long each stage took, and what came out."""

    counts: Mapping[str, Any]
    models: Mapping[str, str]
    settings: Mapping[str, Any]
    seed: int
    seconds: Mapping[str, float]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emerging:
    """A group of unthemed opinion units that may become a theme; `unit_ids` the nearest to their centre first.

    `fresh` of them came after the last full run; `cohesion` is their mean cosine to the centre.
    """

    id: str
    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    exemplars: tuple[str, ...]
    unit_ids: tuple[str, ...]
    fresh: int
    cohesion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an earlier run left behind: its themes, and which units they held. Empty for a first run.

    `reach` says from which similarity on a new unit belongs to a theme (`pipelines.assign.reaches`).
    """

    themes: tuple[Theme, ...] = ()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reach: Mapping[str, float] = field(default_factory=dict)


EditKind = Literal["rename", "parent", "pin", "hide", "lock", "merge", "split", "move", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemePart:
    """One part of a theme that a person split: `texts` are keys of the texts that belong to it.

    `chosen` marks a part whose units a person listed: they go there wherever a run finds them.
    """

    id: str
    name_zh: str
    name_en: str
    keywords: tuple[str, ...] = ()
    texts: frozenset[bytes] = frozenset()
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeEdit:
    """What a person changed, with who and when; it is replayed after every run and never deleted, only undone.

    `theme_ids` are the themes it is about: the one renamed, split, pinned …, those merged, those units were moved out
    of or rejected from. `into` is where things go: the theme that others are merged into, the parent, the theme units
    are moved to (None: unthemed, or top level). Where `into` is new, the names are its own. `texts` are keys of the
    texts moved, rejected, or held by a locked theme; `run` is the latest run at that time. `on` is False for taking a
    pin, a lock or hiding back.
    """

    id: int
    at: str
    who: str
    kind: EditKind
    theme_ids: tuple[str, ...] = ()
    into: str | None = None
    name_zh: str | None = None
    name_en: str | None = None
    on: bool = True
    texts: frozenset[bytes] = frozenset()
    run: int = 0
    parts: tuple[ThemePart, ...] = ()
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTheme:
    """A theme as the last run that found it left it: number `run`, the keys of its texts, whether it is a parent."""

    theme: Theme
    texts: frozenset[bytes]
    run: int
    is_parent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeMarks:
    """What people set on a theme, and the ids of the live edits that name it, in order."""

    pinned: bool = False
    hidden: bool = False
    locked: bool = False
    edits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that one run found. The tuples of units, assignments and sentiments are aligned: item i is unit i."""

    embedded: EmbeddedUnits
    themes: tuple[Theme, ...]
    assignments: tuple[ThemeAssignment, ...]
    sentiments: tuple[Sentiment, ...]
    seconds: Mapping[str, float]
