"""Ideas to names: the same idea said in zh and in en, 物流慢 and "Slow delivery".

A word of the other language comes from the theme's own units, else from the glossary, else from the encoder's nearest
words; an idea that cannot be said in both languages gives way to the next. Brand and product words stay as they are.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.glossary import Entry, Sense, by_zh
from pipelines.ideas import Idea
from pipelines.keywords import Words, entry_of
from pipelines.name_words import ABOUT, LOANS, LONE, PAIRS, UNSHOWN
from pipelines.terms import lemma
from pipelines.translations import Translate
from pipelines.word_roles import chinese_role

# A concept is named in a language by that language's own word where this share of its mentions is in it: a stray
# "lcd" among a thousand 屏幕 does not name the theme.
OWN_SHARE = 0.1
# The first idea that can be said is taken from those whose head is this strong beside the strongest head …
CLEAR_STRENGTH = 0.45
# … or with words of the other script left as they are, this strong.
LOAN_STRENGTH = 0.3
# "Suitable for" and the like come before what they are said of, in both languages.
OBJECT_AFTER = (" for", " to", " with")
# Degrees that a name leaves out: 太贵 is 贵.
DEGREES_ZH = ("很", "太", "超", "挺", "真")
# An English word of a name has three letters and a vowel.
READABLE = re.compile("^(?=.*[aeiouy])[a-z']{3,}$")
# The encoder's word for another meaning of a glossary word is taken where it is this much nearer to the theme's centre.
NEARER = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What it takes to say a theme's words: its counts, a translator, how names are written (`cased`), which words
    are heard in it, how near a word is to its centre and to other words (cosines), and which English words are no
    brands (`common`)."""

    words: Words
    translate: Translate
    cased: Mapping[str, str]
    heard: Collection[str]
    near: Callable[[str], float]
    alike: Callable[[str, Sequence[str]], Sequence[float]]
    common: Collection[str]


def named(found: Iterable[tuple[float, Idea]], speech: Speech) -> tuple[str, str, str | None]:
    """Return zh name, en name and the key of the head: the first idea that both languages can say.

    Strong ideas come first, then strong ones with foreign words left as they are, then weak ones; with none of them,
    the words stay as they were said.
    """
    everything = list(found)
    if not everything:
        return "", "", None
    top = everything[0][0]
    rounds = ((CLEAR_STRENGTH, False), (LOAN_STRENGTH, True), (0.0, False), (0.0, True))
    for least, loans in rounds:
        for strength, idea in everything:
            if strength >= least * top and (pair := both(idea, speech, loans=loans)) is not None:
                return *pair, idea.keys[0]
    key = everything[0][1].keys[0]
    return original(key, speech.words), sentence_case(original(key, speech.words)), key


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
        return sentence_case(_glue(first[1], first[0])), sentence_case(f"{second[1]} {second[0]}")
    turned = idea.pattern == "phrase" and _deed_first(idea.keys[0], first[0], speech)
    second = second[::-1] if turned else second
    return sentence_case(in_chinese(idea, first)), sentence_case(in_english(idea, second))


def in_chinese(idea: Idea, parts: list[str]) -> str:
    """Return the Chinese name of an idea from its parts in Chinese."""
    if idea.pattern == "said":
        if idea.side:
            return _glue(parts[0], "好" if idea.side > 0 else "差")
        return _glue(parts[0], parts[1])
    if idea.pattern == "phrase":
        return _glue(parts[0], parts[1])
    if len(parts) == 1:
        about = _about(idea.keys[0], parts[0])
        return _glue(about.zh[0], parts[0]) if about else parts[0]
    return "与".join(parts)


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


def _glue(first: str, second: str) -> str:
    """Return two Chinese words as one; a word of another script keeps a space beside it."""
    apart_ = bool(first and second) and (first[-1].isascii() or second[0].isascii())
    return f"{first} {second}" if apart_ else first + second


def say(key: str, speech: Speech, *, chinese: bool, loans: bool) -> str | None:
    """Return a key in a language: the theme's own word, else the glossary's, the encoder's, a loan; else None."""
    forms = speech.words.forms.get(key, (Counter(), Counter()))
    own = forms[0 if chinese else 1]
    entry = entry_of(key)
    if entry is None and key.isascii() and not READABLE.search(key) and key not in LOANS:
        return None
    if entry is not None:
        return _say_concept(key, entry, forms, speech, chinese=chinese)
    if own:
        return _written(min(own, key=lambda form: (-own[form], form)), speech, chinese=chinese)
    word = original(key, speech.words)
    found = speech.translate(word, "zh" if chinese else "en", speech.heard)
    if (
        chinese
        and not key.startswith("!")
        and word.isascii()
        and (word in LOANS or (found is None and _proper(word, speech)))
    ):
        return _written(word, speech, chinese=True)
    if found is None and loans and chinese and word.isascii() and word not in speech.common:
        return _written(word, speech, chinese=True)
    return found


