"""Codebooks: a file looked at and taken over, the starter loaded, a found theme adopted."""

from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from app.codebooks import STARTER_FILE
from app.database import write
from app.errors import BadRequest, NotFound, Unusable
from app.store import codebook as store
from app.store import projects, themes, units
from app.store.filters import NO_FILTERS, NONE
from app.store.views import ThemeView
from pipelines.codebook_entries import CodebookFile, digest, guid_of, make_entry, merged, sound
from pipelines.codebook_files import read_codebook, too_full
from pipelines.folding import fold_key
from pipelines.records import Codebook, CodebookEntry
from pipelines.unreadable import UnreadableFile

ADOPTED_EXAMPLES = 12
"""Sentences a found theme brings into the codebook: its exemplars first, then the nearest ones."""
CODEBOOK_USED = "codebook_used"
"""The project setting that holds the hash of the codebook that the last full run was made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a codebook file did to a project's codebook."""

    file: CodebookFile
    added: int
    changed: int
    removed: int
    unchanged: int


def open_codebook(data: bytes, filename: str) -> CodebookFile:
    """Return the codebook in a file. Raises Unusable with one clear sentence where there is none."""
    try:
        return read_codebook(data, filename)
    except UnreadableFile as error:
        raise Unusable.of(error, filename=filename) from error


def starter() -> CodebookFile:
    """Return the codebook that comes with Xinsheng."""
    return open_codebook(STARTER_FILE.read_bytes(), STARTER_FILE.name)


def outcome(before: Codebook, found: CodebookFile, *, replacing: bool) -> tuple[Codebook, Imported]:
    """Return the codebook as it would be with a file taken over, and what that changes.

    The same GUID, or else the same names, is the same entry; `replacing` drops what the file does not have. Raises
    BadRequest where both together are more than a codebook may hold.
    """
    after = merged(before, found.entries)
    if replacing:
        names = {(entry.name_zh, entry.name_en) for entry in found.entries}
        guids = {entry.guid for entry in found.entries}
        after = sound([one for one in after if one.guid in guids or (one.name_zh, one.name_en) in names])
    _fits(after)
    old = {entry.guid: entry for entry in before}
    new = {entry.guid: entry for entry in after}
    return after, Imported(
        file=found,
        added=sum(guid not in old for guid in new),
        changed=sum(guid in old and old[guid] != entry for guid, entry in new.items()),
        removed=sum(guid not in new for guid in old),
        unchanged=sum(old.get(guid) == entry for guid, entry in new.items()),
    )


def import_codebook(db: Database, found: CodebookFile, *, replacing: bool) -> Imported:
    """Take a file's codebook into the project. Themes follow with the next full run."""
    with write(db):
        after, imported = outcome(store.all_entries(db), found, replacing=replacing)
        store.replace(db, after)
    return imported


def _fits(codebook: Codebook | list[CodebookEntry]) -> None:
    """Refuse a codebook that could not leave as a file and come back."""
    beyond = too_full(codebook)
    if beyond is not None:
        raise BadRequest(code="codebook_too_full" if "entries" in beyond else "codebook_too_long", values=beyond)


def put_codebook(db: Database, codebook: Codebook) -> Codebook:
    """Store a whole codebook in place of the one there is; entries that stay keep the theme they were adopted from.

    Raises BadRequest where it holds more than a file of it may.
    """
    _fits(codebook)
    with write(db):
        known = {entry.guid: entry.theme_id for entry in store.all_entries(db)}
        kept = sound([replace(entry, theme_id=known.get(entry.guid)) for entry in codebook])
        store.replace(db, kept)
    return kept


def put_entry(db: Database, entry: CodebookEntry, *, instead_of: str | None = None) -> None:
    """Add an entry, or put it in the place of the one with the GUID `instead_of`. Raises BadRequest, NotFound."""
    if not entry.name:
        raise BadRequest(code="theme_without_name")
    with write(db):
        before = store.all_entries(db)
        known = {one.guid: one for one in before}
        if instead_of is None:
            if entry.guid in known:
                raise BadRequest(code="theme_defined_already", values={"name": entry.name})
            _fits([*before, entry])
            store.replace(db, sound([*before, entry]))
            return
        if instead_of not in known:
            raise NotFound(code="no_codebook_entry", values={"guid": instead_of})
        own = replace(entry, guid=instead_of, theme_id=known[instead_of].theme_id)
        after = sound([own if one.guid == instead_of else one for one in before])
        _fits(after)
        store.replace(db, after)


