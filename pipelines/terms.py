"""The words of a unit as themes see them: Chinese words, English lemmas, and the glossary's concepts for both."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pipelines.glossary import Entry, by_en, by_lemma, by_zh

PIECES = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z]+(?:['’][a-z]+)*|\d+(?:[.:]\d+)*|[^\sa-z\d\u3400-\u9fff\uf900-\ufaff]+"
)

# The longest glossary phrase in words ("does not work at all"), and in Chinese words (没 有 收 到).
LONGEST = 4

# Words and texts whose terms are kept at hand: clustering and naming ask for the same ones.
REMEMBERED = 60_000

NEGATORS_ZH = frozenset(
    {"不", "没", "没有", "不是", "不太", "不够", "不怎么", "并不", "毫无", "无", "未", "别", "不算", "不能", "不会"}
)
NEGATORS_EN = frozenset(
    {
        "not",
        "no",
        "never",
        "isn't",
        "wasn't",
        "aren't",
        "don't",
        "doesn't",
        "didn't",
        "can't",
        "cannot",
        "won't",
        "n't",
        "nothing",
        "hardly",
        "without",
    }
)
# Words that may stand between a negation and what it denies: 不是很好, "not very good".
DEGREES = frozenset(
    {
        "很",
        "太",
        "是",
        "那么",
        "特别",
        "非常",
        "十分",
        "够",
        "怎么",
        "大",
        "very",
        "so",
        "really",
        "that",
        "too",
        "as",
        "a",
        "the",
        "be",
        "is",
        "been",
        "all",
        "at",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word or phrase of a unit.

    `surface` is as it was said (lower case), `lemma` what its forms share, `entry` its concept, `stop` says that it
    carries no topic, `negated` that the unit denies it, `breaks` that nothing can be said across it, and `begins` that
    a concept of one or more words may begin with it.
    """

    surface: str
    lemma: str
    zh: bool
    entry: Entry | None = None
    stop: bool = False
    negated: bool = False
    breaks: bool = False
    begins: bool = False

    @property
    def key(self) -> str:
        """What counts as the same word, across forms and across the two languages where the glossary knows it."""
        key = self.entry.key if self.entry else self.lemma
        return f"!{key}" if self.negated else key


@cache
def stop_words() -> frozenset[str]:
    """Return the words of both languages that carry no topic."""
    lines = Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_IRREGULAR = {
    "broke": "break", "broken": "break", "bought": "buy", "got": "get", "went": "go", "paid": "pay", "sent": "send",
    "said": "say", "took": "take", "taken": "take", "came": "come", "gave": "give", "given": "give", "made": "make",
    "found": "find", "felt": "feel", "kept": "keep", "left": "leave", "lost": "lose", "men": "man", "women": "woman",
    "children": "child", "froze": "freeze", "frozen": "freeze", "ate": "eat", "eaten": "eat", "was": "be", "were": "be",
    "is": "be", "are": "be", "am": "be", "been": "be", "has": "have", "had": "have", "does": "do", "did": "do",
    "done": "do", "wrote": "write", "told": "tell", "slept": "sleep", "worn": "wear", "torn": "tear", "used": "use",
    "using": "use", "its": "it",
}  # fmt: skip
# Words that another word holds, with an "e" behind them: their forms keep it, or "cut" would be "cute", "win" wine, and
# "note" the stop word "not".
# Words that only look like forms of others: "settings" are none of "set", "news" is not "new".
_OWN = {
    "news": "news", "setting": "setting", "settings": "setting", "evening": "evening", "evenings": "evening",
    "meaning": "meaning", "meanings": "meaning", "suited": "suit", "suiting": "suit",
}  # fmt: skip
_SHORTER = """
    ban bar bath bit can cap car cod con cop cut din far fat fin glob grip hat her hid hop hug kit mad mat mod not on
    pal pan past pet pin pip plan pop quit quot rag rat rid rip rob rot scar scrap shin sit slim snip spin spit stag
    star strip suit tap them ton tub unit van war win
"""
_WITHOUT_E = frozenset(_SHORTER.split())
_VOWELS = frozenset("aeiouy")


@cache
def lemma(word: str) -> str:
    """Return what the forms of a lower-case English word share: charge, charged, charging and charges give "charg".

    A stem, never shown to anyone: names use the form that was said most.
    """
    word = word.replace("’", "'").removesuffix("'s")
    if word in _OWN:
        return _OWN[word]
    word = _IRREGULAR.get(word, word)
    if len(word) < 4 or "'" in word:
        return word
    if word.endswith(("ies", "ied")):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and _VOWELS & set(stem) and not word.endswith("eed"):
            doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"
            word = stem[:-1] if doubled else stem + "e" * (stem in _WITHOUT_E)
            break
    if word.endswith("e") and len(word) > 3 and word[:-1] not in _WITHOUT_E:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


