"""The name of a defined theme in the language it was not given in: from the glossary, word by word, or not at all."""

from pipelines.records import CodebookEntry
from pipelines.terms import Term, terms
from pipelines.theme_names import sentence_case
from pipelines.translations import Translate, Wanted

MOST_WORDS = 3
"""A name of more words than this is a sentence, which nothing here can translate."""
AND = frozenset({"与", "和", "及", "、", "/", "&", "and", "＆"})
KINDS = frozenset({"aspect", "noun", "person", "event", "deed"})
"""Concepts that a name can be put together from; "pull" in "pull requests" is none."""
LEFT_OUT = frozenset({"的", "-", "·", "the"})


def in_both(entry: CodebookEntry, translate: Translate) -> tuple[str, str]:
    """Return the Chinese and the English name; where one is missing and cannot be derived surely, the given one.

    `translate` (see `pipelines.translations.translator`) is asked for words that the glossary does not know.
    """
    if entry.name_zh and entry.name_en:
        return entry.name_zh, entry.name_en
    if entry.name_zh:
        return entry.name_zh, derive(entry.name_zh, wanted="en", translate=translate) or entry.name_zh
    return derive(entry.name_en, wanted="zh", translate=translate) or entry.name_en, entry.name_en


def derive(name: str, *, wanted: Wanted, translate: Translate) -> str | None:
    """Return a name in the other language, or None where a part of it would be a guess."""
    found = terms(name)
    words = [term for term in found if term.surface not in AND | LEFT_OUT]
    if not 0 < len(words) <= MOST_WORDS or any(term.stop for term in words):
        return None
    said = [_said(term, wanted, translate) for term in words]
    whole = [word for word in dict.fromkeys(said) if word is not None]
    if None in said:
        return None
    joined = any(term.surface in AND for term in found)
    if wanted == "zh":
        return ("与" if joined else "").join(whole)
    return sentence_case((" and " if joined else " ").join(whole))


def _said(term: Term, wanted: Wanted, translate: Translate) -> str | None:
    if term.entry is None:
        return translate(term.surface, wanted, ())
    if term.entry.kind not in KINDS:
        return None
    for zh, en in term.entry.senses:
        if term.surface in (zh if wanted == "en" else en):
            return (en if wanted == "en" else zh)[0]
    return (term.entry.en if wanted == "en" else term.entry.zh)[0]
