"""Names that a language model proposes, checked: a pair that fails any check is not taken, and the offline name stays.

Nothing here trusts where a pair comes from. What passes is two short names, of letters and a few marks, in the right
script, that nobody else has and that the theme's own units bear out; a remark that talks the model into something else
gets no further than that.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipelines.han import A_HAN, HAN
from pipelines.name_words import LOANS
from pipelines.redact import MASKS, redact
from pipelines.shadow import shadow
from pipelines.terms import terms

Refusal = Literal["unreadable", "markup", "personal", "script", "length", "stop_words", "opposite", "taken", "not_said"]
"""Why a pair is not taken, in the order of the checks."""

# English names are 2 to 8 words. Chinese ones of more than 16 characters fit no list and no chart; 2 are a word (价格).
WORDS_EN = (2, 8)
LETTERS_EN = 60
LETTERS_ZH = (2, 16)
# What a name is written with. No full stop, colon, @, < or [ : no link, address, tag or mask can be written so.
WRITTEN_ZH = re.compile(rf"[{HAN}A-Za-z0-9 、·与&+/（）()%-]+")
WRITTEN_EN = re.compile(r"[A-Za-z\u00c0-\u024f0-9 '’,&+/()%-]+")
LATIN = re.compile(r"[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*")
MARKUP = re.compile(r"[<>{}\[\]`*_#|\\@]|://|&\w+;|www\.", re.IGNORECASE)
# Article, order and telephone numbers are longer than any number a name needs (7 天, 24 小时, 2026 年).
NUMBER = re.compile(r"\d{5,}")
# Longest answer looked at: two names need 100 characters, a fence around them and a long-winded model a few hundred.
LONGEST_ANSWER = 2_000
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n```\Z", re.DOTALL)

SAID_SHARE = 0.1
"""A word bears a name out where a tenth of the theme's units (and two of them) say it. Of the offline names of 43
themes of the bilingual sample, 95 % have a word above it, and of other themes' names 6 %; at .05 it is 11 %. One remark
among many, written to be quoted, is below it."""
SAID_LEAST = 2
NEAR = 0.3
"""… or the whole name is this near to the theme's centre by the encoder's cosine: 90 % of the offline names are nearer
(95 % above .24 in Chinese, .19 in English), of other themes' names 1 %. For names that say it in better words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedNames:
    """A pair of names as proposed: composed characters, single spaces; not yet checked."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What a theme's units bear out: the words (`terms` keys) enough of them say, and nearness to its centre."""

    words: frozenset[str]
    near: Callable[[str], float]


def read_answer(text: str) -> ProposedNames | None:
    """Return the pair in a model's answer: one JSON object with the strings zh and en, a code fence around it at most.

    None where the answer is anything else; other keys are not looked at.
    """
    text = text.strip()
    if len(text) > LONGEST_ANSWER:
        return None
    fenced = _FENCE.match(text)
    try:
        value = json.loads(fenced[1] if fenced else text)
        # An escaped half of a character parses, and can be stored nowhere.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("zh"), str) or not isinstance(value.get("en"), str):
        return None
    return ProposedNames(zh=_tidy(value["zh"]), en=_tidy(value["en"]))


def refusal(names: ProposedNames, backing: Backing, *, taken: Collection[str]) -> Refusal | None:
    """Return why a pair is not taken, None where it is; `taken` holds the `name_key` of names it must differ from."""
    pair = (names.zh, names.en)
    if any(MARKUP.search(name) or any(mask in name for mask in MASKS) for name in pair):
        return "markup"
    if any(NUMBER.search(name) or redact(name).counts for name in pair):
        return "personal"
    if not WRITTEN_ZH.fullmatch(names.zh) or not WRITTEN_EN.fullmatch(names.en):
        return "script"
    # English words inside a Chinese name are brands and loans (App 闪退, iPhone 电池), not a translation beside it.
    if any(word.islower() and word not in LOANS for word in LATIN.findall(names.zh)):
        return "script"
    words = [word for word in re.split(r"[ /]+", names.en) if any(letter.isalpha() for letter in word)]
    if not WORDS_EN[0] <= len(words) <= WORDS_EN[1] or len(names.en) > LETTERS_EN:
        return "length"
    if len(A_HAN.findall(names.zh)) < LETTERS_ZH[0] or len(names.zh.replace(" ", "")) > LETTERS_ZH[1]:
        return "length"
    keys = (topics(names.zh), topics(names.en))
    if not all(keys):
        return "stop_words"
    if _leaning(names.zh) * _leaning(names.en) < 0:
        return "opposite"
    if any(name_key(name) in taken for name in pair):
        return "taken"
    for name, said in zip(pair, keys, strict=True):
        if not said & backing.words and backing.near(shadow(name)) < NEAR:
            return "not_said"
    return None


def words_said(shadows: Sequence[str]) -> frozenset[str]:
    """Return the words that enough of these units say to bear a name out; bare praise or blame (好, "bad") is none."""
    counted: Counter[str] = Counter()
    for text in shadows:
        counted.update(topics(text))
    least = max(SAID_LEAST, SAID_SHARE * len(shadows))
    return frozenset(key for key, count in counted.items() if count >= least)


def topics(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about; a concept has the same key in either language."""
    return frozenset(
        term.key
        for term in terms(shadow(text))
        if not term.stop and not term.breaks and (term.entry is None or term.entry.kind not in ("mood", "idle"))
    )


@lru_cache(maxsize=4_096)
def name_key(name: str) -> str:
    """Return what two names share that read as the same: letters and digits, in lower case and Simplified Chinese."""
    folded = unicodedata.normalize("NFKC", shadow(name)).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _leaning(name: str) -> int:
    """Return whether a name praises (above 0) or blames (below 0)."""
    return sum(
        -term.entry.polarity if term.negated else term.entry.polarity for term in terms(shadow(name)) if term.entry
    )


def _tidy(name: str) -> str:
    """Return a name with composed characters and single spaces, without a full stop or quotation marks around it."""
    name = re.sub(" {2,}", " ", unicodedata.normalize("NFC", name)).strip()
    return name.strip("\"'“”‘’「」。.").strip()