@lru_cache(maxsize=REMEMBERED)
def terms(text: str) -> tuple[Term, ...]:
    """Return the terms of a text in order, longest glossary phrases first, negations joined to what they deny."""
    tokens = _tokens(text)
    found: list[Term] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        size, entry = _longest(tokens, index)
        piece = tokens[index : index + size]
        index += size
        if entry is not None:
            joint = "" if token.zh else " "
            surface, base = (
                joint.join(parts) for parts in zip(*((part.surface, part.lemma) for part in piece), strict=True)
            )
            idle = entry.kind == "idle"
            found.append(Term(surface=surface, lemma=base, zh=token.zh, entry=None if idle else entry, stop=idle))
        elif token.zh and (rest := _bare(token.surface)) is not None:
            found.append(Term(surface=rest, lemma=rest, zh=True, entry=by_zh()[rest]))
        else:
            found.append(token)
    return tuple(_negated(found))


# Letters; what is longer is laughter (hahaha…), a key or a text without spaces, and names nothing.
LONGEST_WORD = 40


@lru_cache(maxsize=REMEMBERED)
def _english(word: str) -> Term:
    base = lemma(word)
    stops = stop_words()
    stop = not 2 <= len(base) <= LONGEST_WORD or base in stops or word in stops
    begins = word in _beginnings() or base in _beginnings()
    return Term(surface=word, lemma=base, zh=False, stop=stop, begins=begins)


@lru_cache(maxsize=REMEMBERED)
def _chinese(word: str) -> Term:
    return Term(surface=word, lemma=word, zh=True, stop=word in stop_words(), begins=word in _beginnings())


def _tokens(text: str) -> list[Term]:
    tokens: list[Term] = []
    for piece in PIECES.findall(text.lower()):
        first = piece[0]
        if "a" <= first <= "z":
            tokens.append(_english(piece.replace("’", "'")))
        elif first.isdigit():
            begins = piece in _beginnings()
            tokens.append(Term(surface=piece, lemma=piece, zh=False, stop=True, begins=begins))
        elif "\u3400" <= first <= "\u9fff" or "\uf900" <= first <= "\ufaff":
            tokens.extend(_chinese(word) for word in _cut(piece))
        else:
            tokens.append(Term(surface=piece, lemma=piece, zh=False, stop=True, breaks=True))
    return tokens


# Said before a Chinese opinion without changing what it is: 太慢, 超赞, 好慢.
PREFIXES_ZH = (
    "非常",
    "特别",
    "实在",
    "真的",
    "有点",
    "有些",
    "比较",
    "十分",
    "越来越",
    "太",
    "很",
    "超",
    "好",
    "真",
    "挺",
    "最",
    "更",
    "极",
    "大",
    "蛮",
    "老",
)


@lru_cache(maxsize=REMEMBERED)
def _bare(word: str) -> str | None:
    """Return a Chinese word less a word of degree before it, where that is a concept: 太慢 is 慢."""
    for prefix in PREFIXES_ZH:
        rest = word.removeprefix(prefix)
        if rest != word and rest in by_zh() and by_zh()[rest].kind != "aspect":
            return rest
    return None


def _entry(piece: list[Term]) -> Entry | None:
    if piece[0].zh:
        return by_zh().get("".join(part.surface for part in piece))
    said = by_en().get(tuple(part.surface for part in piece))
    if said is None and len(piece) == 1 and piece[0].stop:
        return None  # "quite" is no form of "quit", "please" none of "pleased"
    return said or by_lemma().get(tuple(part.lemma for part in piece))


@cache
def _beginnings() -> frozenset[str]:
    """Return what a concept of several words can begin with: most words begin none, and need not be tried."""
    chinese = {key[:end] for key in by_zh() for end in range(1, len(key) + 1)}
    return frozenset(chinese | {key[0] for key in by_en()} | {key[0] for key in by_lemma()})


def _longest(tokens: list[Term], index: int) -> tuple[int, Entry | None]:
    token = tokens[index]
    if not token.begins:
        return 1, None
    end = index + 1
    while end < len(tokens) and end - index < LONGEST and tokens[end].zh == token.zh and not tokens[end].breaks:
        end += 1
    for size in range(end - index, 0, -1):
        entry = _entry(tokens[index : index + size])
        if entry is not None:
            return size, entry
    return 1, None


def _negated(found: list[Term]) -> list[Term]:
    out: list[Term] = []
    denying: Term | None = None
    for term in found:
        if term.breaks:
            denying = None
        elif term.entry is None and term.surface in (NEGATORS_ZH if term.zh else NEGATORS_EN):
            denying = term
        elif denying is not None and denying.zh == term.zh and term.entry and term.entry.kind in ("opinion", "mood"):
            joint = "" if term.zh else " "
            said = ("不" if term.zh else "not") + joint + term.surface
            out.append(Term(surface=said, lemma=f"!{term.lemma}", zh=term.zh, entry=term.entry, negated=True))
            denying = None
            continue
        elif term.surface not in DEGREES:
            denying = None
        out.append(term)
    return out


@cache
def _cutter() -> Any:
    import rjieba

    return rjieba


def _cut(text: str) -> list[str]:
    return list(_cutter().cut(text))


def topic_words(found: tuple[Term, ...]) -> tuple[str, ...]:
    """Return the keys of the terms that carry a topic, for comparing units by their words."""
    return tuple(term.key for term in found if not term.stop and not term.breaks)