def _say_concept(
    key: str, entry: Entry, forms: tuple[Counter[str], Counter[str]], speech: Speech, *, chinese: bool
) -> str:
    sense = _sense(entry, forms)
    negation = ("不" if chinese else "not ") if key.startswith("!") else ""
    own = forms[0 if chinese else 1]
    said: dict[str, int] = {}
    for form, count in own.items():
        bare = form.removeprefix(negation) if negation else form
        listed = _listed(bare, sense, chinese=chinese)
        if listed is not None and _fits(listed, entry, chinese=chinese):
            said[listed] = said.get(listed, 0) + count
    heard = sum(sum(side.values()) for side in forms)
    word = sense[0 if chinese else 1][0]
    if not own and not negation and entry.kind in ("aspect", "noun", "person", "opinion"):
        word = _aligned(forms[1 if chinese else 0], sense, entry, speech, chinese=chinese)
    if not own and not negation and entry.kind in ("aspect", "noun", "verb"):
        word = _homonym(original(key, speech.words), word, speech, chinese=chinese)
    if said and entry.kind not in ("deed", "mood") and sum(own.values()) >= OWN_SHARE * heard:
        word = min(said, key=lambda form: (-said[form], form))
    return negation + _written(word, speech, chinese=chinese)


def _aligned(said: Counter[str], sense: Sense, entry: Entry, speech: Speech, *, chinese: bool) -> str:
    """Return the word of a concept for what is said in the other language: pants for 裤子, though both are clothes."""
    own, other = sense[0 if chinese else 1], sense[1 if chinese else 0]
    listed = [form for form in said if _listed(form, sense, chinese=not chinese) in other]
    if not listed or (heard := min(listed, key=lambda form: (-said[form], form))) == other[0]:
        return own[0]
    fitting = [form for form in own[1:] if _fits(form, entry, chinese=chinese) and form not in UNSHOWN]
    likeness = speech.alike(heard, (own[0], *fitting))
    best = max(range(len(likeness)), key=lambda place: (likeness[place], -place))
    return (own[0], *fitting)[best] if likeness[best] >= likeness[0] + NEARER else own[0]


def _homonym(heard: str, word: str, speech: Speech, *, chinese: bool) -> str:
    """Return the glossary's word, or the encoder's where that is much nearer to the theme: no 服务员 for a computer."""
    if not chinese or " " in heard:
        return word
    other = speech.translate(heard, "zh", speech.heard)
    if other is None or word in other or other in word or speech.near(other) < speech.near(word) + NEARER:
        return word
    return other


def _sense(entry: Entry, forms: tuple[Counter[str], Counter[str]]) -> Sense:
    """Return the shade of a concept that is meant most, in either language."""
    if len(entry.senses) == 1:
        return entry.senses[0]
    worth = [0] * len(entry.senses)
    for chinese, own in ((True, forms[0]), (False, forms[1])):
        for form, count in own.items():
            bare = form.removeprefix("不" if chinese else "not ")
            for place, sense in enumerate(entry.senses):
                if _listed(bare, sense, chinese=chinese) is not None:
                    worth[place] += count
                    break
    return entry.senses[worth.index(max(worth))]


def _listed(form: str, sense: Sense, *, chinese: bool) -> str | None:
    """Return a form as a shade has it: itself, or a plural of it; other forms ("ordered") make poor names."""
    words = sense[0 if chinese else 1]
    if form in UNSHOWN and not chinese:
        return words[0]
    if chinese and form[:1] in DEGREES_ZH and form[1:] in words:
        return form[1:]
    if form in words:
        return form
    if not chinese and any(form in (word + "s", word + "es", word[:-1] + "ies") for word in words):
        return form
    return None


def _fits(form: str, entry: Entry, *, chinese: bool) -> bool:
    """Say whether a form reads well inside a name: long ways to say an opinion do not."""
    if entry.kind in ("aspect", "event", "noun", "person"):
        return len(form) <= 6 if chinese else form.count(" ") <= 2
    return len(form) <= 4 if chinese else " " not in form or form.endswith(OBJECT_AFTER)


def _written(word: str, speech: Speech, *, chinese: bool) -> str:
    """Return a word as it is written: a brand with its capitals."""
    if chinese and not word.isascii():
        return word
    if not chinese and word == "app":
        return word
    return " ".join(LOANS.get(part) or speech.cased.get(part) or part for part in word.split(" "))


def _proper(word: str, speech: Speech) -> bool:
    return all(part in speech.cased or part in LOANS for part in word.split())


def original(key: str, words: Words) -> str:
    """Return the way a key is said most, in whichever language."""
    forms = words.forms.get(key)
    either = {**forms[0], **forms[1]} if forms else {}
    return min(either, key=lambda form: (-either[form], form)) if either else key.lstrip("!=")


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
