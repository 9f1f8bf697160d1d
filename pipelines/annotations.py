"""Readings written between Chinese characters: pinyin and zhuyin in brackets or interleaved, taken out."""

import re
import unicodedata

from pipelines.han import HAN

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_LETTER = f"A-Za-züÜêÊ{_TONED}{_TONED.upper()}"

# Hanyu Pinyin syllables (ISO 7098) as initial and final, tone marks taken off and ü written v.
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|vn|a|e|i|o|u|v)r?"
)
_TONE_MARKS = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))

_BRACKETED = re.compile(rf"([{HAN}]+)\s?[(（]\s?([{_LETTER}'’·\s1-5]{{1,60}}?)\s?[)）]")
_ZHUYIN = re.compile(rf"(?<=[{HAN}])\s?[(（][\u3105-\u312f\u02c9-\u02cb\u02d9\u02ca\u02c7\s]+[)）]")
_INTERLEAVED = re.compile(rf"(?<=[{HAN}])([{_LETTER}]{{1,6}})(?=[{HAN}，。！？；、,.!?;\s]|$)")
_HAS_TONE = re.compile(f"[{_TONED}]", re.IGNORECASE)
_TONE_DIGITS = re.compile(r"(?<=[A-Za-z])[1-5](?![0-9])")


def _is_pinyin(word: str) -> bool:
    plain = unicodedata.normalize("NFD", word.lower()).translate(_TONE_MARKS).replace("u\u0308", "v")
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None


def _syllables(reading: str) -> list[str] | None:
    words = re.split(r"[\s'’·]+", _TONE_DIGITS.sub(" ", reading).strip())
    words = [word for word in words if word]
    return words if words and all(_is_pinyin(word) for word in words) else None


def _readings(text: str) -> list[tuple[re.Match[str], bool]]:
    """All brackets that hold one pinyin syllable or one per character before them, and whether they mark the tone."""
    found = []
    for match in _BRACKETED.finditer(text):
        syllables = _syllables(match[2])
        if syllables is not None and len(syllables) <= len(match[1]):
            toned = bool(_HAS_TONE.search(match[2]) or _TONE_DIGITS.search(match[2]))
            found.append((match, toned))
    return found


def strip_readings(text: str) -> str:
    """Return the text without the pinyin or zhuyin that annotates its characters: 認(rèn)識(shí) becomes 認識.

    A bracket goes when it holds nothing but pinyin syllables, no more than there are characters before it, and marks
    their tones. Without tones it goes only where single syllables are interleaved at least twice, so 苹果(apple) and
    套餐(sale) stay. Bare syllables between characters (认rèn识shí) go when they are toned and there are two or more.
    """
    if "(" in text or "（" in text:
        readings = _readings(text)
        bare = [match for match, toned in readings if not toned and len(_syllables(match[2]) or ()) == 1]
        gone = [match for match, toned in readings if toned or (len(bare) > 1 and match in bare)]
        for match in reversed(gone):
            text = text[: match.end(1)] + text[match.end() :]
        text = _ZHUYIN.sub("", text)
    if _HAS_TONE.search(text):
        inline = [m for m in _INTERLEAVED.finditer(text) if _HAS_TONE.search(m[1]) and _is_pinyin(m[1])]
        if len(inline) > 1:
            for match in reversed(inline):
                text = text[: match.start()] + text[match.end() :]
    return text
