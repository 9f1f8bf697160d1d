"""Text decoded with the wrong encoding, repaired where the repair is certain."""

import functools
import re
from typing import Any

_HAN = re.compile("[\u4e00-\u9fff]")
_CHINESE = re.compile("[\u4e00-\u9fff\u3001-\u3011\uff01-\uff1f“”‘’…—]+")
_LEGIBLE = 6  # a repair must read: at most one lost character in six
_SUSPECT = re.compile("[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u2122\u0400-\u04ff\u0370-\u03ff]{2}")
# UTF-8 read as GBK: every Chinese character's first byte is E4–E9 and its second 80–BF. As GBK such pairs are rare
# characters (鐗, 浜, 鍦), and about one in three of what comes out is one of them.
_UTF8_AS_GBK = re.compile(
    "[" + "".join(bytes((a, b)).decode("gbk") for a in range(0xE4, 0xEA) for b in range(0x80, 0xC0)) + "]"
)
_RARE_SHARE = 8  # suspicion from one rare character in eight
# UTF-8 read as Latin-1 or Windows-1252 shows bytes 80–9F, which GBK of everyday characters does not have: ftfy's part.
_UTF8_AS_LATIN = re.compile("[\x80-\xa0\u0152-\u2122]")
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
    # A byte that GBK has no character for shows as U+FFFD or a question mark; what it belonged to stays lost.
    fixed = text.replace("\ufffd", "?").encode("gb18030", "replace").decode("utf-8", "replace")
    lost = fixed.count("\ufffd")
    return fixed if lost * _LEGIBLE <= len(fixed) and len(_HAN.findall(fixed)) >= 2 else text


def _from_latin(match: re.Match[str]) -> str:
    try:
        fixed = match[0].encode("latin-1").decode("gb2312")
    except UnicodeError:
        return match[0]
    return fixed if _CHINESE.fullmatch(fixed) else match[0]


def repair(text: str) -> str:
    """Return the text with mojibake undone, or the same text where no repair is certain.

    UTF-8 read as Latin-1, Windows-1252 and the like is left to ftfy; UTF-8 read as GBK and GBK read as Latin-1 are
    tried here. A repair that would lose Chinese characters is not made.
    """
    if text.isascii():
        return text
    if len(_UTF8_AS_GBK.findall(text)) * _RARE_SHARE >= len(text):
        text = _from_gbk(text)
    if not _SUSPECT.search(text):
        return text
    if not _HAN.search(text) and not _UTF8_AS_LATIN.search(text):
        text = _GBK_AS_LATIN.sub(_from_latin, text)
    ftfy, config = _ftfy()
    if ftfy.is_bad(text):
        fixed: str = ftfy.fix_text(text, config)
        if len(_HAN.findall(fixed)) >= len(_HAN.findall(text)):
            text = fixed
    return text
