"""Clauses: where one sentence says two things.

It is cut where both sides carry an opinion: at a contrast (但是, but) and an addition (而且, and) on that ground alone;
at a plain comma or space only where the right side also names a subject of its own; and in Chinese without punctuation
behind a judgement (很好看|快递也给力) where that subject has two characters at least.
"""

import functools
import re
from dataclasses import dataclass, replace
from typing import Literal

from pipelines import split_rules as rules
from pipelines.han import HAN
from pipelines.opinion_words import (
    EN_DETERMINERS,
    EN_PRONOUNS,
    ZH_RUN_ON,
    en_clause,
    en_hangs,
    en_judged_end,
    en_judged_noun,
    en_main_clause,
    en_opinion,
    en_phrase,
    en_subject,
    en_tokens,
    en_verb,
    zh_judged_end,
    zh_opinion,
    zh_subject,
)
from pipelines.sentences import Span

Kind = Literal["run_on", "comma", "addition", "contrast"]
_STRENGTH: dict[Kind, int] = {"run_on": 0, "comma": 1, "addition": 2, "contrast": 3}

_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile("[A-Za-z]{2}")
_SEPARATORS = " ，,、"

# A contrast says by itself that its sides are judged differently: one of them may do without a word of the lists, if it
# is a clause and not a rest ("but never mind").
_CLAUSE_HAN, _CLAUSE_WORDS = 4, 3
_REACH = 300  # characters on either side in which an opinion counts; what is farther is another statement
_TOPIC = 4  # characters: a piece so short without a judgement names what is judged next (颜色，款式都很好)
_LONG_TOPIC = 9  # characters: what is longer, and has no judgement, tells something
_RUN_ON_SUBJECT = 2  # characters: without a comma only a noun of two makes it sure that something else is judged


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """A place where a sentence may be cut: the left side ends at `left`, the right side begins at `right`."""

    left: int
    right: int
    kind: Kind


def is_chinese(text: str) -> bool:
    """Whether the text has more Chinese than Latin in it; a Latin word weighs two characters."""
    if not _LATIN.search(text):
        return _HAN.search(text) is not None
    return not text.isascii() and len(_HAN.findall(text)) * 2 > len(en_tokens(text))


@functools.lru_cache(maxsize=4096)
def _opinion(text: str) -> bool:
    return zh_opinion(text) or (_LATIN.search(text) is not None and en_opinion(en_tokens(text)))


def _gaps(text: str, span: Span, held: bytearray) -> list[_Gap]:
    """All places where the sentence may be cut, the strongest kind where several fall together."""
    start, end = span
    found: dict[int, _Gap] = {}

    def add(left: int, right: int, kind: Kind) -> None:
        while left > start and text[left - 1] in _SEPARATORS:
            left -= 1
        old = found.get(left)
        if not start < left or right >= end or held[left] or held[right]:
            return
        if old is None or _STRENGTH[kind] > _STRENGTH[old.kind]:
            found[left] = _Gap(left=left, right=max(right, old.right if old else 0), kind=kind)

    for match in rules.COMMAS.finditer(text, start, end):
        add(match.start(), match.end(), "comma")
    sentence = text[start:end]
    if _HAN.search(sentence):
        for match in rules.ZH_CONTRAST.finditer(text, start, end):
            add(match.start(), match.start(), "contrast")
        for match in rules.ZH_ADDITION.finditer(text, start, end):
            add(match.start(), match.start(), "addition")
        commas = {gap.right: gap for gap in found.values()}
        for match in rules.ZH_CONTRAST_INSIDE.finditer(text, start, end):
            at = match.start()
            comma = next((commas[i] for i in range(at, at - rules.INSIDE_REACH, -1) if i in commas), None)
            if comma is None:
                # 屋子虽旧打扫却勤快: the two characters before it are its subject where a judgement stands before them.
                judged = zh_judged_end(text[max(start, at - rules.INSIDE_REACH) : at - 2])
                add(at - 2 * judged, at - 2 * judged, "contrast")
            else:
                add(comma.left, comma.right, "contrast")
        for match in ZH_RUN_ON.finditer(text, start, end):
            # 味道不错就是量少 turns at 就是; 最满意的就是 does not.
            turns = (
                text.startswith("就是", match.end()) and "最" not in text[max(start, match.start() - 3) : match.end()]
            )
            add(match.end(), match.end(), "contrast" if turns else "run_on")
    if _LATIN.search(sentence):
        for match in rules.EN_CONTRAST.finditer(text, start, end):
            add(match.start(), match.start(), "contrast")
        for match in rules.EN_ADDITION.finditer(text, start, end):
            add(match.start(), match.start(), "addition")
    for match in rules.BRACKET_CONTRAST.finditer(text, start, end):
        add(match.start(), match.start(), "contrast")
        add(match.end(), match.end(), "contrast")
    gaps = [found[key] for key in sorted(found)]
    if rules.CONTRAST_FIRST.match(text, start, end) and not any(gap.kind == "contrast" for gap in gaps):
        commas_at = [i for i, gap in enumerate(gaps) if gap.kind == "comma"]
        # "Despite the dull paint, faded and old, the rooms …": the main clause stands behind the second comma.
        first = next((i for i in commas_at if en_main_clause(en_tokens(text[gaps[i].right : end]))), None)
        first = commas_at[0] if first is None and commas_at else first
        if first is not None:
            gaps[first] = replace(gaps[first], kind="contrast")
    return gaps


