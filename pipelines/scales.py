"""Closed answers → numbers on the scale they were asked on: 4, 4/5, 4星, ★★★★☆, 5 - Very satisfied, 非常满意."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.records import ScaleName, Score
from pipelines.shadow import simplify

# Words with their place on a scale of their own length, worst first. A column is read by the first ladder that
# holds nearly all of its words.
_LADDERS: tuple[tuple[ScaleName, tuple[str, ...]], ...] = (
    (
        "csat",
        (
            "非常不满意|很不满意|极不满意|十分不满意",
            "不满意|不太满意|较不满意|比较不满意",
            "一般|一般满意|中立|普通|尚可",
            "满意|比较满意|较满意|基本满意",
            "非常满意|很满意|十分满意|极其满意|完全满意",
        ),
    ),
    (
        "csat",
        (
            "very dissatisfied|extremely dissatisfied|very unsatisfied|completely dissatisfied",
            "dissatisfied|somewhat dissatisfied|unsatisfied",
            "neutral|neither satisfied nor dissatisfied|neither|ok|okay",
            "satisfied|somewhat satisfied",
            "very satisfied|extremely satisfied|completely satisfied",
        ),
    ),
    (
        "csat",
        (
            "very poor|terrible|awful|very bad|很差|非常差|极差",
            "poor|bad|差|较差|比较差",
            "average|fair|ok|okay|neutral|中|一般|普通",
            "good|好|较好|比较好|不错",
            "excellent|very good|great|outstanding|很好|非常好|优秀|极好",
        ),
    ),
    (
        "ces",
        (
            "very difficult|extremely difficult|very hard|非常困难|非常费力|很困难|非常不容易|非常不轻松",
            "difficult|somewhat difficult|hard|困难|费力|比较困难|不容易|不轻松",
            "neutral|neither easy nor difficult|neither|一般",
            "easy|somewhat easy|fairly easy|容易|轻松|比较容易|比较轻松",
            "very easy|extremely easy|非常容易|非常轻松|很容易|毫不费力",
        ),
    ),
    ("stars", ("很差", "较差", "还行", "推荐", "力荐")),
    ("csat", ("差评", "中评", "好评")),
    ("csat", ("bad", "good")),
)
# Words that people pick and that are no score: agreement, importance, frequency, yes and no.
_PICKED = (
    "非常同意|完全同意|同意|比较同意|一般|不确定|不太同意|不同意|非常不同意|完全不同意|认同|不认同|非常认同|非常不认同"
    "|重要|非常重要|不重要|非常不重要|不便|非常不便|符合|不符合|非常符合|完全符合|非常不符合|经常|有时|偶尔|从不|总是|很少"
    "|是|否|有|没有|不清楚|不知道|男|女|正面|负面|中性|积极|消极"
    "|yes|no|never|rarely|sometimes|often|always|daily|weekly|monthly|agree|disagree|neutral|other|true|false|male|female"
    "|strongly agree|strongly disagree|somewhat agree|somewhat disagree|neither agree nor disagree|very likely|likely"
    "|unlikely|very unlikely|not sure|prefer not to say|not applicable|promoter|passive|detractor|positive|negative"
)
_LADDER_TABLES: tuple[tuple[ScaleName, int, dict[str, int]], ...] = tuple(
    (scale, len(steps), {word: place for place, step in enumerate(steps, start=1) for word in step.split("|")})
    for scale, steps in _LADDERS
)
# Where nobody says more than good and bad, these two are all that could be said.
_SHORT_LADDERS_FIRST = sorted(enumerate(_LADDER_TABLES), key=lambda numbered: numbered[1][1])
_CHOICE_WORDS = frozenset(_PICKED.split("|")) | {word for _, _, table in _LADDER_TABLES for word in table}

# What tools write where a closed question was skipped; Zendesk offers its survey and notes that it did.
_UNANSWERED = frozenset(
    {"(空)", "空", "(跳过)", "跳过", "未作答", "未填", "未填写", "未评价", "未评分", "无评分", "暂无评分"}
    | {"-", "--", "/", "n/a", "na", "#n/a", "null", "nan", "none", "\\n", "not rated", "no rating", "unrated"}
    | {"offered", "unoffered"}
)

_STARS = re.compile(r"([★⭐🌟]+)([☆✩]*)\ufe0f?")
_OF = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(?:/|out of|of)\s*(\d{1,3})(?:\s*(?:stars?|星|分))?", re.IGNORECASE)
_UNIT = re.compile(
    r"(?:(?:rated|评分|打分)[:\s]*)?(\d{1,3}(?:\.\d+)?)\s*(?:星级?|stars?|分|颗星|points?|点|star rating|-?\s*star)",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(\d{1,3})\s*(?:[-–—:：.、=]|\s)\s*\(?\D.*|(\d{1,3})\s*[(（]\D.*[)）]")
_TRAILING = re.compile(r"[^\d(（]+[(（]\s*(\d{1,3})(?:\s*分)?\s*[)）]")
_PLAIN = re.compile(r"[-+]?\d{1,4}(?:[.,]\d+)?")
_CHINESE_STARS = re.compile(r"([一二三四五])(?:颗)?星(?:级)?")
# As pages name their pictures and styles: star5, star-4, sml-str40 (40 of 50), rank5.
_STYLE = re.compile(r"[a-z\s_-]*(?:stars?|str|rank)[\s_-]*(\d{1,2})")

_NPS_NAME = re.compile(r"nps|推荐|recommend", re.IGNORECASE)
_CES_NAME = re.compile(r"\bces\b|轻松|容易|费力|effort|\beas(?:y|e)\b", re.IGNORECASE)
_CSAT_NAME = re.compile(r"csat|满意|satisf", re.IGNORECASE)
_STARS_NAME = re.compile(r"star|星|评分|rating|rate|打分|评级", re.IGNORECASE)

# Shares of the filled cells that must be read before a column counts as a scale.
READ_SHARE = 0.8
LONGEST_ANSWER = 60
TRIMMED = 0.02
TRIMMED_FROM = 50
SUMMED_FROM = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a column's closed answers are read; `words` where they are words of the ladder numbered `ladder`."""

    scale: ScaleName
    low: float
    high: float
    ladder: int | None = None
    share: float = 1.0


