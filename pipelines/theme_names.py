"""Ideas to names: the same idea said in zh and in en, 物流慢 and "Slow delivery".

A word of the other language comes from the theme's own units, else from the glossary, else from the encoder's nearest
words (`pipelines.speech`); an idea that cannot be said in both languages gives way to the next. Brand and product words
stay as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from pipelines.glossary import Entry, by_zh
from pipelines.ideas import Idea
from pipelines.keywords import entry_of
from pipelines.name_words import ABOUT, LONE, OBJECT_AFTER, PAIRS
from pipelines.speech import NEVER, Speech, heard, original, proper, say
from pipelines.terms import lemma
from pipelines.translations import by_parts
from pipelines.word_roles import chinese_role

# The first idea that can be said is taken from those whose head is this strong beside the strongest head …
CLEAR_STRENGTH = 0.45
# … but for a product's name that no other word comes near: Matlab, though nobody can say it in Chinese.
FIRST_STRENGTH = 0.9
# … or with words of the other script left as they are, this strong.
LOAN_STRENGTH = 0.3
# A weaker idea that both languages say goes before a translation nobody says, down to this strength.
SAID_STRENGTH = 0.2
# What one unit alone says names no theme of two languages.
LEAST_SAID = 2
# From which strength on, beside the strongest, an idea is taken, and whether with foreign words left as they are: of
# those that units say in both languages, and of all.
SAID_ROUNDS = ((CLEAR_STRENGTH, False), (LOAN_STRENGTH, True), (SAID_STRENGTH, False))
ROUNDS = ((CLEAR_STRENGTH, False), (LOAN_STRENGTH, True), (0.0, False), (0.0, True))
# Before what that finds comes what is this strong and can be said without the encoder's nearest words, which are right
# for subjects of their own (转账) and odd for what only happens to be frequent (a dish's name as "Thriving"). At .45
# names hold people's classes as often, and a weak word of the glossary goes before a strong one that the encoder knows.
SURE_STRENGTH = 0.7
# … if it is said this often for each time that the strongest is.
SURE_SAID = 0.5


def named(found: Iterable[tuple[float, Idea]], speech: Speech) -> tuple[str, str, str | None]:
    """Return zh name, en name and the key of the head: the first idea that both languages can say.

    Strong ideas whose words the units say in both languages come first, where they speak both; then the best words of
    each language; then what has to be translated: strong ideas, those the glossary has words for first, strong ones
    with foreign words left as they are, weak ones; with none of them, the words stay as they were said.
    """
    everything = list(found)
    if not everything:
        return "", "", None
    top = max(strength for strength, _ in everything)
    if speech.speaks_both():
        for least, loans in SAID_ROUNDS:
            for strength, idea in everything:
                if strength >= least * top and borne_out(idea, speech) and (pair := both(idea, speech, loans=loans)):
                    return *pair, idea.keys[0]
        own = [_own(everything, speech, chinese=chinese) for chinese in (True, False)]
        if all(own):
            return own[0], own[1], None
    first = [idea for strength, idea in everything if strength >= FIRST_STRENGTH * top and _loan(idea.keys[0], speech)]
    for idea in first:
        if (pair := both(idea, speech, loans=True)) is not None:
            return *pair, idea.keys[0]
    for least, loans in ROUNDS:
        for strength, idea in everything:
            if strength >= least * top and (pair := both(idea, speech, loans=loans)) is not None:
                return _surer(everything, idea, speech) or (*pair, idea.keys[0])
    key = everything[0][1].keys[0]
    return original(key, speech.words), sentence_case(original(key, speech.words)), key


def _surer(found: Sequence[tuple[float, Idea]], first: Idea, speech: Speech) -> tuple[str, str, str] | None:
    """Return names and head of an idea about as strong as the first that needs no guess of the encoder's, if it does.

    None where the first needs none either, or says the same and more.
    """
    sure = replace(speech, translate=by_parts)
    top, strongest = max(found, key=lambda one: one[0])
    often = SURE_SAID * speech.words.said[strongest.keys[0]]
    for strength, idea in found:
        as_strong = strength >= SURE_STRENGTH * top and speech.words.said[idea.keys[0]] >= often
        if as_strong and (pair := both(idea, sure, loans=False)) is not None:
            more = first.pattern in ("phrase", "said") and idea.keys[0] in first.keys
            return None if more or idea == first else (*pair, idea.keys[0])
    return None


def _loan(key: str, speech: Speech) -> bool:
    """Say whether a word is written as a name is, and stays as it is in Chinese."""
    word = say(key, speech, chinese=True, loans=True)
    said = original(key, speech.words)
    return word is not None and word.isascii() and proper(said, speech) and said not in speech.common


def _own(found: Iterable[tuple[float, Idea]], speech: Speech, *, chinese: bool) -> str:
    """Return the best name of the words that a theme's units say in one language, or nothing."""
    for _, idea in found:
        forms = [speech.words.forms.get(key, NEVER)[0 if chinese else 1] for key in idea.keys]
        parts = [say(key, speech, chinese=chinese, loans=False) for key in idea.keys]
        said = [part for part in parts if part]
        if idea.pattern == "single" and all(forms) and len(said) == len(parts) and len(said[0]) > 1:
            return sentence_case(in_chinese(idea, said) if chinese else in_english(idea, said))
    return ""


