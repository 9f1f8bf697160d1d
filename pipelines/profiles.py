"""What a column holds: how full, how long, how different, and how much of it is numbers, dates, contacts or prose."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.dates import date_order, parse_date
from pipelines.scales import Reading, is_choice_word, read_values
from pipelines.shadow import simplify

# Enough to know a column by, few enough to look at a wide million-row file in a second.
SAMPLE = 2_000
# A multiple-choice question has at most this many options, each picked this often on average.
MOST_PICKS = 60
PICKED_AGAIN = 4

_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[eE][-+]?\d+)?\s*%?")
_LONG_NUMBER = re.compile(r"(?:19|20)\d{6}|\d{5}(?:\.\d+)?|\d{10}(?:\d{3})?")
# 1.00008E+11, and what is left of it when the cell is read as a number: 100008000000.
_RUINED = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,}|\d{4,7}0{6,}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
_PHONE = re.compile(
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|(?:\+\d{1,3}[- .]?)?\(?\d{2,4}\)?[- .]\d{3,4}[- .]\d{3,4}|\+\d{8,15}|1[3-9]\d[\d*]{8}"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|data:\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:\(.*\))?|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}", re.IGNORECASE)
_TOKEN = re.compile(r"(?=.*\d)[A-Za-z0-9_\-:.=+/]{6,}")
# A browser's name, and JSON that was left whole.
_AGENT = re.compile(r"Mozilla/|AppleWebKit|Chrome/\d|^\[?\{\"\w+\": ")
_ENDS = re.compile(r"[。！？!?；;，,…~～]|\.(?:\s|$)")
_WORD = re.compile(r"[A-Za-z0-9À-ɏЀ-ӿ']+")
# Answers that say nothing do not make a column of choices, nor of prose.
_SILENT = frozenset(
    {
        "无",
        "没有",
        "暂无",
        "(空)",
        "(跳过)",
        "空",
        "没",
        "无建议",
        "没有建议",
        "暂时没有",
        "na",
        "n/a",
        "none",
        "no",
        "nope",
        "nothing",
        "nan",
    }
    | {
        "null",
        "-",
        "--",
        ".",
        "/",
        "#n/a",
        "undefined",
        "\\n",
        "未填写",
        "没什么",
        "没有了",
        "此用户没有填写评价",
        "此用户没有填写评价。",
    }
)


LONGEST_SILENT = max(map(len, _SILENT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A column in numbers; all shares are of the filled cells looked at, in [0, 1].

    `words` is the mean length in words (two Chinese characters count as one), `longest` the 95th percentile of it;
    `speaking` counts cells that say something, `distinct` the different ones among them.
    """

    filled: int
    rows: int
    speaking: int = 0
    distinct: int = 0
    unique: int = 0
    words: float = 0.0
    longest: float = 0.0
    prose: float = 0.0
    numbers: float = 0.0
    long_numbers: float = 0.0
    dates: float = 0.0
    emails: float = 0.0
    phones: float = 0.0
    links: float = 0.0
    addresses: float = 0.0
    tokens: float = 0.0
    joined: float = 0.0
    choice_words: float = 0.0
    ruined: float = 0.0
    reading: Reading | None = None
    ambiguous_dates: bool = False
    top: tuple[str, ...] = field(default=())

    @property
    def variety(self) -> float:
        """Share of the cells that say something and say it differently."""
        return self.distinct / self.speaking if self.speaking else 0.0


def profile(cells: Sequence[str], *, name: str) -> Profile:
    """Return what a column holds, from SAMPLE filled cells spread evenly over it (all of them for uniqueness)."""
    filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
    if not filled:
        return Profile(filled=0, rows=len(cells))
    unique = len(set(filled))
    sample = filled[:: max(1, len(filled) // SAMPLE)][:SAMPLE] if len(filled) > SAMPLE else filled
    speaking = [cell for cell in sample if not _is_silent(cell)]
    lengths = sorted(weigh(cell) for cell in speaking)
    counts = Counter(speaking)
    order = date_order(sample)
    n = len(sample)

    def share(test: re.Pattern[str]) -> float:
        return sum(test.fullmatch(cell) is not None for cell in sample) / n

    return Profile(
        filled=len(filled),
        rows=len(cells),
        speaking=len(speaking),
        distinct=len(counts),
        unique=unique,
        words=sum(lengths) / len(lengths) if lengths else 0.0,
        longest=lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0.0,
        prose=sum(_ENDS.search(cell) is not None for cell in speaking) / len(speaking) if speaking else 0.0,
        numbers=share(_NUMBER),
        long_numbers=share(_LONG_NUMBER),
        dates=sum(parse_date(cell, order=order.order) is not None for cell in sample) / n,
        emails=share(_EMAIL),
        phones=share(_PHONE),
        links=share(_LINK),
        addresses=share(_ADDRESS),
        tokens=sum(_TOKEN.fullmatch(cell) is not None or _AGENT.search(cell) is not None for cell in sample) / n,
        joined=_joined(speaking),
        choice_words=sum(is_choice_word(cell) for cell in speaking) / len(speaking) if speaking else 0.0,
        ruined=share(_RUINED),
        reading=read_values(sample, name=name),
        ambiguous_dates=order.ambiguous,
        top=tuple(value for value, _ in counts.most_common(5)),
    )


def _is_silent(cell: str) -> bool:
    return len(cell) <= LONGEST_SILENT and simplify(unicodedata.normalize("NFKC", cell).lower()) in _SILENT


def weigh(text: str) -> float:
    """Return the length of a text in words; two Chinese characters make one."""
    wide = sum(character >= "\u2e80" for character in text)
    if wide == len(text):
        return wide / 2
    return wide / 2 + len(_WORD.findall(text))


def _joined(cells: Sequence[str]) -> float:
    """Return the share of cells that join several picks from one short list, as multiple-choice answers do."""
    for mark in ("┋", ";", "；", "|", "、", ","):
        pieces = [[piece.strip() for piece in cell.split(mark) if piece.strip()] for cell in cells if mark in cell]
        all_pieces = Counter(piece for parts in pieces for piece in parts)
        if len(pieces) < 0.1 * len(cells) or not all_pieces:
            continue
        # Picks come again and again; the clauses of a sentence do not.
        if mark == "┋" or (len(all_pieces) <= MOST_PICKS and len(all_pieces) * PICKED_AGAIN <= all_pieces.total()):
            return len(pieces) / len(cells)
    return 0.0
