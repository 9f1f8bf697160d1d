"""Names that a language model proposes: asked where an endpoint is set, checked, kept, and never needed.

A theme that has a proposed name keeps it as long as its units bear it out: themes hold still, and a re-run asks for
none of them. Asked is for themes that have none: new ones, and those whose name no longer holds.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from app.database import write
from app.llm import Endpoint, LlmFailure, Question, ask_all, endpoint_of
from app.settings import Settings
from app.store import edits, projects, proposed_names
from app.store.proposed_names import NameInUse
from models.embedding import Encoder
from pipelines.centres import normalised
from pipelines.name import MOOD_NAMES
from pipelines.naming_prompt import NameRequest, name_request, prompt_version
from pipelines.proposed_names import Backing, ProposedNames, Refusal, name_key, read_answer, refusal, words_said
from pipelines.records import Analysis, OpinionUnit, Report, Theme, silent
from pipelines.wording import word_part, word_vectors

MOST_ASKED = 200
"""Requests in one run, the largest themes first: twice what a project of any size has, and a bound to what a run costs.
Themes beyond it wait for the next run."""
READ = 300
"""Units of a theme that are read to check a name, nearest its centre first: more change no answer."""
LAST_NAMING = "naming"
"""The project setting that holds the counts of the last full run."""
BARE = frozenset(zh for zh, _ in MOOD_NAMES.values())
"""Themes of bare praise or blame are about nothing: there is nothing to ask."""


@dataclass(slots=True, kw_only=True)
class _Naming:
    """Names on their way: those taken, those that others must differ from, and what became of the rest."""

    analysis: Analysis
    encoder: Encoder
    parents: frozenset[str]
    renamed: frozenset[str]
    forbidden: frozenset[str]
    shadows: Mapping[str, Sequence[str]]
    exemplars: Mapping[str, OpinionUnit]
    used: dict[str, NameInUse] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def check(self, theme: Theme, name: NameInUse) -> Refusal | None:
        """Take a name, or return why not."""
        taken = set(self.forbidden)
        for other in self.analysis.themes:
            if other.id != theme.id and (other.id in self.parents) is (theme.id in self.parents):
                taken |= {name_key(other.name_zh), name_key(other.name_en)}
                if other.id in self.used:
                    taken |= {name_key(self.used[other.id].zh), name_key(self.used[other.id].en)}
        why = refusal(ProposedNames(zh=name.zh, en=name.en), self.backing(theme), taken=taken)
        if why is None:
            self.used[theme.id] = name
        return why

    def backing(self, theme: Theme) -> Backing:
        """Return what the units of a theme bear out; a parent's are those of each of its children."""
        below = [one.id for one in self.analysis.themes if one.parent_id == theme.id] or [theme.id]
        words = frozenset().union(*(words_said(self.shadows.get(one, ())) for one in below))
        return Backing(words=words, near=_nearness(self.encoder, theme))


def propose_names(
    db: Database, analysis: Analysis, *, encoder: Encoder, settings: Settings, report: Report = silent
) -> dict[str, NameInUse]:
    """Return the proposed names to use, by theme id, and note what became of the rest for `naming_counts`.

    Where no endpoint is set nothing is sent anywhere, and names proposed earlier stay where they still hold. Writes
    answers as they come, so that a run that is killed asks for none of them again.
    """
    endpoint, before = endpoint_of(settings), proposed_names.in_use(db)
    if endpoint is None and not before:
        _note(db, {})
        return {}
    began = time.perf_counter()
    naming = _begin(db, analysis, encoder=encoder)
    asking: list[Theme] = []
    # What lies under a person's name stays as well: it shows again in the language they left alone, or when they undo.
    naming.used |= {theme_id: before[theme_id] for theme_id in naming.renamed if theme_id in before}
    kept = len(naming.used)
    ordered = _in_order(naming)
    for theme in ordered:
        held = before.get(theme.id)
        current = held is not None and (
            endpoint is None or (held.model, held.prompt) == (endpoint.model, prompt_version())
        )
        if held is not None and current and naming.check(theme, held) is None:
            kept += 1
        else:
            asking.append(theme)
    counts: dict[str, Any] = {}
    if endpoint is not None:
        requests = {theme.id: _request(theme, naming, endpoint) for theme in ordered}
        answers, counts = _answers(db, [requests[theme.id] for theme in asking], endpoint, report=report)
        with write(db):
            proposed_names.forget_unasked(db, [one.key for one in requests.values()], model=endpoint.model)
        for theme in asking:
            if requests[theme.id].key in answers:
                _decide(naming, theme, answers[requests[theme.id].key], endpoint)
            elif theme.id in before and naming.check(theme, before[theme.id]) is None:
                kept += 1
    taken = len(naming.used)
    reasons = dict(sorted(naming.refused.items()))
    counts |= {"kept": kept, "taken": taken, "refused": sum(reasons.values()), "refused_by_reason": reasons}
    _note(db, {**counts, "seconds": round(time.perf_counter() - began, 1)})
    return naming.used


def naming_counts(db: Database) -> dict[str, Any]:
    """Return what the last full run made of proposed names: zeros where nobody was asked."""
    nothing: dict[str, Any] = {
        "model": None,
        "asked": 0,
        "cached": 0,
        "failed": 0,
        "not_asked": 0,
        "kept": 0,
        "taken": 0,
        "refused": 0,
    }
    noted = projects.get_setting(db, LAST_NAMING)
    return {
        **nothing,
        "refused_by_reason": {},
        "failure": None,
        "seconds": 0.0,
        **(noted if isinstance(noted, dict) else {}),
    }