def _prepares(piece: str, sign: str, following: str | None) -> bool:
    """Whether a piece before a sign only prepares the next one.

    So do 看电影的时候 and "when I arrived", and the 味道 of 味道、分量都好.
    """
    piece = piece.strip(_SEPARATORS)
    if _opinion(piece):
        return False
    if is_chinese(piece):
        if sign == "、" or len(piece) <= _TOPIC or rules.ZH_FORWARD.search(piece) is not None:
            return True
        # 其他的饮料，没啥好喝的: a longer noun does so too where what follows judges and names nothing itself.
        if following is None or len(piece) > _LONG_TOPIC or rules.ZH_ACTION.search(piece):
            return False
        return _opinion(following) and not zh_subject(following)
    return rules.EN_FORWARD.match(piece) is not None


def _clause_sized(text: str) -> bool:
    return len(_HAN.findall(text)) >= _CLAUSE_HAN if is_chinese(text) else len(en_tokens(text)) >= _CLAUSE_WORDS


def _without_connective(text: str) -> str:
    for pattern in (rules.LEADING, rules.LEADING_AT_CUT):
        match = pattern.match(text)
        text = text[match.end() :] if match else text
    return text


def _two_things(left: str, right: str, kind: Kind) -> bool:
    """Whether the two sides of a gap say two things."""
    either = right.startswith("就是")
    right = _without_connective(right)
    theirs, chinese = _opinion(right), is_chinese(right)
    if kind == "contrast":
        if rules.NOT_ONLY.search(left) or (either and rules.ZH_EITHER.search(left)):
            return False
        if not chinese and en_clause(en_tokens(_without_connective(left))) and en_clause(en_tokens(right)):
            return True
        ours = _opinion(left)
        if not ours and chinese and rules.ZH_FORWARD.search(left.replace(",", "，").rpartition("，")[2]):
            return False
        return (ours or theirs) and (ours or _clause_sized(left)) and (theirs or _clause_sized(right))
    if chinese:
        if not theirs or rules.ZH_BACKWARD.match(right):
            return False
        if kind == "addition":
            return _opinion(left) and (zh_subject(right) or (_clause_sized(left) and _clause_sized(right)))
        return zh_subject(right, before=1 if kind == "comma" else _RUN_ON_SUBJECT) and _opinion(left)
    tokens, before = en_tokens(right), en_tokens(left)
    if en_main_clause(tokens) and en_verb(before) and (theirs or _opinion(left)) and _two_clauses(left, before, kind):
        return True
    if not theirs:
        return False
    if not en_subject(tokens) or not _opinion(left):
        return False
    if en_clause(tokens) or (kind == "comma" and tokens[0] in EN_DETERMINERS and en_phrase(tokens)):
        named = tokens[0] in EN_DETERMINERS or tokens[0] in EN_PRONOUNS
        return kind == "comma" or en_verb(before) or (named and en_phrase(before))
    if kind == "comma" and en_judged_noun(tokens) and en_judged_end(before):
        return True
    return en_phrase(tokens) and en_phrase(before[-4:] if kind == "comma" else before[-3:])


def _two_clauses(left: str, before: list[str], kind: Kind) -> bool:
    """Whether what stands before an English main clause is one too: "the tea was good, the tables were sticky".

    One of them may then be judged with a word that no list has. A clause that only says when or why is none.
    """
    last = left.rpartition(",")[2].strip()
    if rules.EN_HANGING.search(last) or rules.CONTRAST_FIRST.match(last) or (kind == "addition" and en_hangs(before)):
        return False
    return _opinion(left) or en_main_clause(before)


def clauses(text: str, span: Span, held: bytearray) -> list[Span]:
    """Return the clauses of a sentence that say things of their own; separators between them belong to none."""
    start, end = span
    gaps = _gaps(text, span, held)
    edges = [start, *(gap.right for gap in gaps)]
    untils = [*(gap.left for gap in gaps[1:]), end]
    # Only what stands between commas can be a noun that the next piece judges: behind a judgement or 、 it is a rest.
    whole = [True, *(gap.kind != "run_on" and text[gap.left] != "、" for gap in gaps)]
    # A piece that prepares the next one belongs to it, so behind it is no place to cut.
    gaps = [
        gap
        for edge, until, alone, gap in zip(edges, untils, whole, gaps, strict=False)
        if gap.kind not in ("comma", "run_on")
        or not _prepares(text[edge : gap.left], text[gap.left], text[gap.right : until] if alone else None)
    ]
    pieces: list[Span] = []
    for index, gap in enumerate(gaps):
        weak = gap.kind in ("comma", "run_on")
        # A connective governs all up to the next one; a comma only the piece behind it.
        reach = next((g.left for g in gaps[index + 1 :] if weak or _STRENGTH[g.kind] >= _STRENGTH[gap.kind]), end)
        left = text[max(start, gap.left - _REACH) : gap.left]
        if _two_things(left, text[gap.right : min(reach, gap.right + _REACH)], gap.kind):
            pieces.append((start, gap.left))
            start = gap.right
    return [*pieces, (start, end)]
