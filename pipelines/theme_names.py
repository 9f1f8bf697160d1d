"""Words to names: what a theme's units talk about and what they say of it, in zh and en.

A name is aspect + what is said (物流慢, "Slow delivery") where enough units say the two together and do not also say
the opposite; else the strongest phrase, else the two strongest words. The other language's words come from the
theme's own units, else from the glossary, else from the encoder's nearest words, else they stay as they were said.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.glossary import Entry
from pipelines.keywords import Words, entry_of, polarity_of, role_of

Pattern = Literal["said", "phrase", "both", "single"]
Tongue = Literal["zh", "en"]

# A concept is named in a language by that language's own word where this share of its mentions is in it: a stray
# "lcd" among a thousand 屏幕 does not name the theme.
OWN_SHARE = 0.1
ACRONYMS = {
    word.lower(): word
    for word in (
        "USB",
        "LCD",
        "CPU",
        "GPU",
        "RAM",
        "SSD",
        "TV",
        "UI",
        "GPS",
        "Wi-Fi",
        "iOS",
        "PC",
        "AI",
        "API",
        "ATM",
        "PIN",
    )
}

# Words tried for a name in a language that none of the name's own parts can be said in.
STAND_INS = 6

# An opinion belongs in the name where a quarter of the units that name the aspect say it …
SAID_SHARE = 0.25
# … or, all opinions of that side taken together, half of them (then the name says good or bad).
SIDE_SHARE = 0.5
# The other side may not be heard more than this often beside it: "Slow delivery" must not hold the fast ones.
OTHER_SIDE = 0.35
# Two words said side by side this often, as a share of the rarer one, are a phrase.
PHRASE_SHARE = 0.4
# A second word joins the first in a name where it is at least this strong beside it.
SECOND_STRENGTH = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What a name is made of, before it is put in words: one or two keys and how they go together."""

    keys: tuple[str, ...]
    pattern: Pattern
    side: int = 0


def idea_of(words: Words, strength: Mapping[str, float], rarity: Mapping[str, float]) -> Idea:
    """Return what the units of a theme talk about and what they say of it."""
    order = sorted(strength, key=lambda key: (-strength[key], key))
    if not order:
        return Idea(keys=(), pattern="single")
    head = order[0]
    role = role_of(head)
    if role in ("opinion", "event", "mood", "quality"):
        subject = _subject(head, words, rarity)
        if subject is None:
            return Idea(keys=(head,), pattern="single")
        head = subject if role != "event" or role_of(subject) == "aspect" else head
        if head != subject:
            return Idea(keys=(head,), pattern="single")
    said = _said_of(head, words, strength)
    if said is not None:
        return said
    phrase = _phrase(head, words, strength)
    if phrase is not None:
        return phrase
    for other in order:
        if other == head or strength[other] < SECOND_STRENGTH * strength[order[0]]:
            continue
        if role_of(other) in ("aspect", "person", "noun", "word", "verb"):
            return Idea(keys=(head, other), pattern="both")
    return Idea(keys=(head,), pattern="single")


def _subject(head: str, words: Words, rarity: Mapping[str, float]) -> str | None:
    """Return what an opinion is said of most, or None where it is said of nothing in particular."""
    best: tuple[float, str] | None = None
    for key, count in words.said.items():
        if key == head or role_of(key) not in ("aspect", "noun", "word"):
            continue
        share = words.together(head, key) / words.said[head]
        worth = share * rarity[key] * (1.5 if role_of(key) == "aspect" else 1.0)
        if share >= 0.12 and count >= 2 and (best is None or (-worth, key) < (-best[0], best[1])):
            best = (worth, key)
    return best[1] if best else None


def _said_of(head: str, words: Words, strength: Mapping[str, float]) -> Idea | None:
    """Return aspect and opinion where one side clearly speaks; the most said opinion, else good or bad."""
    total = words.said[head]
    sides = {1: 0.0, -1: 0.0}
    best: dict[int, tuple[float, str]] = {}
    for key in words.said:
        if key == head or role_of(key) not in ("opinion", "event", "mood", "quality"):
            continue
        share = words.together(head, key) / total
        side = polarity_of(key)
        if side:
            sides[side] += share
        if role_of(key) == "mood":
            continue
        if share >= SAID_SHARE and (side not in best or (-share, key) < (-best[side][0], best[side][1])):
            best[side] = (share, key)
    for side in sorted(best, key=lambda one: (-best[one][0], one)):
        if sides.get(-side, 0.0) <= OTHER_SIDE * max(sides.get(side, 0.0), best[side][0]):
            return Idea(keys=(head, best[side][1]), pattern="said")
    if role_of(head) != "aspect":
        return None
    for side in (1, -1):
        if sides[side] >= SIDE_SHARE and sides[-side] <= OTHER_SIDE * sides[side]:
            return Idea(keys=(head,), pattern="said", side=side)
    return None


def _phrase(head: str, words: Words, strength: Mapping[str, float]) -> Idea | None:
    best: tuple[float, tuple[str, str]] | None = None
    for pair, count in words.next.items():
        if head not in pair or any(role_of(key) in ("opinion", "mood", "other") for key in pair):
            continue
        other = pair[1] if pair[0] == head else pair[0]
        if count < 2 or count < PHRASE_SHARE * min(words.said[head], words.said[other]):
            continue
        if count < 0.15 * words.said[head]:
            continue
        worth = count * strength.get(other, 0.0)
        if best is None or (-worth, pair) < (-best[0], best[1]):
            best = (worth, pair)
    return Idea(keys=best[1], pattern="phrase") if best else None


