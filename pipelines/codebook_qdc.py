"""Codebooks in the REFI-QDA exchange format (`.qdc`), which NVivo, ATLAS.ti, MAXQDA and others read and write.

REFI-QDA 1.5 (https://www.qdasoftware.org), schema Codebook.xsd: `CodeBook` (origin) holds `Codes`, a tree of `Code`
(guid, name, isCodable, color) with an optional `Description`, and perhaps `Sets`. The format knows one name and no
examples, so by convention

- the name is "中文 / English" where there are both;
- the Description ends in a block that begins with the line `例句 Examples:`, each example after "- " on its own line;
  two lines before them give the names where these could not be told apart otherwise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pipelines.codebook_entries import (
    MOST_ENTRIES,
    BadRow,
    CodebookFile,
    guid_of,
    make_entry,
    sound,
    split_name,
    tidy_guid,
    tidy_lines,
)
from pipelines.records import Codebook, CodebookEntry
from pipelines.unreadable import UnreadableFile

NAMESPACE = "urn:QDA-XML:codebook:1.0"
OURS = "urn:qda-xml:"
"""How namespaces of the standard begin: programs also write `urn:QDA-XML:codebook:0:4` and that of whole projects."""
EXAMPLES = "例句 Examples:"
ZH, EN = "中文名 Chinese name: ", "英文名 English name: "
DEEPEST = MOST_ENTRIES + 8
"""Elements within elements: every code below the one before it, and what stands around them, so that whatever was
exported is read again. Real codebooks have 2 to 5 levels; nothing here calls itself, so that depth costs nothing."""
INDENTED = 20
"""Levels that are written further to the right; a chain of 2,000 codes would be 8 MB of blanks."""
LONGEST_TEXT = 200_000

_LOOKS = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!|[A-Za-z])|^(?:\xff\xfe<\0|\xfe\xff\0<)")


@dataclass(slots=True, kw_only=True)
class _Code:
    line: int
    guid: str
    name: str
    color: str
    codable: bool
    parent: str | None
    description: str = ""


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What was met so far; `path` is the open elements, `open` the codes among them."""

    path: list[str] = field(default_factory=list)
    open: list[_Code] = field(default_factory=list)
    codes: list[_Code] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)
    foreign: str = ""
    text: list[str] = field(default_factory=list)


class _Refused(Exception):
    """A declaration that no codebook needs and that harms who follows it."""


def looks_like_qdc(data: bytes) -> bool:
    """Say whether a file begins as XML does."""
    return _LOOKS.match(data) is not None


def read_qdc(data: bytes, filename: str) -> CodebookFile:
    """Return the codebook in a .qdc file, or the codes of a project.qde. Raises UnreadableFile.

    A document type declaration is refused before it is read, so no entity can be defined: neither files of this machine
    nor a billion laughs get in (OWASP, "XML External Entity Prevention").
    """
    seen = _Reading()
    try:
        _parse(data, seen)
    except _Refused as error:
        raise UnreadableFile(
            "xml_declarations",
            message_en=f"{filename} declares a document type or entities, which no codebook needs. It was not read.",
            message_zh=f"{filename} 声明了文档类型或实体，编码簿用不到这些，因此没有读取。",
        ) from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableFile(
            "xml_broken",
            message_en=f"{filename} is no readable XML ({error}). Export it again as REFI-QDA codebook (.qdc).",
            message_zh=f"{filename} 不是可读取的 XML（{error}）。请重新导出为 REFI-QDA 编码簿（.qdc）。",
        ) from error
    if seen.foreign or not seen.codes:
        root = seen.foreign or "CodeBook"
        raise UnreadableFile(
            "no_codes",
            message_en=f"{filename} holds no codes of a REFI-QDA codebook (its root is {root[:80]}).",
            message_zh=f"{filename} 中没有 REFI-QDA 编码簿的编码（根元素是 {root[:80]}）。",
            details={"root": root[:80]},
        )
    return _entries(seen)


def write_qdc(codebook: Sequence[CodebookEntry], *, origin: str) -> bytes:
    """Return a codebook as a .qdc file; the same codebook gives the same bytes."""
    below: dict[str | None, list[CodebookEntry]] = {}
    for one in codebook:
        below.setdefault(one.parent, []).append(one)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<CodeBook xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{NAMESPACE} Codebook.xsd" origin={quoteattr(origin)}>',
        "  <Codes>",
    ]

    # A stack and not a recursion: entries may stand deeper below each other than calls may.
    waiting: list[tuple[CodebookEntry | None, int]] = [(one, 2) for one in reversed(below.get(None, []))]
    while waiting:
        entry, depth = waiting.pop()
        indent = "  " * min(depth, INDENTED)
        if entry is None:
            lines.append(f"{indent}</Code>")
            continue
        color = f' color="{entry.color}"' if entry.color else ""
        codable = "true" if entry.codable else "false"
        head = f'<Code guid="{entry.guid}" name={quoteattr(entry.name)} isCodable="{codable}"{color}'
        told, children = describe(entry), below.get(entry.guid, [])
        if not told and not children:
            lines.append(f"{indent}{head}/>")
            continue
        lines.append(f"{indent}{head}>")
        if told:
            lines.append(f"{indent}  <Description>{escape(told)}</Description>")
        waiting.append((None, depth))
        waiting += [(child, depth + 1) for child in reversed(children)]
    lines += ["  </Codes>", "</CodeBook>", ""]
    return "\n".join(lines).encode("utf-8")


