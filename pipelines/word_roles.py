"""What part a word can play in a name: Chinese by jieba's own dictionary, English by its ending and its company.

English has no dictionary of parts of speech here, and needs none: what stands before "the grid" and "to grid" tells.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from pipelines.glossary import Kind, by_key
from pipelines.terms import Term

Role = Kind | Literal["quality", "word", "other"]
"""A glossary concept's kind, else "noun", "verb", "quality" (an adjective), "word" (unclear) or "other" (no name)."""

# Who stands before a noun, a verb, an adjective; and after a noun.
_NOUN = "the a an my this these those your our their his her its any some each every no of with for another per"
_VERB = (
    "to i you we they he she can could would will should must might may don't doesn't didn't can't couldn't won't "
    "please let cannot i'd i'll who and"
)
_QUALITY = (
    "is are was were be been very so too really more most quite pretty extremely how as less super seems feel feels "
    "looks look it's that's isn't wasn't"
)
_AFTER_NOUN = "is are was were has of"
BEFORE = {
    "noun": frozenset(_NOUN.split()),
    "verb": frozenset(_VERB.split()),
    "quality": frozenset(_QUALITY.split()),
}
AFTER_NOUN = frozenset(_AFTER_NOUN.split())
ENDINGS: tuple[tuple[tuple[str, ...], Role], ...] = (
    (("ly",), "other"),
    (("'d", "'ll", "'ve", "'re", "'m"), "other"),
    (("tion", "sion", "ment", "ness", "ity", "ship", "ance", "ence", "ism", "age", "ware"), "noun"),
    (("ful", "ous", "ive", "able", "ible", "less", "ish", "est"), "quality"),
    (("ed",), "verb"),
)
# A word is what its company says where that was seen this often, and this much of it agrees.
LEAST_SEEN = 2
AGREED = 0.5
# Nouns that look like adverbs, and the like.
_NOT_BY_ENDING = "family assembly supply reply jelly belly weed speed breed message package garage finance science"
NOT_BY_ENDING = frozenset(_NOT_BY_ENDING.split())


def ending_role(word: str) -> Role:
    """Return what an English word's ending says it is, else "word"."""
    if word in NOT_BY_ENDING or len(word) < 5:
        return "word"
    for endings, role in ENDINGS:
        if word.endswith(endings):
            return role
    return "word"


def chinese_role(word: str) -> Role:
    """Return what a Chinese word is: by jieba's dictionary; a word unknown to it is "word"."""
    tag = _tags().get(word)
    if tag is None:
        return "word"
    if tag in ("nr", "nrt", "nrfg"):
        return "word"
    if tag[0] in "ni" or tag in ("vn", "an", "l", "s", "j", "z"):
        return "noun"
    if tag[0] == "v":
        return "verb"
    return "quality" if tag[0] in "ab" else "other"


def roles_of(said: Iterable[Sequence[Term]]) -> dict[str, Role]:
    """Return the role of every key in the terms of units."""
    company: dict[str, Counter[str]] = {}
    surfaces: dict[str, Counter[str]] = {}
    for found in said:
        for index, term in enumerate(found):
            if term.stop or term.breaks:
                continue
            seen = surfaces.setdefault(term.key, Counter())
            seen[term.surface] += 1
            if not term.zh and term.entry is None:
                _meet(company.setdefault(term.key, Counter()), found, index)
    return {key: _role(key, surfaces[key], company.get(key, Counter())) for key in surfaces}


def _meet(seen: Counter[str], found: Sequence[Term], index: int) -> None:
    before = found[index - 1].surface if index else ""
    after = found[index + 1] if index + 1 < len(found) else None
    modifies = after is not None and not after.stop and not after.breaks
    for role, company in BEFORE.items():
        if before in company:
            # "the blank template": blank stands where nouns do, but before the noun.
            seen["modifier" if role == "noun" and modifies else role] += 1
    if after is not None and after.surface in AFTER_NOUN:
        seen["noun"] += 1


def _role(key: str, surfaces: Counter[str], seen: Counter[str]) -> Role:
    entry = by_key().get(key.removeprefix("!"))
    if entry is not None:
        return entry.kind
    if "\u3400" <= key[:1] <= "\u9fff":
        return chinese_role(key)
    most = min(surfaces, key=lambda form: (-surfaces[form], form))
    ending = ending_role(most)
    if ending in ("other", "quality"):
        return ending
    heard = Counter({role: seen[role] for role in ("noun", "verb", "quality")})
    heard[ending] += 1 if ending != "word" else 0
    total = sum(heard.values())
    if total < LEAST_SEEN:
        return ending
    role, count = min(heard.items(), key=lambda one: (-one[1], one[0]))
    return _ROLES[role] if count >= AGREED * total else "word"


_ROLES: Mapping[str, Role] = {"noun": "noun", "verb": "verb", "quality": "quality", "word": "word"}


@cache
def _tags() -> dict[str, str]:
    """Return the part of speech of each Chinese word, from jieba's own dictionary file."""
    import jieba

    path = Path(str(jieba.__file__)).with_name("dict.txt")
    tags: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        tags[word] = rest.partition(" ")[2] or "n"
    return tags
