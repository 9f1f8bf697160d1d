"""Splitting: a verbatim into opinion units, spans that each say one thing.

A verbatim is cut into sentences (`sentences.py`) and these into clauses with an opinion each (`clauses.py`). The rules
are data in `split_rules.py`, the words in `opinion_words.py`.
"""

import re

from pipelines import split_rules as rules
from pipelines.clauses import clauses, is_chinese
from pipelines.identity import identify
from pipelines.language import inside
from pipelines.opinion_words import zh_opinion
from pipelines.records import OpinionUnit, Verbatim
from pipelines.sentences import Span, held_positions, sentences, shorten
from pipelines.shadow import shadow, simplify

_LETTERS = re.compile(r"[^\W\d_]+")


def _trim(text: str, span: Span, held: bytearray, *, at_cut: bool) -> Span:
    """Take separators and leading connectives off, as long as something with a word remains."""
    start, end = span
    patterns = (rules.LEADING, rules.LEADING_AT_CUT) if at_cut else (rules.LEADING,)
    while True:
        before = (start, end)
        while start < end and text[start] in rules.LEFT_TRIM and not held[start + 1]:
            start += 1
        while start < end and text[end - 1] in rules.RIGHT_TRIM and not held[end - 1]:
            end -= 1
        for pattern in patterns:
            match = pattern.match(text, start, end)
            if match and not held[match.end()] and any(c.isalpha() for c in text[match.end() : end]):
                start = match.end()
        if (start, end) == before:
            return before


def _tiny(piece: str) -> bool:
    """Whether a piece is too small to say something by itself: no word, one character, or a filler."""
    letters = "".join(_LETTERS.findall(piece)).lower()
    return not letters or letters in rules.FILLERS or (len(letters) < 2 and not zh_opinion(piece))


def _merged(text: str, pieces: list[Span]) -> list[Span]:
    """Join tiny pieces: signs and emoji to what they follow, words to what they introduce."""
    units: list[Span] = []
    waiting: int | None = None
    for start, end in pieces:
        piece = text[start:end]
        if not _tiny(piece):
            units.append((start if waiting is None else waiting, end))
            waiting = None
        elif units and waiting is None and not any(c.isalpha() for c in piece):
            units[-1] = (units[-1][0], end)
        elif waiting is None:
            waiting = start
    if waiting is not None:
        units = [*units[:-1], (units[-1][0] if units else waiting, pieces[-1][1])]
    return units


def spans(text: str) -> list[Span]:
    """Return where the opinion units of a text begin and end, in order and without overlap."""
    plain = simplify(text)
    # Characters are converted one for one, but for a few rare ones; offsets must stay those of the text as written.
    plain = plain if len(plain) == len(text) else text
    held = held_positions(plain)
    pieces = []
    for sentence in sentences(plain, held):
        for index, clause in enumerate(clauses(plain, sentence, held)):
            for part in shorten(plain, clause, held, longest=_longest(plain[slice(*clause)])):
                start, end = _trim(plain, part, held, at_cut=index > 0)
                if start < end:
                    pieces.append((start, end))
    return _merged(plain, pieces)


def _longest(text: str) -> int:
    return rules.LONGEST_ZH if is_chinese(text) else rules.LONGEST_EN


def split(verbatim: Verbatim) -> tuple[OpinionUnit, ...]:
    """Return the opinion units of a verbatim, in order and without overlap; at least one where it has any word.

    `verbatim.text[unit.start:unit.end] == unit.text` for each. Connectives, list markers and separators between units
    belong to none.
    """
    text = verbatim.text
    return tuple(
        OpinionUnit(
            id=identify("u", verbatim.id, start, end),
            verbatim_id=verbatim.id,
            start=start,
            end=end,
            text=text[start:end],
            language=inside(text[start:end], verbatim.language),
            shadow=shadow(text[start:end]),
        )
        for start, end in spans(text)
    )
