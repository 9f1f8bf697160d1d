"""Edits in words: who did what to which theme, in the reader's language, every theme a link."""

from markupsafe import Markup, escape
from sqlite_utils import Database

from app.locale import UiLanguage, say
from app.pages.frame import Frame
from app.store import edits, themes
from app.store.views import EditView


def told_edit(frame: Frame, db: Database) -> EditView | None:
    """Return the edit that the address says was just made, None where it says none."""
    asked = frame.request.query_params.get("edit", "")
    if not asked.isdecimal() or len(asked) > 15 or not 0 < int(asked) < edits.next_id(db):
        return None
    return edits.view(db, int(asked))


def words(frame: Frame, edit: EditView, known: frozenset[str]) -> Markup:
    """Return what an edit did as one sentence; themes that are there (`known`) are links."""
    language = frame.language
    into = _theme(frame, edit, edit.into, known)
    subjects = Markup(say(language, "list.comma")).join(_theme(frame, edit, one, known) for one in edit.theme_ids)
    values: dict[str, object] = {
        "theme": subjects,
        "into": into,
        "name": _quoted(language, _names(edit.name, language)),
        "parts": Markup(say(language, "list.comma")).join(
            _link(frame, part["id"], _names(part["name"], language), known) for part in edit.parts
        ),
        "count": edit.count,
    }
    return _said(language, _key(edit), values)


def known_themes(db: Database) -> frozenset[str]:
    """Return the ids of the themes that are there."""
    return frozenset(theme.id for theme in themes.all_records(db))


def _key(edit: EditView) -> str:
    match edit.kind:
        case "rename":
            return "edit.did.rename"
        case "parent":
            return "edit.did.parent" if edit.into else "edit.did.no_parent"
        case "move":
            if edit.into is None:
                return "edit.did.move_out"
            return "edit.did.move_new" if edit.name.get("zh") else "edit.did.move"
        case "pin" | "hide" | "lock":
            return f"edit.did.{edit.kind}" if edit.on else f"edit.did.un{edit.kind}"
        case _:
            return f"edit.did.{edit.kind}"


def _theme(frame: Frame, edit: EditView, theme_id: str | None, known: frozenset[str]) -> Markup:
    if theme_id is None:
        return escape(say(frame.language, "theme.unthemed"))
    named = edit.names.get(theme_id) or edit.name
    return _link(frame, theme_id, _names(named, frame.language), known)


def _link(frame: Frame, theme_id: str, name: str, known: frozenset[str]) -> Markup:
    shown = _quoted(frame.language, name)
    if theme_id not in known:
        return shown
    return Markup('<a href="{}">{}</a>').format(frame.addresses.plain(f"themes/{theme_id}"), shown)


def _names(name: object, language: UiLanguage) -> str:
    found = name if isinstance(name, dict) else {}
    other = "en" if language == "zh" else "zh"
    return str(found.get(language) or found.get(other) or "")


def _quoted(language: UiLanguage, name: str) -> Markup:
    return escape(say(language, "edit.quoted", {"name": name}))


def _said(language: UiLanguage, key: str, values: dict[str, object]) -> Markup:
    # The sentence is ours; what fills its gaps is escaped above.
    return Markup(say(language, key, values))