def _note(db: Database, counts: Mapping[str, Any]) -> None:
    with write(db):
        projects.put_setting(db, LAST_NAMING, dict(counts))


def _begin(db: Database, analysis: Analysis, *, encoder: Encoder) -> _Naming:
    own = [edit for edit in edits.records(db) if not edit.undone]
    shown = {one for theme in analysis.themes for one in theme.exemplars}
    given = [name for edit in own for name in (edit.name_zh, edit.name_en)]
    given += [name for edit in own for part in edit.parts for name in (part.name_zh, part.name_en)]
    return _Naming(
        analysis=analysis,
        encoder=encoder,
        parents=frozenset(theme.parent_id for theme in analysis.themes if theme.parent_id),
        renamed=frozenset(edit.theme_ids[0] for edit in own if edit.kind == "rename")
        & {one.id for one in analysis.themes},
        forbidden=frozenset(name_key(name) for name in given if name),
        shadows=_shadows(analysis),
        exemplars={unit.id: unit for unit in analysis.embedded.units if unit.id in shown},
    )


def _shadows(analysis: Analysis) -> dict[str, list[str]]:
    """Return what the units of each theme say, those nearest its centre first."""
    rows: dict[str, list[int]] = {}
    for row, item in enumerate(analysis.assignments):
        if item.theme_id is not None:
            rows.setdefault(item.theme_id, []).append(row)
    units, placed = analysis.embedded.units, analysis.assignments
    return {
        theme_id: [
            units[row].shadow for row in sorted(found, key=lambda row: (-placed[row].similarity, units[row].id))[:READ]
        ]
        for theme_id, found in rows.items()
    }


def _in_order(naming: _Naming) -> list[Theme]:
    """Return the themes that may be given a proposed name: leaves before parents, the largest first.

    Left out are those that people defined or renamed, and bare praise or blame.
    """
    units = Counter(item.theme_id for item in naming.analysis.assignments)
    for theme in naming.analysis.themes:
        if theme.parent_id:
            units[theme.parent_id] += units[theme.id]
    asked = [
        theme
        for theme in naming.analysis.themes
        if theme.status in ("found", "emerging")
        and theme.exemplars
        and theme.id not in naming.renamed
        and theme.name_zh not in BARE
    ]
    return sorted(asked, key=lambda theme: (theme.id in naming.parents, -units[theme.id], theme.id))


def _request(theme: Theme, naming: _Naming, endpoint: Endpoint) -> NameRequest:
    """Return what is asked about a theme. Neighbours go by the names of the run: the question stays the same."""
    themes = naming.analysis.themes
    return name_request(
        theme,
        [naming.exemplars[one] for one in theme.exemplars if one in naming.exemplars],
        siblings=[
            (one.name_zh, one.name_en) for one in themes if one.parent_id == theme.parent_id and one is not theme
        ],
        children=[(one.name_zh, one.name_en) for one in themes if one.parent_id == theme.id],
        model=endpoint.model,
    )


def _answers(
    db: Database, requests: Sequence[NameRequest], endpoint: Endpoint, *, report: Report
) -> tuple[dict[bytes, tuple[str, str] | None], dict[str, Any]]:
    """Return the answers by key (None: no pair of names), known and fresh ones, and what became of the requests."""
    answers = proposed_names.answers(db, [request.key for request in requests])
    cached = len(answers)
    fresh = [request for request in requests if request.key not in answers]
    asked = fresh[:MOST_ASKED]
    questions = [Question(instructions=one.instructions, material=one.material) for one in asked]
    failures: list[LlmFailure] = []
    done = 0
    if asked:
        report("propose", 0, len(asked))
    with contextlib.closing(ask_all(endpoint, questions)) as given:
        for number, answer in given:
            done += 1
            if isinstance(answer, LlmFailure):
                failures.append(answer)
            else:
                found = read_answer(answer)
                pair = None if found is None else (found.zh, found.en)
                answers[asked[number].key] = pair
                with write(db):
                    proposed_names.save_answer(db, asked[number].key, pair, model=endpoint.model)
            report("propose", done, len(asked))
    return answers, {
        "model": endpoint.model,
        "asked": done,
        "cached": cached,
        "failed": len(failures),
        "not_asked": len(fresh) - done,
        "failure": None if not failures else _most(failures),
    }


def _most(failures: Sequence[LlmFailure]) -> dict[str, str]:
    """Return the failure met most, with the value at fault."""
    counted = Counter((one.code, one.detail) for one in failures)
    code, detail = min(counted, key=lambda one: (-counted[one], one))
    return {"code": code, "detail": detail}


def _decide(naming: _Naming, theme: Theme, answer: tuple[str, str] | None, endpoint: Endpoint) -> None:
    why: Refusal | None = "unreadable"
    if answer is not None:
        name = NameInUse(zh=answer[0], en=answer[1], model=endpoint.model, prompt=prompt_version())
        why = naming.check(theme, name)
    if why is not None:
        naming.refused[why] += 1


def _nearness(encoder: Encoder, theme: Theme) -> Callable[[str], float]:
    centre = normalised(word_vectors(encoder, theme.centroid[None]))[0]
    words = word_part(encoder)
    return lambda name: float(words.encode([name])[0] @ centre)
