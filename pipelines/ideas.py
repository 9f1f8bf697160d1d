"""Words to ideas: what a theme's units talk about and what they say of it, the best idea first.

An idea is aspect + what is said where enough units say the two together and do not also say the opposite; else a
phrase, else the two strongest things talked about, else one of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pipelines.keywords import Words, polarity_of
from pipelines.word_roles import Role

Pattern = Literal["said", "phrase", "both", "single"]

# What can be the subject of a name, and what can be said of one.
SUBJECTS: frozenset[Role] = frozenset({"aspect", "noun", "word"})
SAYINGS: frozenset[Role] = frozenset({"opinion", "event", "mood", "quality"})

# An opinion belongs in the name where a quarter of the units that name the aspect say it …
SAID_SHARE = 0.25
# … or, all opinions of that side taken together, half of them (then the name says good or bad).
SIDE_SHARE = 0.5
# The other side may not be heard more than this often beside it: "Slow delivery" must not hold the fast ones.
OTHER_SIDE = 0.35
# An opinion that leads a theme needs a subject that this share of those who hold it name beside it.
SUBJECT_SHARE = 0.12
# An opinion without a subject is a name of its own only where this share of the units hold it.
ALONE_SHARE = 0.25
# … and what happens or is done, where this share tell of it.
EVENT_SHARE = 0.1
# Two words said side by side this often, as a share of the rarer one and of the head, are a phrase.
PHRASE_SHARE = 0.4
PHRASE_OF_HEAD = 0.2
# A second subject joins the first in a name where it is at least this strong beside it and in this share of the units.
SECOND_STRENGTH = 0.5
SECOND_SHARE = 0.1
# A name claims its opinion of the whole theme: this share of the units say the one word or the other. Below it "Rude
# service" stood over two rude waiters among thirty vexed remarks.
CLAIM_SHARE = 0.2
# Words tried as the head of a name.
HEADS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What a name is made of, before it is put in words: one or two keys and how they go together."""

    keys: tuple[str, ...]
    pattern: Pattern
    side: int = 0


def ideas(
    words: Words, strength: Mapping[str, float], rarity: Mapping[str, float], roles: Mapping[str, Role]
) -> Iterator[tuple[float, Idea]]:
    """Yield ideas with the strength of their head, the best first; the last ones are single words of any kind."""
    order = sorted(strength, key=lambda key: (-strength[key], key))
    for head in order[:HEADS]:
        yield from ((strength[head], idea) for idea in _about(head, order, words, strength, rarity, roles))
    for head in order:
        role = roles.get(head, "other")
        if role in SUBJECTS or (role in ("event", "deed", "opinion") and _alone(head, role, words)):
            yield strength[head], Idea(keys=(head,), pattern="single")
    for head in order:
        yield strength[head], Idea(keys=(head,), pattern="single")


def _about(
    head: str,
    order: list[str],
    words: Words,
    strength: Mapping[str, float],
    rarity: Mapping[str, float],
    roles: Mapping[str, Role],
) -> Iterator[Idea]:
    role = roles.get(head, "other")
    if role == "deed":
        if _alone(head, role, words):
            yield Idea(keys=(head,), pattern="single")
    elif role in ("opinion", "event", "quality"):
        subject = _subject(head, words, rarity, roles)
        if subject is not None:
            said = said_of(subject, words, roles)
            if said is not None and (head in said.keys or roles[head] != "event"):
                yield said
            elif not _contested(subject, polarity_of(head), words, roles) and _borne(subject, head, words):
                yield Idea(keys=(subject, head), pattern="said")
        if (role == "event" or head == order[0]) and _alone(head, role, words):
            yield Idea(keys=(head,), pattern="single")
    elif role == "verb":
        yield from _phrases(head, words, strength, roles)
    elif role in SUBJECTS:
        said = said_of(head, words, roles)
        if said is not None:
            yield said
        yield from _phrases(head, words, strength, roles)
        floor = max(2.0, SECOND_SHARE * words.units)
        for other in order:
            if strength[other] < SECOND_STRENGTH * strength[head] or other == head:
                continue
            if roles.get(other) in ("aspect", "noun") and words.said[other] >= floor and words.said[head] >= floor:
                yield Idea(keys=(head, other), pattern="both")
                break
        yield Idea(keys=(head,), pattern="single")