def read_values(values: Sequence[str], *, name: str) -> Reading | None:
    """Return the scale of a column from its values and its name, or None where the values are not on any scale."""
    name = simplify(name)
    filled = [plain for value in values if (plain := _plain(value)) and plain not in _UNANSWERED]
    if not filled:
        return None
    for place, (scale, steps, table) in _SHORT_LADDERS_FIRST:
        share = sum(value in table for value in filled) / len(filled)
        if share >= READ_SHARE and len({table[value] for value in filled if value in table}) > (1 if steps < 5 else 0):
            return Reading(scale=_named(name) or scale, low=1.0, high=float(steps), ladder=place, share=share)
    numbers = [read for value in filled if (read := _number(value)) is not None]
    if len(numbers) < READ_SHARE * len(filled):
        return None
    tops = [high for _, high in numbers if high is not None]
    shown = sorted(value for value, _ in numbers)
    if len(shown) >= SUMMED_FROM and shown[-1] > max(10.0, 3 * shown[-2]):
        # The row of totals under the table is no answer.
        shown.pop()
    ends = _ends(shown, tops, name=name)
    if ends is None and len(shown) >= TRIMMED_FROM:
        # A row that slipped by a cell puts a price among the stars; it must not decide the scale.
        ends = _ends(shown[: int(len(shown) * (1 - TRIMMED))], tops, name=name)
    if ends is None:
        return None
    named = _named(name)
    scale = named or ("nps" if ends == (0.0, 10.0) else "stars")
    if scale == "nps" and ends == (1.0, 10.0):
        ends = (0.0, 10.0)
    return Reading(scale=scale, low=ends[0], high=ends[1], share=len(numbers) / len(filled))


@lru_cache(maxsize=4_096)
def read_score(value: str, reading: Reading) -> Score | None:
    """Return one closed answer as a Score, or None where it is empty, unreadable or off the scale."""
    plain = _plain(value)
    if not plain:
        return None
    number: float | None
    if reading.ladder is not None:
        place = _LADDER_TABLES[reading.ladder][2].get(plain)
        number = None if place is None else float(place)
    else:
        read = _number(plain)
        number = None if read is None else read[0]
    if number is None or not reading.low <= number <= reading.high:
        return None
    return Score(value=number, scale=reading.scale, low=reading.low, high=reading.high)


def is_choice_word(value: str) -> bool:
    """Return whether a cell is a word that people pick (满意, Strongly agree, 男) rather than write."""
    return _plain(value) in _CHOICE_WORDS


def _plain(value: str) -> str:
    if value.isascii():
        return " ".join(value.lower().split())
    text = unicodedata.normalize("NFKC", value)
    # Prose is no closed answer in either script, and converting it would cost the most.
    return " ".join((simplify(text) if len(text) <= LONGEST_ANSWER else text).lower().split())


def _named(name: str) -> ScaleName | None:
    if _NPS_NAME.search(name):
        return "nps"
    if _CSAT_NAME.search(name):
        return "csat"
    if _CES_NAME.search(name):
        return "ces"
    return "stars" if _STARS_NAME.search(name) else None


def _number(value: str) -> tuple[float, float | None] | None:
    """Return the number a cell shows and the top of the scale where the cell names it (4/5)."""
    if _PLAIN.fullmatch(value):
        return float(value.replace(",", ".")), None
    if match := _STARS.fullmatch(value):
        return float(len(match[1])), float(len(match[1]) + len(match[2])) if match[2] else None
    if match := _OF.fullmatch(value):
        return float(match[1]), float(match[2])
    if match := _UNIT.fullmatch(value) or _TRAILING.fullmatch(value):
        return float(match[1]), None
    if match := _STYLE.fullmatch(value):
        return float(match[1]), None
    if match := _CHINESE_STARS.fullmatch(value):
        return float("一二三四五".index(match[1]) + 1), None
    if match := _LEADING.fullmatch(value):
        return float(match[1] or match[2]), None
    return None


def _ends(numbers: Sequence[float], tops: Sequence[float], *, name: str) -> tuple[float, float] | None:
    """Return the ends of the scale that a column's numbers are on; None where they are counts, years or amounts."""
    lowest, highest = min(numbers), max(numbers)
    different = len(set(numbers))
    if lowest < 0 or different > 101:
        return None
    if highest <= 1 and any(0 < number < 1 for number in numbers):
        # A percentage as a spreadsheet keeps it: 80 % is 0.8, and 1 is all of it. Other shares are no one's answer.
        return (0.0, 1.0) if _CSAT_NAME.search(name) else None
    if tops:
        return (0.0 if lowest == 0 else 1.0), max(tops)
    if _NPS_NAME.search(name) and highest <= 10:
        return 0.0, 10.0
    tens = all(number % 5 == 0 for number in numbers)
    if highest > 10 and highest <= 50 and tens and lowest in (0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50):
        return 10.0, 50.0
    if highest <= 5:
        return (0.0 if lowest == 0 and different > 2 else 1.0), 5.0
    if highest <= 7 and _CES_NAME.search(name):
        return 1.0, 7.0
    if highest <= 10:
        return (0.0 if lowest == 0 else 1.0), 10.0
    return (0.0, 100.0) if highest <= 100 else None
