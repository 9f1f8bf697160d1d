"""Changes: two periods side by side, what moved the negative share and the score, and the words behind it."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app import changes
from app.access import ProjectDep
from app.asked import asked_day
from app.changes import Row
from app.pages.filter_bar import filter_bar
from app.pages.frame import Frame, ProjectFrame, render
from app.store import counts
from app.store.filters import NONE
from pipelines.change import Part
from pipelines.periods import Pair, PairName

router = APIRouter(include_in_schema=False)

SHOWN = 20
"""Themes shown at once; those that did less, or of which too few speak to tell, are folded below them."""
NEWS = 5
"""Verbatims from which a theme that is new or gone is shown at once, though its effect may be too small to judge."""
SHOWN_SCORES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A pair of periods to choose, its address, and whether it is the one shown."""

    name: PairName
    href: str
    shown: bool


@router.get("/p/{project}/changes")
def show_changes(
    frame: ProjectFrame,
    db: ProjectDep,
    from_before: Annotated[str | None, Query()] = None,
    to_before: Annotated[str | None, Query()] = None,
) -> HTMLResponse:
    """Show what changed between the days of the filters and the earlier days asked for, or the latest of the data."""
    known, default = changes.offered(db, frame.filters)
    since, until = asked_day("from_before", from_before), asked_day("to_before", to_before)
    pair = changes.asked_pair(frame.filters, since=since, until=until, known=known, default=default)
    found = None if pair is None else changes.compared(db, frame.filters, pair)
    shown = first(() if found is None else found.rows)
    bar = replace(filter_bar(db, frame.filters, language=frame.language), first_day=None)
    return render(
        frame,
        "changes.html",
        {
            "page_name": "changes",
            "pair": pair,
            "found": found,
            "rows": shown,
            "rest": () if found is None else [row for row in found.rows if row not in shown],
            "scored": () if found is None else by_score(found.rows)[:SHOWN_SCORES],
            "reach": 0.0 if found is None else reach([row.negative for row in found.rows]),
            "score_reach": 0.0 if found is None else reach([row.score for row in found.rows if row.score]),
            "offers": []
            if pair is None
            else [offer(frame, name, one, shown=one == pair) for name, one in known.items()],
            "analysed": counts.has_units(db),
            "asked": {} if pair is None else period_query(pair),
            "offered": bar,
        },
    )


def first(rows: tuple[Row, ...]) -> list[Row]:
    """Return the rows shown at once: those of which enough speak, what is new or gone, and the unthemed always."""
    told = [row for row in rows if row.negative.sure is not None or _is_news(row)][:SHOWN]
    unthemed = [row for row in rows if row.after.id == NONE and row not in told]
    return [*told, *unthemed] if told else list(rows[:SHOWN])


def _is_news(row: Row) -> bool:
    heard = max(row.negative.speakers_before, row.negative.speakers_after)
    return row.movement in ("new", "gone") and heard >= NEWS


def by_score(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the themes that moved the score, the largest effect first."""
    scored = [(row.score.total.value, row) for row in rows if row.score is not None]
    return tuple(row for _, row in sorted(scored, key=lambda pair: (-abs(pair[0]), pair[1].after.id)))


def reach(parts: list[Part]) -> float:
    """Return how far from zero the bars of these effects reach: the largest effect, with room for its interval."""
    return (
        max((max(abs(part.total.value), min(abs(part.total.low), abs(part.total.high))) for part in parts), default=0)
        * 1.4
    )


def offer(frame: Frame, name: PairName, pair: Pair, *, shown: bool) -> Offer:
    """Return a pair of periods as a choice."""
    return Offer(name=name, href=frame.addresses.here(period_query(pair)), shown=shown)


def period_query(pair: Pair) -> dict[str, str]:
    """Return the four days of a pair under the names they have in an address."""
    return {
        "from": pair.after.first.isoformat(),
        "to": pair.after.last.isoformat(),
        "from_before": pair.before.first.isoformat(),
        "to_before": pair.before.last.isoformat(),
    }