def _alone(head: str, role: Role, words: Words) -> bool:
    """Say whether enough units of a theme say what would be its name without a subject."""
    return words.said[head] >= (EVENT_SHARE if role in ("event", "deed") else ALONE_SHARE) * words.units


def _borne(subject: str, saying: str, words: Words) -> bool:
    """Say whether enough units of a theme say what its name would claim of all."""
    return max(words.said[subject], words.said[saying]) >= CLAIM_SHARE * words.units


def _subject(head: str, words: Words, rarity: Mapping[str, float], roles: Mapping[str, Role]) -> str | None:
    """Return what an opinion is said of most, or None where it is said of nothing in particular."""
    best: tuple[float, str] | None = None
    for key, count in words.said.items():
        if key == head or roles.get(key) not in SUBJECTS:
            continue
        share = words.together(head, key) / words.said[head]
        worth = share * rarity[key] * (1.5 if roles.get(key) == "aspect" else 1.0)
        if share >= SUBJECT_SHARE and count >= 2 and (best is None or (-worth, key) < (-best[0], best[1])):
            best = (worth, key)
    return best[1] if best else None


def sides_of(head: str, words: Words, roles: Mapping[str, Role]) -> dict[int, float]:
    """Return which share of the units that name a subject praise and blame it, as heard beside it."""
    sides = {1: 0.0, -1: 0.0}
    for key in words.beside(head):
        side = polarity_of(key)
        if side and roles.get(key) in SAYINGS:
            sides[side] += words.together(head, key) / words.said[head]
    return sides


def _contested(head: str, side: int, words: Words, roles: Mapping[str, Role]) -> bool:
    sides = sides_of(head, words, roles)
    return side != 0 and sides[-side] > OTHER_SIDE * sides[side]


def said_of(head: str, words: Words, roles: Mapping[str, Role], *, share: float = SAID_SHARE) -> Idea | None:
    """Return subject and opinion where one side clearly speaks; the most said opinion, else good or bad.

    The opinion is said by at least `share` of the units that name the subject.
    """
    sides = sides_of(head, words, roles)
    best: dict[int, tuple[float, str]] = {}
    for key in words.beside(head):
        if roles.get(key) not in ("opinion", "event", "quality"):
            continue
        often = words.together(head, key) / words.said[head]
        side = polarity_of(key)
        better = side not in best or (-often, key) < (-best[side][0], best[side][1])
        if better and often >= share and words.together(head, key) >= 2:
            best[side] = (often, key)
    for side in sorted(best, key=lambda one: (-best[one][0], one)):
        other = side and sides[-side] > OTHER_SIDE * max(sides[side], best[side][0])
        if not other and _borne(head, best[side][1], words):
            return Idea(keys=(head, best[side][1]), pattern="said")
    if roles.get(head) != "aspect" or words.said[head] < CLAIM_SHARE * words.units:
        return None
    for side in (1, -1):
        if sides[side] >= SIDE_SHARE and sides[-side] <= OTHER_SIDE * sides[side]:
            return Idea(keys=(head,), pattern="said", side=side)
    return None


def _phrases(head: str, words: Words, strength: Mapping[str, float], roles: Mapping[str, Role]) -> Iterator[Idea]:
    found: list[tuple[float, tuple[str, str]]] = []
    for pair, count in words.next.items():
        if head not in pair or count < 2:
            continue
        other = pair[1] if pair[0] == head else pair[0]
        first, second = (roles.get(key, "other") for key in pair)
        if first not in ("aspect", "noun", "word", "quality", "verb") or second not in SUBJECTS:
            continue
        if count < PHRASE_SHARE * min(words.said[head], words.said[other]) or count < PHRASE_OF_HEAD * words.said[head]:
            continue
        found.append((count * strength.get(other, 0.0), pair))
    for _, pair in sorted(found, key=lambda one: (-one[0], one[1]))[:2]:
        yield Idea(keys=pair, pattern="phrase")
