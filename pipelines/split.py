"""Splitting: a verbatim into opinion units, spans that each say one thing.

A verbatim is cut into sentences, and a sentence between clauses where both sides carry an opinion: at a contrast (但是,
but) and an addition (而且, and) on that ground alone, at a plain comma or space only where the right side also names a
subject of its own. The rules are data in `split_rules.py`, the words in `opinion_words.py`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pipelines import split_rules as rules
from pipelines.identity import identify
from pipelines.language import detect
from pipelines.opinion_words import HAN, en_clause, en_opinion, en_phrase, en_subject, en_tokens, zh_opinion, zh_subject
from pipelines.records import Language, OpinionUnit, Verbatim
from pipelines.shadow import shadow

Kind = Literal["contrast", "addition", "comma"]
_STRENGTH: dict[Kind, int] = {"comma": 0, "addition": 1, "contrast": 2}

_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_SEPARATORS = " ，,、"

# A contrast says by itself that its sides are judged differently: one of them may do without a word of the lists, if it
# is a clause and not a rest ("but never mind").
_CLAUSE_HAN, _CLAUSE_WORDS = 4, 3

_ZH_FORWARD = re.compile(
    r"^(?:如果|要是|因为|由于|对于|关于|除了|作为|当|自从|至于|即使|哪怕|不管|无论)|(?:时候?|之后|以后|后|之前|的话|来说|来讲|来看|方面|而言|期间|起来)$"
)
_ZH_BACKWARD = re.compile(
    r"^(?:所以|因此|因而|以至于?|以致|导致|害得|使得?|令|比如|例如|譬如|特别是|尤其是|像|甚至|结果|因为|由于|毕竟|让|给人|否则|不然|要不然|才|那么)"
)
_EN_FORWARD = re.compile(
    r"^(?:if|when|whenever|since|because|as|after|before|once|unless|until|for|in|on|at|with|from|during|given|considering|while)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """A place where a sentence may be cut: the left side ends at `left`, the right side begins at `right`."""

    left: int
    right: int
    kind: Kind


def _held(text: str) -> bytearray:
    """For every position, 1 where a cut would fall inside something that must stay whole."""
    held = bytearray(len(text) + 1)
    for match in rules.HELD.finditer(text):
        held[match.start() + 1 : match.end()] = b"\x01" * (match.end() - match.start() - 1)
    return held


def _item_starts(text: str) -> list[int]:
    """Where the items of a numbered list begin; numbers count as a list only when they run 1, 2, …"""
    starts, expected = [], 1
    for match in rules.ITEMS.finditer(text):
        number = int(match[1] or match[2]) if not match[3] else ord(match[3]) - ord("①") + 1
        if number == 1:
            starts, expected = [*starts, match.start()], 2
        elif number == expected:
            starts.append(match.start())
            expected += 1
    return starts if expected > 2 else []


def _sentences(text: str, held: bytearray) -> list[tuple[int, int]]:
    cuts = {m.end() for m in rules.STOPS.finditer(text) if not held[m.start()] and not held[m.end()]}
    cuts.update(m.end() for m in rules.EMOJI_STOP.finditer(text) if not held[m.end()])
    cuts.update(m.start() for m in rules.LABELS.finditer(text) if not held[m.start()])
    cuts.update(start for start in _item_starts(text) if not held[start])
    edges = [0, *sorted(cuts - {0, len(text)}), len(text)]
    return list(zip(edges, edges[1:], strict=False))


def _gaps(text: str, start: int, end: int, held: bytearray) -> list[_Gap]:
    found: dict[int, _Gap] = {}

    def add(left: int, right: int, kind: Kind) -> None:
        while left > start and text[left - 1] in _SEPARATORS:
            left -= 1
        old = found.get(left)
        if (
            start < left
            and right < end
            and not held[left]
            and not held[right]
            and (old is None or _STRENGTH[kind] > _STRENGTH[old.kind])
        ):
            found[left] = _Gap(left=left, right=max(right, old.right if old else 0), kind=kind)

    for match in rules.COMMAS.finditer(text, start, end):
        add(match.start(), match.end(), "comma")
    for pattern, kind in _CONNECTIVES:
        for match in pattern.finditer(text, start, end):
            add(match.start(), match.start(), kind)
    return [found[key] for key in sorted(found)]


_CONNECTIVES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (rules.ZH_CONTRAST, "contrast"),
    (rules.ZH_ADDITION, "addition"),
    (rules.EN_CONTRAST, "contrast"),
    (rules.EN_ADDITION, "addition"),
)


def _is_chinese(text: str) -> bool:
    return len(_HAN.findall(text)) * 2 > len(en_tokens(text))


def _opinion(text: str) -> bool:
    return zh_opinion(text) or en_opinion(en_tokens(text))


def _forward(text: str) -> bool:
    """Whether a piece without an opinion only prepares the next one: 看电影的时候, "when I arrived"."""
    if _is_chinese(text):
        return bool(_ZH_FORWARD.search(text.strip(_SEPARATORS)))
    return bool(_EN_FORWARD.match(text.strip(_SEPARATORS)))


def _clause_sized(text: str) -> bool:
    return len(_HAN.findall(text)) >= _CLAUSE_HAN if _is_chinese(text) else len(en_tokens(text)) >= _CLAUSE_WORDS


def _stands_alone(left: str, right: str, gap: _Gap, sentence: str) -> bool:
    """Whether the two sides of the gap say two things."""
    body = rules.LEADING_AT_CUT.sub("", rules.LEADING.sub("", right, count=1), count=1) if right else right
    ours, theirs = _opinion(left), _opinion(body)
    if gap.kind == "contrast":
        if rules.NOT_ONLY.search(left):
            return False
        return (ours or theirs) and (ours or _clause_sized(left)) and (theirs or _clause_sized(body))
    if not (ours and theirs):
        return False
    if _is_chinese(right):
        if gap.kind == "addition":
            return zh_subject(body) or min(len(_HAN.findall(left)), len(_HAN.findall(body))) >= _CLAUSE_HAN
        return zh_subject(body) and not _ZH_BACKWARD.match(body)
    tokens, before = en_tokens(body), en_tokens(left)
    if not en_subject(tokens) and not (tokens and tokens[0] in _PRONOUNS and len(tokens) > 2):
        return False
    return en_clause(tokens) or (
        en_phrase(tokens) and (en_phrase(before[-4:]) if gap.kind == "comma" else en_phrase(before[-3:]))
    )


_PRONOUNS = frozenset(["i", "we", "they", "he", "she", "it", "you", "it's", "they're", "he's", "she's", "there", "there's", "this", "that"])


def _clauses(text: str, start: int, end: int, held: bytearray) -> list[tuple[int, int]]:
    gaps = _gaps(text, start, end, held)
    if not gaps:
        return [(start, end)]
    # A piece that prepares the next one belongs to it, not to what stands before.
    kept = [
        gap for gap, following in zip(gaps, [*gaps[1:], None], strict=False) if not _prepares(text, gaps, gap, start)
    ]
    pieces, group = [], start
    for i, gap in enumerate(kept):
        reach = end
        for later in kept[i + 1 :]:
            if gap.kind == "comma" or later.kind != "comma":
                reach = later.left
                break
        if _stands_alone(text[group : gap.left], text[gap.right : reach], gap, text[start:end]):
            pieces.append((group, gap.left))
            group = gap.right
    return [*pieces, (group, end)]


def _prepares(text: str, gaps: list[_Gap], gap: _Gap, start: int) -> bool:
    """Whether the piece that ends at this gap only prepares what follows, so that the gap is no place to cut."""
    if gap.kind != "comma":
        return False
    before = max((g.right for g in gaps if g.right <= gap.left), default=start)
    piece = text[before : gap.left]
    return _forward(piece) and not _opinion(piece)


def _shorten(text: str, start: int, end: int, held: bytearray) -> list[tuple[int, int]]:
    """Cut what is too long at the best place near its middle: a comma, then a word that begins a statement, then a space."""
    longest = rules.LONGEST_ZH if _is_chinese(text[start:end]) else rules.LONGEST_EN
    if end - start <= longest:
        return [(start, end)]
    low, high = start + longest // 4, end - longest // 4
    middle = min((start + end) // 2, start + longest * 3 // 4)
    for places in (
        [m.end() for m in rules.COMMAS.finditer(text, low, high)],
        [m.start() for m in rules.ZH_STARTS.finditer(text, low, high)],
        [i for i in range(low, high) if text[i - 1] == " "],
        [
            i
            for i in range(low, high)
            if not (text[i - 1].isascii() and text[i - 1].isalnum() and text[i].isascii() and text[i].isalnum())
        ],
    ):
        free = [place for place in places if not held[place] and low <= place <= high]
        if free:
            cut = min(free, key=lambda place: (abs(place - middle), place))
            return [*_shorten(text, start, cut, held), *_shorten(text, cut, end, held)]
    return [(start, end)]


def _trim(text: str, start: int, end: int, held: bytearray, *, at_cut: bool) -> tuple[int, int]:
    """Take separators and leading connectives off, as long as something with a word remains."""

    def free(position: int) -> bool:
        return not held[position]

    while True:
        before = (start, end)
        while start < end and text[start] in rules.LEFT_TRIM and free(start + 1):
            start += 1
        while start < end and text[end - 1] in rules.RIGHT_TRIM and free(end - 1):
            end -= 1
        for pattern in (rules.LEADING, rules.LEADING_AT_CUT) if at_cut else (rules.LEADING,):
            match = pattern.match(text, start, end)
            if match and any(c.isalpha() for c in text[match.end() : end]):
                start = match.end()
        if (start, end) == before:
            return start, end


def _tiny(span: str) -> bool:
    """Whether a piece is too small to say something by itself: no word, one character, or a filler."""
    letters = "".join(c for c in span if c.isalpha()).lower()
    if not letters or letters in rules.FILLERS:
        return True
    return len(letters) < 2 and not zh_opinion(span)


def _spans(text: str) -> list[tuple[int, int]]:
    held = _held(text)
    pieces: list[tuple[int, int]] = []
    for start, end in _sentences(text, held):
        for index, (left, right) in enumerate(_clauses(text, start, end, held)):
            for a, b in _shorten(text, left, right, held):
                a, b = _trim(text, a, b, held, at_cut=index > 0)
                if a < b:
                    pieces.append((a, b))
    merged: list[tuple[int, int]] = []
    waiting: int | None = None
    for a, b in pieces:
        if _tiny(text[a:b]):
            if merged and not any(c.isalpha() for c in text[a:b]):
                merged[-1] = (merged[-1][0], b)
            elif waiting is None:
                waiting = a
            continue
        merged.append((a if waiting is None else waiting, b))
        waiting = None
    if waiting is not None:
        last = pieces[-1][1]
        if merged:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((waiting, last))
    return merged


def _language(text: str, whole: Language) -> Language:
    """The language of a unit; one that is in the same script as an English or Chinese verbatim needs no detector."""
    if whole in ("en", "zh"):
        han = _HAN_RUN.search(text) is not None
        if whole == "en" and not han:
            return "en"
        if whole == "zh" and han and not re.search("[a-z]{2}", text):
            return "zh"
    return detect(text)


def split(verbatim: Verbatim) -> tuple[OpinionUnit, ...]:
    """Return the opinion units of a verbatim, in order and without overlap; at least one where it has any word.

    `verbatim.text[unit.start:unit.end] == unit.text` for each. Connectives and separators between units belong to none.
    """
    text = verbatim.text
    return tuple(
        OpinionUnit(
            id=identify("u", verbatim.id, start, end),
            verbatim_id=verbatim.id,
            start=start,
            end=end,
            text=text[start:end],
            language=_language(text[start:end], verbatim.language),
            shadow=shadow(text[start:end]),
        )
        for start, end in _spans(text)
    )
