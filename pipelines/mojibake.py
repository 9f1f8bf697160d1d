"""Text decoded with the wrong encoding, repaired where the repair is certain."""

import functools
import re
from typing import Any

_HAN = re.compile("[\u4e00-\u9fff]")
_SUSPECT = re.compile("[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u2122\u0400-\u04ff\u0370-\u03ff]{2}")
# UTF-8 read as GBK: 的 是 不 了 ， 。 and their neighbours turn into characters that hardly occur in real text.
_UTF8_AS_GBK = re.compile("[锛銆鐨鏄浜鍙涓鎴戝湁鍦杩瀹鏈澶璐閫]")
# GBK read as Latin-1: nothing but pairs of letters above 0xA0.
_GBK_AS_LATIN = re.compile("(?:[\u00a1-\u00fe]{2}){2,}")


@functools.cache
def _ftfy() -> tuple[Any, Any]:
    import ftfy

    # Its defaults would turn Chinese punctuation into ASCII and curly quotes into straight ones.
    config = ftfy.TextFixerConfig(
        unescape_html=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        normalization=None,
    )
    return ftfy, config


def _from_gbk(text: str) -> str:
    # An odd byte at the end was lost in the first decoding and shows as U+FFFD or a question mark.
    body = text.rstrip("\ufffd?")
    try:
        fixed = body.encode("gb18030").decode("utf-8", "strict" if body == text else "ignore")
    except UnicodeError:
        return text
    return fixed if len(_HAN.findall(fixed)) >= max(2, len(body) // 4) else text


def _from_latin(match: re.Match[str]) -> str:
    try:
        fixed = match[0].encode("latin-1").decode("gb2312")
    except UnicodeError:
        return match[0]
    return fixed if len(_HAN.findall(fixed)) * 2 >= len(fixed) else match[0]


def repair(text: str) -> str:
    """Return the text with mojibake undone, or the same text where no repair is certain.

    UTF-8 read as Latin-1, Windows-1252 and the like is left to ftfy; UTF-8 read as GBK and GBK read as Latin-1 are
    tried here. A repair that would lose Chinese characters is not made.
    """
    if text.isascii():
        return text
    if len(_UTF8_AS_GBK.findall(text)) >= 2:
        text = _from_gbk(text)
    if not _SUSPECT.search(text):
        return text
    ftfy, config = _ftfy()
    if ftfy.is_bad(text):
        fixed: str = ftfy.fix_text(text, config)
        if len(_HAN.findall(fixed)) >= len(_HAN.findall(text)):
            text = fixed
    if not _HAN.search(text):
        text = _GBK_AS_LATIN.sub(_from_latin, text)
    return text
