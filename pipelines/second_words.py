"""A name of one word gets a second: 发动机 alone is a heading, 发动机与机油 / "Engine and oil" says more of it.

The second word is one that the theme's units say, best beside the first, and that both languages can surely say. It is
joined by 与 / "and": a phrase would claim that all units say it, which `pipelines.ideas` has tried before. An adjective
gets what it is said of instead.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.glossary import by_zh
from pipelines.homonyms import meanings_of
from pipelines.ideas import SUBJECTS, Idea, said_of, sides_of
from pipelines.keywords import Words, entry_of
from pipelines.name_words import LOANS, LONE, RECOMMENDING
from pipelines.speech import NEVER, SAME, Speech, heard, original, say
from pipelines.terms import lemma
from pipelines.theme_names import both, glue, with_and
from pipelines.translations import by_parts
from pipelines.word_roles import Role, chinese_role

# Further words of a theme that are tried, the strongest first: beyond them words are hardly its own.
TRIED = 30
# A word that is never said beside the first counts this much of one that always is: "Grid and snap" before "Grid and
# invoice".
APART_WORTH = 0.35
# How much a role is worth as the second word. What happens and what is done would claim too much: "Choice and will come
# back".
WORTH: Mapping[Role, float] = {"aspect": 1.0, "noun": 1.0, "word": 0.7}
# An adjective is said of what this share of those who use it name beside it …
SUBJECT_SHARE = 0.06
# … and a noun gets an adjective that this share of those who name it say.
SAYING_SHARE = 0.18
# Nothing else to say of an aspect, this share of those who name it praise it and as many blame it: that is said.
MIXED_SHARE = 0.2
# A second word is said this often, and by this share of the units.
LEAST_SAID = 2
LEAST_SHARE = 0.02
# Where so many beside those who recommend do not, a theme is about recommending "or not".
NOT_SHARE = 0.2
# Where so many are followed by a noun, what is recommended is a list or a video.
THINGS_SHARE = 0.3
# Words that keep their capitals inside an English name.
WRITTEN = frozenset(LOANS.values()) - {"App"}


def with_second(
    names: tuple[str, str],
    head: str | None,
    speech: Speech,
    *,
    order: Sequence[str],
    strength: Mapping[str, float],
    roles: Mapping[str, Role],
) -> tuple[str, str]:
    """Return a theme's names, one of a single word with a second one where both languages can surely say it.

    A subject of two Chinese characters is a single word too, however many English has for it.
    """
    zh, en = names
    role = roles.get(head, "other") if head is not None else "noun"
    alone = head is not None and zh == say(head, speech, chinese=True, loans=True)
    short = alone and len(zh) <= 2 and not zh.isascii() and role in SUBJECTS
    if not zh or not en or (len(en.split()) > 1 and not short):
        return names
    if head is not None and (told := _recommending(head, speech.words)) is not None:
        return told
    seconds = tuple(_seconds(head, speech.words, order, strength, roles))
    if head is not None and role in ("opinion", "quality", "verb") and en not in LONE.values():
        for key in seconds:
            if speech.words.together(head, key) >= SUBJECT_SHARE * speech.words.said[head] and _said(key, speech):
                pair = both(Idea(keys=(key, head), pattern="said"), speech, loans=False)
                if pair is not None:
                    return pair
    if role in ("opinion", "quality") and en not in LONE.values():
        return names
    if (pair := _joined(names, seconds, speech, sure=True)) is not None:
        return pair
    if head is not None and role in SUBJECTS:
        saying = said_of(head, speech.words, roles, share=SAYING_SHARE)
        if saying is not None and (pair := both(saying, speech, loans=False)) is not None:
            return pair
    # What is not sure is at least no guess of the encoder's besides.
    if (pair := _joined(names, seconds, replace(speech, translate=by_parts), sure=False)) is not None:
        return pair
    if head is not None and role == "aspect" and min(sides_of(head, speech.words, roles).values()) >= MIXED_SHARE:
        written = " ".join(word if word in WRITTEN else word.lower() for word in en.split())
        return glue(zh, "褒贬不一"), f"Mixed views on {written}"
    return names


def _joined(names: tuple[str, str], keys: Iterable[str], speech: Speech, *, sure: bool) -> tuple[str, str] | None:
    """Return the names with the first of the words that both languages can say and that the names do not say yet."""
    for key in keys:
        if (second := _said(key, speech, sure=sure)) is not None and not _repeats(names, second):
            return with_and((names[0], second[0])), f"{names[1]} and {second[1]}"
    return None


def _recommending(head: str, words: Words) -> tuple[str, str] | None:
    """Return the names of a theme whose units recommend, also of one where some do not; nothing for other themes.

    Recommended videos and lists of recommendations are things, and nobody's deed.
    """
    (yes, no), recommended, doubtful = RECOMMENDING
    things = sum(count for (first, _), count in words.next.items() if first == head)
    if head != by_zh()[yes].key or things >= THINGS_SHARE * words.said[head]:
        return None
    denied = sum(
        count
        for forms in words.forms.get(by_zh()[no].key, NEVER)
        for form, count in forms.items()
        if any(word in form for word in (yes, "recommend"))
    )
    return doubtful if denied >= NOT_SHARE * words.said[head] else recommended


def _seconds(
    head: str | None, words: Words, order: Sequence[str], strength: Mapping[str, float], roles: Mapping[str, Role]
) -> Iterator[str]:
    """Yield the words that may stand beside the first, the best first."""
    least = max(LEAST_SAID, LEAST_SHARE * words.units)
    found: dict[str, float] = {}
    for key in order[:TRIED]:
        role = roles.get(key, "other")
        if key == head or role not in WORTH or words.said[key] < least or key.startswith("!"):
            continue
        beside = words.together(head, key) / words.said[key] if head is not None else 0.0
        found[key] = WORTH[role] * strength[key] * (APART_WORTH + (1 - APART_WORTH) * beside)
    yield from sorted(found, key=lambda key: (-found[key], key))


def _said(key: str, speech: Speech, *, sure: bool = True) -> tuple[str, str] | None:
    """Return a word in zh and en, or None where one of the two is no word for a name, or not `sure` but a guess."""
    zh, en = (say(key, speech, chinese=chinese, loans=False) for chinese in (True, False))
    if zh is None or en is None or " " in zh:
        return None
    told = not sure or all(heard(key, speech, chinese=one) for one in (True, False))
    if {zh, en} & set(meanings_of(original(key, speech.words))):
        return (zh, en) if told else None  # our own word, such as 库 for a library of code
    if len(zh) < 2:
        return None
    if entry_of(key) is not None:
        return (zh, en) if told else None
    if not zh.isascii() and chinese_role(zh) not in ("noun", "verb"):
        return None
    forms = speech.words.forms.get(key, NEVER)
    if sure and not zh.isascii() and not all(forms):
        other = zh if forms[1] else en
        if speech.alike(original(key, speech.words), [other])[0] < SAME:
            return None
    return (zh, en) if told else None


def _repeats(names: tuple[str, str], pair: tuple[str, str]) -> bool:
    """Say whether a word says again what a name says: 包装 and 包装盒, "packaging" and "package"."""
    if set(names[0]) & set(pair[0]) and not names[0].isascii():
        return True
    own, other = ({lemma(word) for word in part.casefold().split()} for part in (names[1], pair[1]))
    return bool(own & other)
