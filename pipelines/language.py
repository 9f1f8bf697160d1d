"""Which language a span is in: by script first, by words next, by a trained detector only for what remains."""

import functools
import re
from collections.abc import Sequence
from typing import Any

from pipelines.glossary import by_en, by_lemma
from pipelines.han import A_HAN
from pipelines.records import Language
from pipelines.redact import MASKS
from pipelines.terms import lemma, stop_words

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_OTHER_SCRIPT = re.compile(
    "[\u0370-\u1fff\u2c00-\u2fdf\ua000-\uabff]"
)  # Greek to Ethiopic and beyond, not Latin or CJK
_LATIN = re.compile("[A-Za-z]{2}")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)*")
_MASK_OR_LINK = re.compile(rf"{'|'.join(map(re.escape, MASKS))}|(?:https?://|www\.)\S+", re.I)

# A lower-case English word says about as much as two characters: 这个app很nice is mixed, 买了iPhone 15 is Chinese.
_WORD_WEIGHT = 2
_MIXED_FROM = 0.2
_ENGLISH_FROM = 0.9
_ENOUGH = 500  # characters in which a language in Latin letters shows

# The commonest words of English, and those with which feedback speaks. One in four is enough to be sure: the few that
# other languages in Latin letters share ("a", "in", "me") are left out.
_ENGLISH_LIST = """
the and of to is was it for with that this i you my we our they he she but not have has had be been are were so very
good great bad nice love like would will can could from on at as your if or too much more most just only all when
what which who how there their them than then because about after before again also any some every really well work
works worked easy hard fast slow quick quality price service staff product app delivery food room hotel use used
using bought buy get got please thanks thank best better worse worst never always nothing everything don't doesn't
didn't can't won't isn't wasn't it's i'm i've need needs want wanted money time day order ordered ok okay awesome
amazing excellent terrible awful horrible poor perfect happy disappointed recommend waste cheap expensive broken
issue issues problem problems customer support helpful friendly clean dirty screen battery phone fine cool super
loved liked enjoy enjoyed fantastic wonderful item items arrived late early refund return shipping no yes little
long new old first last one two make makes made does did do doing am being over under out up down
"""
_ENGLISH = frozenset(_ENGLISH_LIST.split())
# English words that Chinese has made its own.
_BORROWED_LIST = """
app apps ok okay pc ui wifi vip logo bug bugs kfc diy ppt pdf excel vs max pro mini plus ai up hr
"""
_BORROWED = frozenset(_BORROWED_LIST.split())
_LINGUA_LANGUAGES_LIST = """
ENGLISH FRENCH GERMAN SPANISH PORTUGUESE ITALIAN DUTCH INDONESIAN MALAY TURKISH VIETNAMESE POLISH SWEDISH TAGALOG
"""
_LINGUA_LANGUAGES = tuple(_LINGUA_LANGUAGES_LIST.split())
# A third of the words known as English settles it; the short words below are written alike in other languages.
_KNOWN_FROM = 0.34
_FEWEST_WORDS = 3  # of plain letters: one or two unknown words are a name or a rare word more often than a language
_SURE_OTHER = 0.6  # below it short English with names or slips would be called Dutch or Tagalog
_SHARED_LIST = """
de la le les des un une et est en que el los las por para con no se il che di per da non e o a os as um uma do em na
der die das und ist nicht mit zu den ein eine het een van ik niet op te yang dan ini itu tidak saya ang ng sa hai bhi
"""
_SHARED = frozenset(_SHARED_LIST.split())


@functools.cache
def _detector() -> Any:
    from lingua import Language as Lingua
    from lingua import LanguageDetectorBuilder

    languages = [getattr(Lingua, name) for name in _LINGUA_LANGUAGES]
    # The small models: a tenth of the seconds and of the memory, and what they miss the known words make up for.
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


@functools.cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """Return English words, and the stems of English words, that the themes know."""
    words = {word for phrase in by_en() for word in phrase} | set(filter(str.isascii, stop_words())) | _ENGLISH
    return frozenset(words - _SHARED), frozenset(word for phrase in by_lemma() for word in phrase)


def _known_share(words: Sequence[str]) -> float:
    said, stems = _known()
    return sum(word in said or (word not in _SHARED and lemma(word) in stems) for word in words) / len(words)


@functools.lru_cache(maxsize=16384)
def _latin(text: str) -> Language:
    words = [word.lower().replace("’", "'") for word in _LATIN_WORD.findall(text)]
    if not words:
        return "other"
    if _plainly_english(words) or len(text) < 6 or _known_share(words) >= _KNOWN_FROM:
        return "en"
    if len(words) < _FEWEST_WORDS and text.isascii():
        return "en"
    best = _detector().compute_language_confidence_values(text)[0]
    return "en" if best.language.name == "ENGLISH" or best.value < _SURE_OTHER else "other"


def _plainly_english(words: Sequence[str]) -> bool:
    return sum(word in _ENGLISH for word in words) * 4 >= len(words)


def _said(text: str) -> str:
    """Return the text without masks and links, which are in no language."""
    return _MASK_OR_LINK.sub(" ", text) if "[" in text or "://" in text or "www." in text else text


def inside(text: str, whole: Language) -> Language:
    """Return the language of a span, given that of the text it is from.

    In a text of another language a span in Latin letters is English only where its common words say so: it is too
    short to ask more. In any other text Latin words are English.
    """
    text = _said(text)
    if A_HAN.search(text):
        return "zh" if whole == "zh" and not _LATIN.search(text) else detect(text)
    words = [word.lower().replace("’", "'") for word in _LATIN_WORD.findall(text)]
    if not any(len(word) > 1 for word in words):
        return detect(text)
    return "en" if whole != "other" or _plainly_english(words) else "other"


def detect(text: str) -> Language:
    """Return the language of the text: "zh", "en", "mixed" (both, each with a real share) or "other".

    Characters decide between scripts: kana or Hangul make it "other" even beside Chinese characters. Names and codes in
    capitals do not make Chinese text mixed. Latin text without enough common English words goes to lingua; text with no
    letters at all is "other".
    """
    text = _said(text)
    if text.isascii():
        return _latin(text.strip()[:_ENOUGH])
    han = len(A_HAN.findall(text))
    foreign = len(_KANA.findall(text)) + len(_HANGUL.findall(text)) + len(_OTHER_SCRIPT.findall(text))
    words = _LATIN_WORD.findall(text)
    # One の or ω among many characters is decoration; Japanese has kana in every other word.
    if foreign * 8 > han and foreign * 2 > len(words):
        return "other"
    if not han:
        return _latin(text.strip()[:_ENOUGH])
    plain = [
        word
        for word in words
        if len(word) > 1 and (word.islower() or word.lower() in _ENGLISH) and word not in _BORROWED
    ]
    if not plain:
        return "zh"
    share = len(plain) * _WORD_WEIGHT / (len(plain) * _WORD_WEIGHT + han)
    if share < _MIXED_FROM:
        return "zh"
    return "mixed" if share < _ENGLISH_FROM else "en"