def agreed(found: Sequence[tuple[float, Idea]], speech: Speech) -> bool:
    """Say whether a strong idea that is more than a mood is said in each language that the theme speaks."""
    if not found or not speech.speaks_both():
        return True
    top = max(strength for strength, _ in found)
    strong = (idea for strength, idea in found if strength >= LOAN_STRENGTH * top)
    return any(not _mood(idea.keys[0]) and borne_out(idea, speech) for idea in strong)


def _mood(key: str) -> bool:
    entry = entry_of(key)
    return entry is not None and entry.kind == "mood"


def borne_out(idea: Idea, speech: Speech) -> bool:
    """Say whether the units say an idea's words themselves, in each language that they speak."""
    often = all(speech.words.said[key] >= LEAST_SAID for key in idea.keys)
    return often and all(heard(key, speech, chinese=chinese) for key in idea.keys for chinese in (True, False))


def both(idea: Idea, speech: Speech, *, loans: bool) -> tuple[str, str] | None:
    """Return an idea in zh and en, or None where one of the two cannot say it."""
    zh = [say(key, speech, chinese=True, loans=loans) for key in idea.keys]
    en = [say(key, speech, chinese=False, loans=False) for key in idea.keys]
    first, second = [part for part in zh if part], [part for part in en if part]
    if len(first) < len(zh) or len(second) < len(en):
        return None
    if len(idea.keys) == 1 and not idea.side and len(first[0]) == 1 and _about(idea.keys[0], first[0]) is None:
        longer = _longer(first[0], idea.keys[0])
        if longer is None and not loans:
            return None
        first = [longer or first[0]]
    if len(first) == 2 and (first[0] in first[1] or first[1] in first[0] or _alike(second[0], second[1])):
        if idea.pattern == "said" and not (first[0] in first[1] and _alike(second[0], second[1])):
            return None
        # 功能与功能齐全: one part holds the other, so one says it all.
        longest = int(len(first[1]) > len(first[0]))
        return first[longest], sentence_case(second[longest])
    if idea.pattern == "said" and len(second) == 2 and second[1].endswith(OBJECT_AFTER):
        return sentence_case(glue(first[1], first[0])), sentence_case(f"{second[1]} {second[0]}")
    turned = idea.pattern == "phrase" and _deed_first(idea.keys[0], first[0], speech)
    second = second[::-1] if turned else second
    return sentence_case(in_chinese(idea, first)), sentence_case(in_english(idea, second))


def in_chinese(idea: Idea, parts: list[str]) -> str:
    """Return the Chinese name of an idea from its parts in Chinese."""
    if idea.pattern == "said":
        if idea.side:
            return glue(parts[0], "好" if idea.side > 0 else "差")
        return glue(parts[0], parts[1])
    if idea.pattern == "phrase":
        return glue(parts[0], parts[1])
    if len(parts) == 1:
        about = _about(idea.keys[0], parts[0])
        return glue(about.zh[0], parts[0]) if about else parts[0]
    return with_and(parts)


def in_english(idea: Idea, parts: list[str]) -> str:
    """Return the English name of an idea from its parts in English."""
    subject = parts[0]
    if idea.pattern == "said":
        if idea.side:
            return f"{'Good' if idea.side > 0 else 'Poor'} {subject}"
        own = PAIRS.get((_name(idea.keys[1]), _name(idea.keys[0])))
        return own or _told(subject, parts[1], entry_of(idea.keys[1]), negated=idea.keys[1].startswith("!"))
    if len(parts) == 1:
        about, entry = _about(idea.keys[0], subject), entry_of(idea.keys[0])
        if about is not None and (own := PAIRS.get((_name(idea.keys[0]), about.zh[0]))):
            return own
        return (
            _told(about.en[0], subject, entry, negated=idea.keys[0].startswith("!"))
            if about
            else LONE.get(subject, subject)
        )
    return (" " if idea.pattern == "phrase" else " and ").join(parts)


