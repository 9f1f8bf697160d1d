"""Exact words: FTS5 over text with a space around every CJK character, asked as a phrase.

So a Chinese word of any length is found exactly, two characters (退款) included, and no word segmentation can hide it.
"""

import re

CJK = re.compile(r"([\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])")
QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|(\S+)')


def spaced(text: str) -> str:
    """Return the text with a space around every CJK character, as the index holds it."""
    return CJK.sub(r" \1 ", text)


def phrase_query(question: str) -> str | None:
    """Return the FTS5 query for what a person typed: every word or quoted phrase must occur; None where no word is.

    Each part becomes a quoted phrase, so that no character of it can be taken for query syntax.
    """
    phrases = []
    for match in QUOTED.finditer(question):
        part = next(group for group in match.groups() if group)
        words = re.findall(r"\w+", spaced(part))
        if words:
            phrases.append('"' + " ".join(words) + '"')
    return " AND ".join(phrases) or None
