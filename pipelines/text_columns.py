"""Which columns are the text: free words of customers, told from choices, numbers, codes and replies."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.column_names import Role
from pipelines.profiles import Profile

# Prose says something new in most cells; choices come from a short list.
VARIED = 0.3
# Reviews are copied in their hundreds; in a column that says it is text this much variety, or so many texts, will do.
LEAST_VARIED = 0.02
LEAST_TEXTS = 20
LEAST_WORDS = 1.0
# Free text that no name announces must look like it: this many words on average, sentence marks in this share of the
# cells or long ones among them.
TEXT_WORDS = 4.0
LONG_WORDS = 12.0
PROSE = 0.3
# Answers to an open question may be two words long where nearly everybody says something else.
ANSWER_WORDS = 2.0
ANSWER_VARIED = 0.5
# Up to this many different values in this many cells are choices, not words of one's own.
CHOICES = 12
CHOICES_FROM = 30
# Fewer cells than these say too little about a column.
FEW = 10
LEAST_ANSWERS = 3

# Roles whose columns may still turn out to be open questions, because their names mention the word only.
_MAYBE_ASKED: frozenset[Role | None] = frozenset(
    {None, "text", "score", "coded", "touchpoint", "thing", "customer_id", "created_at"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfiledColumn:
    """A column with what its name claims (`role`), whether the name is a question, and what it holds."""

    name: str
    place: int
    role: Role | None
    asks: bool
    seen: Profile


def text_columns(columns: Sequence[ProfiledColumn]) -> list[tuple[ProfiledColumn, str]]:
    """Return the text columns with the reason for each, in file order; those that no name announces come last."""
    found = [(column, reason) for column in columns if (reason := _text_reason(column)) is not None]
    if any(reason == "text_by_name" and not column.asks for column, reason in found):
        # Beside a column that *is* the text, others count only where they are prose beyond doubt.
        found = [
            (column, reason)
            for column, reason in found
            if reason != "text_by_content" or column.seen.words >= 2 * TEXT_WORDS
        ]
    if len(columns) == 1 and columns[0].seen.speaking and not is_data(columns[0].seen):
        return [(columns[0], found[0][1] if found else "text_by_content")]
    if not found:
        # A headline alone is text, too.
        titles = (column for column in columns if column.role == "title" and has_varied_words(column.seen))
        found = [(column, "text_by_content") for column in titles][:1]
    return sorted(found, key=lambda pair: (pair[1] == "text_by_content", pair[0].place))


def named_texts(columns: Sequence[ProfiledColumn]) -> list[ProfiledColumn]:
    """Return the filled columns that are called text and hold neither data nor answers picked from a list."""
    return [
        column
        for column in columns
        if column.role == "text" and column.seen.filled and not is_data(column.seen)
        if column.seen.reading is None and column.seen.choice_words < 0.5 and column.seen.joined < 0.2
    ]


def title_column(columns: Sequence[ProfiledColumn]) -> ProfiledColumn | None:
    """Return the column of headlines, or None."""
    return next((column for column in columns if column.role == "title" and has_varied_words(column.seen)), None)


def is_data(seen: Profile) -> bool:
    """Return whether a column holds numbers, dates, contacts, links or codes."""
    kinds = (seen.numbers, seen.dates, seen.emails, seen.phones, seen.links, seen.addresses)
    return max(kinds) >= 0.5 or sum(kinds) >= 0.7 or seen.tokens >= 0.7


def is_choice(seen: Profile) -> bool:
    """Return whether a column holds answers picked from a list, one or several."""
    if seen.joined >= 0.2 or seen.choice_words >= 0.5:
        return True
    if seen.speaking >= CHOICES_FROM:
        return seen.distinct <= CHOICES or (seen.variety < 0.1 and seen.words < TEXT_WORDS)
    return seen.speaking >= FEW and seen.variety < 0.5 and seen.words < TEXT_WORDS


def has_varied_words(seen: Profile) -> bool:
    """Return whether a column holds short texts of people's own, such as headlines."""
    return seen.words >= 1.5 and seen.variety >= VARIED and not is_data(seen) and not is_choice(seen)


def _text_reason(column: ProfiledColumn) -> str | None:
    seen = column.seen
    if column.role not in _MAYBE_ASKED or not seen.speaking or is_data(seen):
        return None
    if column.role == "text" and not column.asks and (seen.words >= TEXT_WORDS or seen.speaking < FEW):
        # Few sentences copied many times are what shops' reviews look like, not a list to pick from; and of a handful
        # of cells nobody can say that they were picked.
        return "text_by_name"
    if is_choice(seen):
        return None
    if column.role == "text":
        varied = seen.variety >= LEAST_VARIED or seen.distinct >= LEAST_TEXTS
        return "text_by_name" if seen.words >= LEAST_WORDS and varied else None
    if column.asks and seen.speaking >= LEAST_ANSWERS:
        answers = seen.variety >= ANSWER_VARIED and seen.words >= ANSWER_WORDS
        return "open_question" if answers or (seen.variety >= VARIED and seen.words >= TEXT_WORDS) else None
    if column.role is None and seen.variety >= VARIED and seen.words >= TEXT_WORDS:
        return "text_by_content" if seen.prose >= PROSE or seen.longest >= LONG_WORDS else None
    return None