def _told(subject: str, saying: str, entry: Entry | None, *, negated: bool) -> str:
    """Return subject and saying in the order English has them: Slow delivery, App crashes, Suitable for the skin."""
    if entry is not None and entry.kind == "event" and not negated:
        return f"{subject} {saying}"
    if saying.startswith(("good ", "great ", "poor ", "low ", "high ", "first-", "premium ")):
        return f"{saying} {subject}"
    if saying.startswith("not ") or (" " in saying and entry is not None and entry.polarity):
        return f"{subject} {saying}"
    return f"{saying} {subject}"


def _deed_first(key: str, word: str, speech: Speech) -> bool:
    """Say whether a phrase was said in Chinese with a verb first that English says with a noun last: 安装红绿灯."""
    entry, forms = entry_of(key), speech.words.forms.get(key)
    said = forms is not None and sum(forms[0].values()) > sum(forms[1].values())
    return said and entry is not None and entry.kind in ("aspect", "noun", "deed") and chinese_role(word) == "verb"


def _longer(word: str, key: str) -> str | None:
    """Return a longer way to say one Chinese character that would stand alone, in the same shade: 书籍 for 书."""
    entry = entry_of(key)
    senses = [sense for sense in entry.senses if word in sense[0]] if entry is not None else []
    return next((other for sense in senses for other in sense[0] if len(other) == 2), None)


def _about(key: str, word: str) -> Entry | None:
    """Return what an opinion that stands alone is about, where that goes without saying and its word does not say."""
    entry = entry_of(key)
    about = by_zh().get(ABOUT.get(entry.zh[0], "")) if entry is not None and entry.kind == "opinion" else None
    return None if about is None or about.zh[0] in word or about.en[0] in word else about


def _name(key: str) -> str:
    entry = entry_of(key)
    return ("!" if key.startswith("!") else "") + (entry.zh[0] if entry is not None else key)


def _alike(one: str, other: str) -> bool:
    first, second = ({lemma(word) for word in part.casefold().split()} for part in (one, other))
    return first <= second or second <= first


def glue(first: str, second: str) -> str:
    """Return two Chinese words as one; a word of another script keeps a space beside it."""
    apart_ = bool(first and second) and (first[-1].isascii() or second[0].isascii())
    return f"{first} {second}" if apart_ else first + second


def with_and(parts: Iterable[str]) -> str:
    """Return Chinese words joined by 与: "控件与 UI"."""
    return reduce(lambda first, second: glue(glue(first, "与"), second), parts)


def sentence_case(name: str) -> str:
    """Return an English name with its first letter in upper case."""
    return name if name.startswith(("iOS", "iP", "macOS")) else name[:1].upper() + name[1:]


def distinct(
    names: tuple[str, str], taken: tuple[set[str], set[str]], further: Iterator[tuple[str | None, str | None]]
) -> tuple[str, str]:
    """Return a theme's two names, with the first further word that makes both names nobody else has; take them."""
    zh, en = names
    if not _free(zh, taken[0]) or not _free(en, taken[1]):
        for one, two in further:
            if not one or not two or one in zh or two.casefold() in en.casefold():
                continue
            longer = (f"{zh}（{one}）" if zh else one, f"{en} ({two})" if en else sentence_case(two))
            if _free(longer[0], taken[0]) and _free(longer[1], taken[1]):
                zh, en = longer
                break
        else:
            zh, en = apart(zh, taken[0], (), chinese=True), apart(en, taken[1], (), chinese=False)
    taken[0].add(zh.casefold())
    taken[1].add(en.casefold())
    return zh, en


def _free(name: str, taken: set[str]) -> bool:
    return bool(name) and name.casefold() not in taken


def apart(name: str, taken: set[str], further: Iterable[str], *, chinese: bool) -> str:
    """Return the name, with the first further word of its language that makes it one nobody else has."""
    if _free(name, taken):
        return name
    for word in further:
        if not word or word.isascii() is chinese or word.casefold() in name.casefold():
            continue
        longer = (f"{name}（{word}）" if chinese else f"{name} ({word})") if name else word
        if longer.casefold() not in taken:
            return longer
    number = 2
    while f"{name} {number}".casefold() in taken:
        number += 1
    return f"{name} {number}"