def delete_entry(db: Database, guid: str) -> None:
    """Take an entry out; what stood below it stands at its place. Raises NotFound."""
    with write(db):
        before = store.all_entries(db)
        gone = next((one for one in before if one.guid == guid), None)
        if gone is None:
            raise NotFound(code="no_codebook_entry", values={"guid": guid})
        rest = [replace(one, parent=gone.parent) if one.parent == guid else one for one in before if one.guid != guid]
        store.replace(db, sound(rest))


def adopt(db: Database, theme_id: str) -> CodebookEntry:
    """Turn a found theme into a defined one with its sentences as examples; it keeps its id.

    From the next full run on, its examples decide what comes to it. Raises NotFound, and BadRequest where it is defined
    already or was made by hand.
    """
    entry = entry_of(db, theme_id)
    if themes.view(db, theme_id, NO_FILTERS).status == "made":
        raise BadRequest(code="made_theme_not_adopted", values={"name": entry.name})
    with write(db):
        before = store.all_entries(db)
        if any(one.theme == theme_id for one in before):
            raise BadRequest(code="theme_defined_already", values={"name": entry.name})
        _fits([*before, entry])
        store.replace(db, sound([*before, entry]))
        store.mark_defined(db, theme_id)
    return entry


def entry_of(db: Database, theme_id: str) -> CodebookEntry:
    """Return a theme as an entry of a codebook. Raises NotFound; BadRequest for the unthemed."""
    if theme_id == NONE:
        raise BadRequest(code="unthemed_is_no_theme")
    return _entry(db, themes.view(db, theme_id, NO_FILTERS))


def _entry(db: Database, view: ThemeView) -> CodebookEntry:
    shown = (
        () if view.is_parent else (*(unit.text for unit in units.by_ids(db, view.exemplars)), *_nearest(db, view.id))
    )
    distinct: dict[str, str] = {}
    for text in shown:
        distinct.setdefault(fold_key(text), text)
    return make_entry(
        name_zh=view.name_zh,
        name_en=view.name_en if view.name_en != view.name_zh else "",
        examples=list(distinct.values())[:ADOPTED_EXAMPLES],
        guid=guid_of("theme", view.id),
        codable=not view.is_parent,
        theme_id=view.id,
    )


def _nearest(db: Database, theme_id: str) -> tuple[str, ...]:
    asked = replace(NO_FILTERS, theme=theme_id)
    return tuple(unit.text for unit in units.list_views(db, asked, order="nearest", limit=ADOPTED_EXAMPLES).items)


def all_as_codebook(db: Database) -> Codebook:
    """Return every theme as a codebook: the defined ones as they are defined, the found ones with their sentences."""
    defined = store.all_entries(db)
    known = {entry.theme: entry.guid for entry in defined}
    found = [view for view in themes.list_views(db, NO_FILTERS) if view.id not in known]
    guids = {view.id: guid_of("theme", view.id) for view in found} | known
    own = {entry.theme for entry in defined}
    others = [
        replace(_entry(db, view), parent=guids.get(view.parent_id or ""))
        for view in found
        if not (view.parent_id in own and view.id.endswith("-general"))
    ]
    return sound([*defined, *(replace(entry, theme_id=None) for entry in others)])


def codebook_counts(db: Database) -> dict[str, Any]:
    """Return what a run record says of the codebook: the hash of the one used, and the units of each defined theme."""
    codebook = store.all_entries(db)
    units_of = store.unit_counts(db)
    leaves = {entry.theme: units_of.get(entry.theme, 0) for entry in codebook}
    parents = {entry.parent for entry in codebook}
    return {
        "sha256": str(projects.get_setting(db, CODEBOOK_USED) or ""),
        "themes": len(codebook),
        "units": sum(leaves[entry.theme] for entry in codebook if entry.parent is None),
        "units_by_theme": leaves,
        "empty": sum(not leaves[entry.theme] for entry in codebook if entry.guid not in parents),
    }


def in_force(db: Database) -> bool:
    """Say whether the last full run was made with the codebook as it stands."""
    return str(projects.get_setting(db, CODEBOOK_USED) or "") == digest(store.all_entries(db))
