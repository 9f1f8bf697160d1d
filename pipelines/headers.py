"""Rows → columns: where the header is (rows 1, 2 or 3, under titles, or nowhere) and what the columns are called."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.column_names import is_question, named_role
from pipelines.formats import Row
from pipelines.profiles import weigh

# Above the header, exports put a title, a date and a few filters; more than this is not a heading any more.
MOST_TITLE_ROWS = 15
# Rows looked at to tell what a column usually holds.
SAMPLE_ROWS = 60

_NUMBER = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?\s*%?")
_DATE = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:[T\s].*)?")
_CONTACT = re.compile(r"\S+@\S+\.\S+|1[3-9]\d{9}|https?://\S+")
_CODE = re.compile(
    r"(?:q|question|field|var|col|v)[\s_\-.]*\d+\w*|[a-z]+\d+(?:_\d+)*|[a-z]{1,4}\d*_\d+\w*", re.IGNORECASE
)
_OPEN_RESPONSE = frozenset({"response", "open-ended response", "open ended response", "开放式答案", "回答", "答复选项"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Unique column names, the full question where several rows made one, and how many rows to skip."""

    columns: tuple[str, ...]
    questions: Mapping[str, str] = field(default_factory=dict)
    rows: int = 1
    notes: tuple[str, ...] = ()


