"""Sentences: where a text ends one, what in it must stay whole, and how one that is too long is cut."""

from collections.abc import Iterator
from itertools import pairwise

from pipelines import split_rules as rules

Span = tuple[int, int]
"""Start and end in the text, as for a slice."""


def held_positions(text: str) -> bytearray:
    """Return one byte per position, 1 where a cut would fall inside something that must stay whole."""
    held = bytearray(len(text) + 1)
    for match in rules.HELD.finditer(text):
        held[match.start() + 1 : match.end()] = b"\x01" * (match.end() - match.start() - 1)
    return held


def _items(text: str) -> list[Span]:
    """The markers of a numbered list; numbers count as one only where they run 1, 2, …"""
    markers, expected = [], 1
    for match in rules.ITEMS.finditer(text):
        number = ord(match[3]) - ord("①") + 1 if match[3] else int(match[1] or match[2])
        if number in (1, expected):
            markers.append(match.span())
            expected = number + 1
    return markers if expected > 2 else []


def sentences(text: str, held: bytearray) -> Iterator[Span]:
    """Yield the sentences of a text, without the markers of list items; nothing else of the text is left out."""
    cuts = set()
    for match in rules.STOPS.finditer(text):
        start, end = match.span()
        # A stop before a closing quotation mark ends the sentence behind the mark; one that is part of ;) ends none.
        quoted = held[start] and match[0][-1] in rules.CLOSING
        if not held[end] and (quoted or not any(held[start:end])):
            cuts.add(end)
    cuts.update(m.end() for m in rules.EMOJI_STOP.finditer(text) if not held[m.end()])
    cuts.update(m.start() for m in rules.LABELS.finditer(text) if not held[m.start()])
    begin = {}
    for start, end in _items(text):
        if not held[start] and not held[end]:
            cuts.add(start)
            begin[start] = end
    for start, end in pairwise([0, *sorted(cuts - {0, len(text)}), len(text)]):
        yield min(begin.get(start, start), end), end


def shorten(text: str, span: Span, held: bytearray, *, longest: int) -> list[Span]:
    """Cut a span into pieces of at most `longest` characters, each at the best place within its last three quarters.

    A comma is best, then a word that begins a statement, then a space, then any place between two letters. A piece is
    longer only where nothing in reach may be cut, as in a long link.
    """
    start, end = span
    pieces = []
    while end - start > longest:
        low, high = start + longest // 4, min(start + longest, end - longest // 4)
        target = (start + end) // 2 if end - start <= 2 * longest else start + longest * 3 // 4
        cut = _best_cut(text, low, high, held, target=target)
        if cut is None:
            cut = next((at for at in range(high, end) if not held[at] and not _inside_word(text, at)), end)
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)] if start < end else pieces


def _best_cut(text: str, low: int, high: int, held: bytearray, *, target: int) -> int | None:
    for places in (
        (m.end() for m in rules.COMMAS.finditer(text, low, high)),
        (m.start() for m in rules.ZH_STARTS.finditer(text, low, high)),
        (at for at in range(low, high) if text[at - 1] == " "),
        (at for at in range(low, high) if not _inside_word(text, at)),
    ):
        cut = min((at for at in places if not held[at]), key=lambda at: (abs(at - target), at), default=None)
        if cut is not None:
            return cut
    return None


def _inside_word(text: str, at: int) -> bool:
    return _latin(text[at - 1]) and _latin(text[at])


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
