"""A verbatim's text cut into pieces for display: the opinion spans, and the words that were searched for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.store.views import UnitView
from app.store.words import QUOTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text within one opinion unit (or none); `found` where it holds a word that was searched for."""

    text: str
    unit: UnitView | None
    found: bool


def searched_words(question: str | None) -> tuple[str, ...]:
    """Return the words and quoted phrases of a search, longest first."""
    parts = (next(group for group in match.groups() if group) for match in QUOTED.finditer(question or ""))
    return tuple(sorted({part for part in parts if re.search(r"\w", part)}, key=lambda part: (-len(part), part)))


def pieces(text: str, units: Sequence[UnitView], words: Sequence[str] = ()) -> tuple[Piece, ...]:
    """Return the text in pieces that together are the text; where units overlap the earlier one has the letters."""
    owner: list[UnitView | None] = [None] * len(text)
    for unit in sorted(units, key=lambda unit: (unit.start, -unit.end), reverse=True):
        for place in range(max(0, unit.start), min(unit.end, len(text))):
            owner[place] = unit
    hits = [False] * len(text)
    for word in words:
        for match in re.finditer(re.escape(word), text, re.IGNORECASE):
            hits[match.start() : match.end()] = [True] * (match.end() - match.start())
    cut: list[Piece] = []
    begin = 0
    for place in range(1, len(text) + 1):
        last = place == len(text)
        if last or owner[place] is not owner[begin] or hits[place] != hits[begin]:
            cut.append(Piece(text=text[begin:place], unit=owner[begin], found=hits[begin]))
            begin = place
    return tuple(cut)
