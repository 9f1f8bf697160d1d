"""What the models read in place of a text: the same words in one script, one width and without masks."""

import functools
import re
from typing import Any

from pipelines.redact import MASKS
from pipelines.width import fold_width

_MASK = re.compile("|".join(re.escape(mask) for mask in sorted(MASKS, key=len, reverse=True)))
_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("‘’", "''")


@functools.cache
def _simplifier() -> Any:
    # t2s maps characters; tw2sp would also replace words (介面卡頓 → 适配器顿).
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Return the text with Traditional characters in their Simplified form, and nothing else changed."""
    if text.isascii():
        return text
    try:
        simplified: str = _simplifier().convert(text)
    except UnicodeEncodeError:
        # Half a character, where bytes did not decode: OpenCC takes whole ones only.
        return text
    return simplified


def shadow(text: str) -> str:
    """Return the text as models read it: Simplified Chinese, half-width letters, masks out, white space folded.

    Case and Chinese punctuation are kept: encoders lower-case for themselves, and sentiment reads the marks.
    """
    if "[" in text:
        text = _MASK.sub(" ", text)
    text = simplify(fold_width(text).translate(_QUOTES))
    return _SPACE.sub(" ", text).strip()