def find_header(rows: Sequence[Row], *, always_named: bool = False) -> Header:
    """Return the header of a table; `rows` are its filled rows from the top (a few dozen are enough).

    `always_named` says that the first row is a header for sure (Markdown tables). Without a header, columns are called
    "column 1", or 第1列 where the cells are Chinese.
    """
    width = max((len(cells) for _, cells in rows), default=1)
    titles = _title_rows(rows)
    body = rows[titles:]
    notes = (f"title_rows:{titles}",) if titles else ()
    if not body:
        return Header(columns=("column 1",), rows=titles, notes=notes)
    qualtrics = next((place for place, (_, cells) in enumerate(body[:4]) if _import_ids(cells)), None)
    if qualtrics:
        return _qualtrics(body, qualtrics, width=width, titles=titles, notes=notes)
    first = body[0][1]
    below = [cells for _, cells in body[1:SAMPLE_ROWS]]
    if not always_named and not _names_columns(first, below):
        chinese = any(ord(character) >= 0x2E80 for cell in first for character in cell)
        names = tuple(f"第{place}列" if chinese else f"column {place}" for place in range(1, width + 1))
        return Header(columns=names, rows=titles, notes=(*notes, "no_header"))
    if len(body) > 2 and (pair := _two_rows(first, body[1][1], below[1:])) is not None:
        names = unique_names(_padded(pair, width))
        questions = {
            name: text for name, text in zip(names, _questions_of(first, body[1][1], names), strict=True) if text
        }
        return Header(columns=names, questions=questions, rows=titles + 2, notes=(*notes, "header_rows:2"))
    return Header(columns=unique_names(_padded(first, width)), rows=titles + 1, notes=notes)


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names tidied and made unique: empty ones become "column 3" or 第3列, repeated ones get " (2)"."""
    chinese = any(ord(character) >= 0x2E80 for name in names for character in name)
    taken: set[str] = set()
    unique: list[str] = []
    counts: Counter[str] = Counter()
    for place, name in enumerate(names, start=1):
        tidy = " ".join(name.replace("\ufeff", "").split()) or (f"第{place}列" if chinese else f"column {place}")
        candidate = tidy
        while candidate in taken:
            counts[tidy] += 1
            candidate = f"{tidy} ({counts[tidy] + 1})"
        taken.add(candidate)
        unique.append(candidate)
    return tuple(unique)


def _title_rows(rows: Sequence[Row]) -> int:
    """Return how many rows above the header hold a title, a date, a filter: far fewer cells than the table below."""
    widths = [sum(bool(cell.strip()) for cell in cells) for _, cells in rows[:SAMPLE_ROWS]]
    if not widths:
        return 0
    usual = sorted(widths)[len(widths) // 2]
    usual = max(usual, Counter(widths).most_common(1)[0][0])
    if usual < 2:
        return 0
    for place, count in enumerate(widths[:MOST_TITLE_ROWS]):
        cells = rows[place][1]
        alone = count == 1 and bool(cells[0].strip())
        few = usual >= 5 and count <= 2 and bool(cells[0].strip())
        if not (alone or few):
            # Sparse answers look like titles too, so the row that ends them must be able to be a header.
            return place if place == 0 or _could_name(cells) else 0
    return 0


def _could_name(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return not any(_datalike(cell) for cell in filled)


def _datalike(cell: str) -> bool:
    text = unicodedata.normalize("NFKC", cell).strip()
    return any(pattern.fullmatch(text) for pattern in (_NUMBER, _DATE, _CONTACT))


def _names_columns(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether a first row names the columns below it, rather than being one more of the same rows."""
    for_it = against = 0.0
    for place, cell in enumerate(first):
        text = cell.strip()
        if not text:
            continue
        column = [row[place].strip() for row in below if place < len(row) and row[place].strip()]
        data = sum(_datalike(other) for other in column) / len(column) if column else 0.0
        if _datalike(text):
            # A year as a column name (2024) is a number too, and stands over numbers that are no years.
            against += 2.0 if data > 0.5 else 0.5
            continue
        if named_role(text) is not None:
            for_it += 2.0
        elif is_question(text) and len(text) < 400:
            for_it += 1.0
        if data > 0.8:
            for_it += 1.5
        elif text in column:
            against += 1.0
        elif column:
            usual = sorted(weigh(other) for other in column)[len(column) // 2]
            sentence = text.endswith(("。", "！", "!", "~", "～", "…")) or (text.endswith(".") and " " in text)
            if sentence or (weigh(text) > 12 and weigh(text) > 0.7 * usual and not is_question(text)):
                against += 1.0
            elif weigh(text) <= 6:
                for_it += 0.3
    if len(first) == 1 or not any(len(row) > 1 for row in below):
        # A single column: a first text like the others is the first text.
        return for_it >= 1.0 and for_it >= against
    return for_it >= against


def _import_ids(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum('"ImportId"' in cell or "{'ImportId'" in cell for cell in filled) > len(filled) / 2


def _qualtrics(body: Sequence[Row], place: int, *, width: int, titles: int, notes: tuple[str, ...]) -> Header:
    """Row 1 is the field's code, row 2 the question, row 3 the import id, as Qualtrics exports it."""
    names = unique_names(_padded(body[0][1], width))
    texts = _padded(body[1][1], width) if place > 1 else names
    questions = {
        name: " ".join(text.split())
        for name, text in zip(names, texts, strict=True)
        if text.strip() and " ".join(text.split()) != name
    }
    return Header(
        columns=names, questions=questions, rows=titles + place + 1, notes=(*notes, f"header_rows:{place + 1}")
    )


def _two_rows(first: Sequence[str], second: Sequence[str], below: Sequence[Sequence[str]]) -> list[str] | None:
    """Return the names made of two header rows, or None where the second row is data already.

    Three layouts: options under a question (SurveyMonkey), fields under merged group titles, and full questions under
    codes (Q1, Q2 …).
    """
    width = max(len(first), len(second))
    top, bottom = _padded(first, width), _padded(second, width)
    filled = [cell for cell in bottom if cell.strip()]
    if len(filled) < 2 or any(_datalike(cell) for cell in filled) or not below:
        responses = 0
    else:
        responses = sum(cell.strip().lower() in _OPEN_RESPONSE for cell in filled)
    gaps = sum(not above.strip() and bool(under.strip()) for above, under in zip(top, bottom, strict=True))
    if not filled or any(_datalike(cell) for cell in filled):
        return None
    if responses and (gaps or responses >= 1):
        return _stacked(top, bottom)
    if top[0].strip() and gaps >= 2 and not _repeated_below(bottom, below) and len(filled) >= width / 2:
        return _stacked(top, bottom)
    codes = sum(bool(_CODE.fullmatch(cell.strip())) for cell in top if cell.strip())
    asked = sum(is_question(cell) and len(cell) > 4 for cell in bottom)
    if codes >= 2 and codes >= len([cell for cell in top if cell.strip()]) / 2 and asked >= max(2, codes / 2):
        return None if _repeated_below(bottom, below) else list(top)
    return None


def _stacked(top: Sequence[str], bottom: Sequence[str]) -> list[str]:
    names: list[str] = []
    group = ""
    for above, under in zip(top, bottom, strict=True):
        group = above.strip() or group
        option = under.strip()
        if not option or option.lower() in _OPEN_RESPONSE or option == group:
            names.append(group)
        elif not above.strip() or group:
            names.append(f"{group} - {option}" if group else option)
    return names


def _questions_of(first: Sequence[str], second: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the full question per column where the name is only its code."""
    width = len(names)
    return [
        " ".join(under.split())
        if above.strip() and name == " ".join(above.split()) and is_question(under) and len(under) > len(name)
        else ""
        for above, under, name in zip(_padded(first, width), _padded(second, width), names, strict=True)
    ]


def _repeated_below(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether cells of this row come again in their columns, which names do not."""
    again = sum(
        any(place < len(row) and row[place].strip() == cell.strip() for row in below)
        for place, cell in enumerate(cells)
        if cell.strip()
    )
    return again > 0


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))][:width]