Translate = Callable[[str, Tongue], str | None]
"""A word and the language wanted: a word of it, or None where none is known."""


def in_chinese(idea: Idea, words: Words, translate: Translate, order: Sequence[str]) -> str:
    """Return the Chinese name of an idea; `order` are the theme's words, strongest first, for want of better ones."""
    idea, parts = _sayable(idea, words, translate, order, "zh")
    if idea.pattern == "said":
        return _glue(parts[0], {1: "好", -1: "差"}[idea.side] if idea.side else parts[1])
    if idea.pattern == "phrase":
        return _glue(parts[0], parts[1])
    return "与".join(parts)


def in_english(idea: Idea, words: Words, translate: Translate, order: Sequence[str]) -> str:
    """Return the English name of an idea in sentence case; `order` as for `in_chinese`."""
    idea, parts = _sayable(idea, words, translate, order, "en")
    if idea.pattern == "said":
        if idea.side:
            return sentence_case(f"{'Good' if idea.side > 0 else 'Poor'} {parts[0]}")
        entry = entry_of(idea.keys[1])
        told_after = (
            entry is not None and (entry.kind == "event" or " " in parts[1]) and not parts[1].startswith("not ")
        )
        return sentence_case(f"{parts[0]} {parts[1]}" if told_after else f"{parts[1]} {parts[0]}")
    return sentence_case((" " if idea.pattern == "phrase" else " and ").join(parts))


def _sayable(
    idea: Idea, words: Words, translate: Translate, order: Sequence[str], language: Tongue
) -> tuple[Idea, tuple[str, ...]]:
    """Return the idea as far as it can be said in a language, and its parts in that language.

    A part without a word is left out; with no part left, the strongest word that has one stands in; and where there
    is none, the words stay in the language they were said in.
    """
    said = {key: form for key in idea.keys if (form := form_of(key, words, translate, language)) is not None}
    if len(said) == len(idea.keys):
        parts = tuple(said[key] for key in idea.keys)
        if idea.pattern in ("said", "both") and len(parts) == 2 and parts[0].casefold() == parts[1].casefold():
            return Idea(keys=idea.keys[:1], pattern="single"), parts[:1]
        return idea, parts
    if said:
        return Idea(keys=tuple(said), pattern="single"), tuple(said.values())
    for key in order[:STAND_INS]:
        form = form_of(key, words, translate, language)
        if form is not None:
            return Idea(keys=(key,), pattern="single"), (form,)
    return idea, tuple(original(key, words) for key in idea.keys)


def _glue(first: str, second: str) -> str:
    """Return two Chinese words as one; a word of another script keeps a space beside it."""
    apart = bool(first and second) and (first[-1].isascii() or second[0].isascii())
    return f"{first} {second}" if apart else first + second


def form_of(key: str, words: Words, translate: Translate, language: Tongue) -> str | None:
    """Return a key in a language: the way the units say it most, else the glossary's, else the encoder's, else None."""
    chinese = language == "zh"
    entry = entry_of(key)
    forms = words.forms.get(key)
    own = forms[0 if chinese else 1] if forms else {}
    fitting = {form: count for form, count in own.items() if _fits(form, entry, chinese=chinese)}
    heard = sum(sum(side.values()) for side in forms) if forms else 0
    if fitting and (entry is None or sum(own.values()) >= OWN_SHARE * heard):
        form = min(fitting, key=lambda form: (-fitting[form], form))
        return ACRONYMS.get(form, form) if not chinese else form
    if entry is not None:
        name = entry.zh[0] if chinese else entry.en[0]
        return (("不" if chinese else "not ") + name) if key.startswith("!") else name
    return translate(original(key, words), language)


def _fits(form: str, entry: Entry | None, *, chinese: bool) -> bool:
    """Say whether a form reads well inside a name: long ways to say an opinion do not."""
    if entry is None or entry.kind in ("aspect", "event"):
        return len(form) <= 6 if chinese else form.count(" ") <= 2
    return len(form) <= 4 if chinese else " " not in form or form.startswith("not ")


def original(key: str, words: Words) -> str:
    """Return the way a key is said most, in whichever language."""
    forms = words.forms.get(key)
    both = {**forms[0], **forms[1]} if forms else {}
    return min(both, key=lambda form: (-both[form], form)) if both else key.lstrip("!=")


def sentence_case(name: str) -> str:
    """Return an English name with its first letter in upper case."""
    return name if name.startswith("iOS") else name[:1].upper() + name[1:]


def apart(name: str, taken: set[str], further: Iterable[str], *, chinese: bool) -> str:
    """Return the name, with the first further word that makes it one nobody else has."""
    if name and name.casefold() not in taken:
        return name
    for word in further:
        longer = (f"{name}（{word}）" if chinese else f"{name} ({word})") if name else word
        if word and word.casefold() not in name.casefold() and longer.casefold() not in taken:
            return longer
    number = 2
    while f"{name} {number}".casefold() in taken:
        number += 1
    return f"{name} {number}"
