"""How words are written where they need not begin with a capital: iPhone, GitHub, Nintendo."""

import re
from collections import Counter
from collections.abc import Iterable

WORD = re.compile(r"(?<![A-Za-z0-9'’])[A-Za-z][A-Za-z]+(?![A-Za-z'’])")
# A text mostly in capitals shouts, and tells nothing of any word.
SHOUTED = 0.5
# A capital at the start of a sentence tells nothing either.
START = re.compile(r"(?:^|[.!?。！？:：\n\"“(（*\-]\s*)$")
# Seen this often inside sentences, and mostly so, a capital is how the word is written.
LEAST_SEEN = 2
MOSTLY = 0.7


def cased_words(texts: Iterable[str]) -> dict[str, str]:
    """Return, by its lower case, every word that is mostly written with a capital inside sentences."""
    seen: dict[str, Counter[str]] = {}
    for text in texts:
        letters = [letter for letter in text if letter.isascii() and letter.isalpha()]
        if not letters or sum(letter.isupper() for letter in letters) > SHOUTED * len(letters) > 6 * SHOUTED:
            continue
        for match in WORD.finditer(text):
            if not START.search(text[max(0, match.start() - 3) : match.start()]):
                seen.setdefault(match.group().lower(), Counter())[match.group()] += 1
    found: dict[str, str] = {}
    for word, forms in seen.items():
        form, count = min(forms.items(), key=lambda one: (-one[1], one[0]))
        if form != word and count >= LEAST_SEEN and count >= MOSTLY * sum(forms.values()):
            found[word] = form
    return found