def describe(entry: CodebookEntry) -> str:
    """Return what stands in an entry's Description: its own, then names and examples by the convention above."""
    block: list[str] = []
    if split_name(entry.name) != (entry.name_zh, entry.name_en):
        block += [ZH + entry.name_zh, EN + entry.name_en]
    if entry.examples or block or _parted(entry.description) is not None:
        block += [EXAMPLES, *(f"- {example}" for example in entry.examples)]
    return "\n\n".join(part for part in (entry.description, "\n".join(block)) if part)


def _parted(text: str) -> tuple[str, list[str], list[str]] | None:
    """Return description, names and examples of a Description that ends in our block, None for any other."""
    lines = tidy_lines(text).split("\n")
    start = max((place for place, line in enumerate(lines) if line == EXAMPLES), default=-1)
    if start < 0 or not all(line.startswith("- ") for line in lines[start + 1 :]):
        return None
    names: list[str] = []
    above = start
    if above >= 2 and lines[above - 2].startswith(ZH.strip()) and lines[above - 1].startswith(EN.strip()):
        names = [lines[above - 2][len(ZH.strip()) :].strip(), lines[above - 1][len(EN.strip()) :].strip()]
        above -= 2
    return "\n".join(lines[:above]).strip(), names, [line[2:] for line in lines[start + 1 :]]


def _parse(data: bytes, seen: _Reading) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> int:
        raise _Refused

    def start(tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if not seen.path and (name not in ("CodeBook", "Codebook", "Project") or not _known(namespace)):
            seen.foreign = name
        seen.path.append(name)
        if len(seen.path) > DEEPEST:
            raise ValueError(f"elements {DEEPEST} levels deep")
        if name == "Code" and not seen.foreign:
            if len(seen.codes) >= MOST_ENTRIES:
                raise ValueError(f"more than {MOST_ENTRIES} codes")
            above = seen.open[-1].guid if seen.open else None
            code = _code(attributes, parser.CurrentLineNumber, above)
            seen.open.append(code)
            seen.codes.append(code)
        elif name == "Set":
            seen.sets.append(attributes.get("name", ""))
        elif name == "Description":
            seen.text.clear()

    def characters(text: str) -> None:
        if seen.path and seen.path[-1] == "Description" and sum(map(len, seen.text)) < LONGEST_TEXT:
            seen.text.append(text)

    def end(tag: str) -> None:
        name = seen.path.pop()
        if name == "Description" and seen.open and seen.path[-1] == "Code":
            seen.open[-1].description = "".join(seen.text)
        elif name == "Code" and seen.open:
            seen.open.pop()

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.ParseFile(BytesIO(data))


def _known(namespace: str) -> bool:
    return not namespace or namespace.lower().startswith(OURS)


def _code(attributes: dict[str, str], line: int, above: str | None) -> _Code:
    name = attributes.get("name", "")
    given = attributes.get("guid", "")
    # Some programs number their codes; a GUID made of number, name and place is at least always the same.
    guid = tidy_guid(given) or guid_of("code", given, name, above or "")
    codable = attributes.get("isCodable", "true").strip().lower() not in ("false", "0")
    return _Code(line=line, guid=guid, name=name, color=attributes.get("color", ""), codable=codable, parent=above)


def _entries(seen: _Reading) -> CodebookFile:
    rejected: list[BadRow] = []
    notes = [("set_left_out", name) for name in seen.sets]
    entries: dict[str, CodebookEntry] = {}
    for code in seen.codes:
        found = _parted(code.description)
        zh, en = split_name(code.name)
        if found is not None and found[1]:
            zh, en = found[1]
        entry = make_entry(
            name_zh=zh,
            name_en=en,
            description=found[0] if found is not None else code.description,
            examples=found[2] if found is not None else (),
            guid=code.guid,
            parent=code.parent,
            color=code.color,
            codable=code.codable,
        )
        if not entry.name:
            rejected.append(BadRow(row=code.line, reason="no_name", detail=code.guid))
        elif code.guid in entries:
            rejected.append(BadRow(row=code.line, reason="guid_repeated", detail=f"{entry.name} {code.guid}"))
        else:
            entries[code.guid] = entry
            if code.color and entry.color is None:
                notes.append(("color_left_out", f"{entry.name}: {code.color[:40]}"))
    codebook: Codebook = sound(list(entries.values()))
    return CodebookFile(entries=codebook, rejected=tuple(rejected), notes=tuple(notes), format="qdc")
