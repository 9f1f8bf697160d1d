"""Emerging: what the new units that fit no theme have in common, proposed after new verbatims were placed."""

from sqlite_utils import Database

from app.database import write
from app.settings import Settings, analysis_settings
from app.store import emerging as store
from app.store import found, themes
from app.tasks.edit_themes import Editor, Name, move
from app.vector_cache import CachedEncoder
from pipelines.emerging import emerging
from pipelines.records import EmbeddedUnits

MOST_WAITING = 20_000
"""Unthemed units looked at, the newest: more of them call for a full run, not for proposals."""


def propose(db: Database, *, encoder: CachedEncoder, settings: Settings) -> int:
    """Look for emerging themes among all units that wait, and store them in place of the earlier ones; say how many.

    Repeating it changes nothing, so a worker that is killed before it has only put it off.
    """
    numbers, keys, fresh = store.waiting(db)
    numbers, keys = numbers[-MOST_WAITING:], keys[-MOST_WAITING:]
    waiting = EmbeddedUnits(
        units=tuple(found.records_of(db, numbers)), vectors=found.vectors_of(db, encoder.name, keys)
    )
    taken = {(theme.name_zh, theme.name_en) for theme in themes.all_records(db)}
    proposals = emerging(waiting, fresh, taken=taken, encoder=encoder, settings=analysis_settings(settings))
    with write(db):
        store.replace(db, proposals)
    return len(proposals)


def accept(db: Database, emerging_id: str, editor: Editor, *, name: Name | None = None) -> int:
    """Make a theme of a proposal's units that are still unthemed; return the edit, which can be undone as any other.

    Raises NotFound where the proposal is gone, and Conflict where another theme has the name.
    """
    proposal = store.view(db, emerging_id)
    given = name or Name()
    named = Name(zh=given.zh or proposal.name_zh, en=given.en or proposal.name_en)
    edit = move(db, [unit.id for unit in proposal.units], editor, theme=None, new=named)
    with write(db):
        store.remove(db, emerging_id)
    return edit
