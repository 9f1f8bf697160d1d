"""What a codebook is made of: themes a team defines beforehand, by name and example phrases in either language.

An entry has a GUID, as qualitative analysis programs give their codes one; where a file brings none it is made from
the entry's names, so that the same file always gives the same entries.
"""

import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.han import A_HAN
from pipelines.records import Codebook, CodebookEntry

NAMESPACE = uuid.UUID("6f0d3a52-9b0c-5f0e-8f7e-1d5a2c1b7e90")
"""Ours, so that a GUID made from names is nobody else's (RFC 9562, version 5)."""

MOST_ENTRIES = 2_000
"""A list of themes beyond this is a dictionary; published codebooks have 10 to 200 codes."""
MOST_EXAMPLES = 200
"""Each example is one more phrase that every opinion unit is compared with; 5 to 15 are enough (docs/codebook.md)."""
LONGEST_NAME = 200
LONGEST_EXAMPLE = 500
LONGEST_DESCRIPTION = 10_000

# What XML 1.0 cannot hold, so that every entry can be exported; tab and line feed may stay in a description.
_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff]")
_COLOR = re.compile(r"#?(?:[0-9a-f]{2})?([0-9a-f]{6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row, or a code of a file, that gave no entry: `reason` is a code, `detail` the value at fault."""

    row: int
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookFile:
    """A codebook as read from a file, with what could not be read and what was understood differently (`notes`)."""

    entries: Codebook
    rejected: tuple[BadRow, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    format: str = ""
    encoding: str | None = None


def tidy_line(text: str) -> str:
    """Return a text as one line without characters that files cannot hold; white space folded."""
    return " ".join(_NEVER.sub(" ", unicodedata.normalize("NFC", text)).split())


def tidy_lines(text: str) -> str:
    """Return a text of several lines with plain line ends, without blanks around it or at line ends."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u0085", "\n")
    return "\n".join(line.rstrip() for line in _NEVER.sub(" ", text).split("\n")).strip()


def tidy_color(text: str | None) -> str | None:
    """Return a colour as #RRGGBB, None where it is none; a leading pair for transparency is dropped."""
    found = _COLOR.fullmatch((text or "").strip())
    return f"#{found[1].upper()}" if found else None


def tidy_guid(text: str | None) -> str | None:
    """Return a GUID in its usual form, in capitals and without braces; None where it is none."""
    try:
        return str(uuid.UUID((text or "").strip())).upper()
    except ValueError:
        return None


def guid_of(*parts: str) -> str:
    """Return the GUID that is made from these parts, always the same one."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(part.casefold() for part in parts))).upper()


def split_name(text: str) -> tuple[str, str]:
    """Return the Chinese and the English name in one name: "物流 / Delivery" has both, most have one."""
    text = tidy_line(text)
    first, slash, second = text.partition(" / ")
    if slash and A_HAN.search(first) and not A_HAN.search(second) and second.strip():
        return first.strip(), second.strip()
    if slash and A_HAN.search(second) and not A_HAN.search(first) and first.strip():
        return second.strip(), first.strip()
    return (text, "") if A_HAN.search(text) else ("", text)


def make_entry(
    *,
    name_zh: str = "",
    name_en: str = "",
    description: str = "",
    examples: Iterable[str] = (),
    guid: str | None = None,
    parent: str | None = None,
    color: str | None = None,
    codable: bool = True,
    theme_id: str | None = None,
) -> CodebookEntry:
    """Return an entry with everything tidied: lines, colour, GUID; repeated examples are said once."""
    zh, en = tidy_line(name_zh)[:LONGEST_NAME].strip(), tidy_line(name_en)[:LONGEST_NAME].strip()
    phrases = (tidy_line(example)[:LONGEST_EXAMPLE].strip() for example in examples)
    return CodebookEntry(
        guid=tidy_guid(guid) or guid_of(zh, en),
        name_zh=zh,
        name_en=en,
        description=tidy_lines(tidy_lines(description)[:LONGEST_DESCRIPTION]),
        parent=tidy_guid(parent),
        examples=tuple(dict.fromkeys(phrase for phrase in phrases if phrase))[:MOST_EXAMPLES],
        color=tidy_color(color),
        codable=codable,
        theme_id=theme_id,
    )


def names_of(entry: CodebookEntry) -> frozenset[str]:
    """Return what an entry may be called by, for comparison: either name, or both in one."""
    return frozenset(name.casefold() for name in (entry.name_zh, entry.name_en, entry.name) if name)


def sound(entries: Sequence[CodebookEntry]) -> Codebook:
    """Return the entries as a tree read from the top: each followed by those below it, in the order they came.

    A parent that does not exist, or that would lead round in a circle, is left out: the entry stands at the top.
    """
    parents = {entry.guid: entry.parent for entry in entries}
    for entry in entries:
        seen = {entry.guid}
        above = parents[entry.guid]
        while above is not None:
            if above not in parents or above in seen:
                parents[entry.guid] = None
                break
            seen.add(above)
            above = parents[above]
    below: dict[str | None, list[CodebookEntry]] = {}
    for entry in entries:
        parent = parents[entry.guid]
        below.setdefault(parent, []).append(entry if entry.parent == parent else replace(entry, parent=parent))
    ordered: list[CodebookEntry] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        entry = waiting.pop()
        ordered.append(entry)
        waiting.extend(reversed(below.get(entry.guid, [])))
    return tuple(ordered)


def repeated(entries: Sequence[CodebookEntry]) -> CodebookEntry | None:
    """Return the first entry whose GUID an earlier one has, or None."""
    seen: set[str] = set()
    for entry in entries:
        if entry.guid in seen:
            return entry
        seen.add(entry.guid)
    return None


def unplaced(entries: Sequence[CodebookEntry]) -> CodebookEntry | None:
    """Return the first entry whose parent is not there, or stands below it, or None."""
    placed = {entry.guid: entry for entry in sound(entries)}
    return next((entry for entry in entries if placed[entry.guid].parent != entry.parent), None)


def merged(known: Sequence[CodebookEntry], new: Sequence[CodebookEntry]) -> Codebook:
    """Return the known entries with the new ones put over them: the same GUID, or else the same names, is the same.

    A new entry takes the GUID of the known one it is, and with it the id of its theme; the order is the known one's.
    """
    by_guid = {entry.guid: entry for entry in known}
    by_name = {name: entry for entry in reversed(known) for name in _whole_names(entry)}
    became: dict[str, str] = {}
    taken: dict[str, CodebookEntry] = {}
    for entry in new:
        old = by_guid.get(entry.guid) or next((by_name[one] for one in _whole_names(entry) if one in by_name), None)
        if old is not None and old.guid not in taken:
            became[entry.guid] = old.guid
            taken[old.guid] = replace(entry, guid=old.guid, theme_id=old.theme_id or entry.theme_id)
        else:
            taken[entry.guid] = entry
    order = [*by_guid, *(guid for guid in taken if guid not in by_guid)]
    put = {
        guid: replace(entry, parent=became.get(entry.parent, entry.parent) if entry.parent else None)
        for guid, entry in taken.items()
    }
    return sound([put[guid] if guid in put else by_guid[guid] for guid in order])


def _whole_names(entry: CodebookEntry) -> tuple[str, ...]:
    return (f"{entry.name_zh}\x1f{entry.name_en}".casefold(),)


def digest(codebook: Sequence[CodebookEntry]) -> str:
    """Return the SHA-256 of what a codebook says, in any order of its entries; "" for an empty one."""
    if not codebook:
        return ""
    said = sorted(
        [entry.guid, entry.name_zh, entry.name_en, entry.description, entry.parent, list(entry.examples), entry.codable]
        for entry in codebook
    )
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8")).hexdigest()
