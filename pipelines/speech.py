"""A theme's words in zh and en: what its units say, and what they do not say, by glossary or encoder.

Where a theme has units enough in a language, a word of that language is good for its name if they say it; a translation
that nobody says is only good where the encoder is sure of it and the theme's centre lies near.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.glossary import Entry, Sense, by_zh
from pipelines.homonyms import meanings_of, subject_worth
from pipelines.keywords import Words, entry_of
from pipelines.name_words import LOANS, OBJECT_AFTER, UNSHOWN
from pipelines.terms import lemma
from pipelines.translations import Translate
from pipelines.word_roles import ending_role

# A concept is named in a language by that language's own word where this share of its mentions is in it: a stray
# "lcd" among a thousand 屏幕 does not name the theme.
OWN_SHARE = 0.1
# A theme speaks a language, and is named in words that its units in it say, from this many of them on …
SPEAKS_UNITS = 4
# … if they are this share of those read; fewer happen to say little of what the theme is about.
SPEAKS_SHARE = 0.15
# A translation that nobody says is sure where the encoder holds it for the same word (退货 and "return" .71, "screen"
# and 屏幕 .75; "group" and 团队 .39, "fine" and 细腻 .17), and it lies near the theme's centre, not much farther off
# than the word itself.
SAME = 0.6
MEANT = 0.2
MEANT_BESIDE = 0.6
# Degrees that a name leaves out: 太贵 is 贵.
DEGREES_ZH = ("很", "太", "超", "挺", "真")
# An English word of a name has three letters and a vowel.
READABLE = re.compile("^(?=.*[aeiouy])[a-z']{3,}$")
# The encoder's word for another meaning of a glossary word is taken where it is this much nearer to the theme's centre.
NEARER = 0.12
# Of the meanings of an English word: how often the nearness beyond the word itself counts beside the whole, and how
# much worthier than the likeliest meaning another must be. At 0 a level of a game is 水平.
BEYOND = 2.5
LIKELIEST = 0.1
# What is said of a word that nobody says.
NEVER: tuple[Counter[str], Counter[str]] = (Counter(), Counter())


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What it takes to say a theme's words: its counts, a translator, how names are written (`cased`), which words
    are heard in it, how near a word is to its centre and to other words (cosines), which English words are no
    brands (`common`), and how many of its units are in zh and in en (`voices`)."""

    words: Words
    translate: Translate
    cased: Mapping[str, str]
    heard: Collection[str]
    near: Callable[[str], float]
    alike: Callable[[str, Sequence[str]], Sequence[float]]
    common: Collection[str]
    voices: tuple[int, int]

    @property
    def lemmas(self) -> frozenset[str]:
        """What the words heard share with their other forms."""
        return frozenset(lemma(part) for word in self.heard if word.isascii() for part in word.split())

    def speaks(self, *, chinese: bool) -> bool:
        """Say whether the theme has units enough in a language to be named in their words."""
        own = self.voices[0 if chinese else 1]
        return own >= SPEAKS_UNITS and own >= SPEAKS_SHARE * sum(self.voices)

    def speaks_both(self) -> bool:
        """Say whether the theme has units enough in either language."""
        return self.speaks(chinese=True) and self.speaks(chinese=False)


def heard(key: str, speech: Speech, *, chinese: bool) -> bool:
    """Say whether a theme's units say what a key is called in a language, or surely mean it; true where they do not
    speak that language."""
    if not speech.speaks(chinese=chinese):
        return True
    word = say(key, speech, chinese=chinese, loans=False)
    if word is None:
        return False
    if speech.words.forms.get(key, NEVER)[0 if chinese else 1]:
        return True
    if chinese and word.isascii():
        return word.casefold() in LOANS or word.casefold() not in speech.common
    if word in speech.heard or (any(word in other for other in speech.heard) if chinese else _head_said(word, speech)):
        return True
    said = original(key, speech.words)
    near = speech.near(word)
    return near >= MEANT and near >= MEANT_BESIDE * speech.near(said) and speech.alike(said, [word])[0] >= SAME


def _head_said(word: str, speech: Speech) -> bool:
    """Say whether what an English word is about is said in any of its forms: the leak of "water leak"."""
    return lemma(word.casefold().split()[-1]) in speech.lemmas


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
    found = _meant(word, speech) if chinese else None
    found = found or speech.translate(word, "zh" if chinese else "en", speech.heard)
    if (
        chinese
        and not key.startswith("!")
        and word.isascii()
        and (word in LOANS or (found is None and proper(word, speech)))
    ):
        return _written(word, speech, chinese=True)
    if (
        found is None
        and loans
        and chinese
        and word.isascii()
        and word not in speech.common
        and ending_role(word) == "word"
    ):
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
    if not own and not negation:
        meant = _meant(original(key, speech.words), speech) if chinese else None
        if meant is not None:
            word = meant
        elif entry.kind in ("aspect", "noun", "verb"):
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


def _meant(said: str, speech: Speech) -> str | None:
    """Return the Chinese word for what the theme means by an English word of several meanings; None for other words.

    A meaning that is said wins, then the one nearest to the centre, above all beyond what is near the word itself:
    表格 where tables have columns, though 桌子 is nearer to "table".
    """
    meanings = meanings_of(said)
    if not meanings:
        return None
    own = speech.near(said)
    worth = []
    for word, likeness in zip(meanings, speech.alike(said, meanings), strict=True):
        near = speech.near(word)
        worth.append((word in speech.heard, near + BEYOND * (near - likeness * own)))
    about = subject_worth(said, near=speech.near, alike=speech.alike)
    worth = [(own_word, of_word + of_subject) for (own_word, of_word), of_subject in zip(worth, about, strict=True)]
    best = max(range(len(meanings)), key=lambda place: (worth[place][0], round(worth[place][1], 4), -place))
    likelier = worth[best][0] == worth[0][0] and worth[best][1] < worth[0][1] + LIKELIEST
    return meanings[0 if likelier else best]


def _homonym(said: str, word: str, speech: Speech, *, chinese: bool) -> str:
    """Return the glossary's word, or the encoder's where that is much nearer to the theme: no 服务员 for a computer."""
    if not chinese or " " in said:
        return word
    other = speech.translate(said, "zh", speech.heard)
    if other is not None and other in speech.heard and word not in speech.heard and other not in by_zh():
        return other
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
    for word in words:
        if form == word.lower():  # "august" was said, August is written
            return word
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


def proper(word: str, speech: Speech) -> bool:
    """Say whether a word is a name: written with a capital inside sentences, or the same in both languages."""
    return all(part in speech.cased or part in LOANS for part in word.split())


def original(key: str, words: Words) -> str:
    """Return the way a key is said most, in whichever language."""
    forms = words.forms.get(key)
    either = {**forms[0], **forms[1]} if forms else {}
    return min(either, key=lambda form: (-either[form], form)) if either else key.lstrip("!=")
