"""Replay: what people made of the themes, put over what the latest run found; inside one write with its cause."""

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from app.settings import Settings, analysis_settings
from app.store import edits, found, proposed_names, runs, themes
from app.store.found import FoundUnits, Place
from app.tasks.insight import save_theme_insight
from pipelines.edit_state import PlacedTexts
from pipelines.edits import Replayed, replay
from pipelines.records import KeptTheme, Known, Theme


def replay_edits(db: Database, *, settings: Settings, run: int, model: str) -> frozenset[str]:
    """Bring themes and units to what all edits make of them; inside a write transaction.

    `model` is the encoder whose stored vectors are used. Returns the themes that hold other units than before.
    """
    if not edits.exist(db):
        return frozenset()
    placed = found.units(db)
    done = replay(
        proposed_names.named(db, found.themes(db)),
        placed.assignments,
        edits.records(db),
        texts=texts_of(db, placed, model=model),
        kept=edits.kept(db),
        settings=analysis_settings(settings),
    )
    changed = _changed(placed, done)
    before = {theme.id: theme.parent_id for theme in themes.all_records(db)}
    found.save_places(db, changed)
    themes.replace(db, done.themes, run=run, marks=done.marks)
    edits.set_gone(db, done.gone)
    edits.set_idle(db, done.idle)
    return _touched(
        before, done.themes, places=[(number, place[0]) for number, place in changed.items()], placed=placed
    )


def replay_now(db: Database, *, settings: Settings) -> None:
    """Bring a project to what its edits make of it, with all that is counted from it; inside a write transaction."""
    run = runs.latest(db)
    if run is not None:
        touched = replay_edits(db, settings=settings, run=int(run["id"]), model=str(run["models"]["encoder"]))
        if touched:
            save_theme_insight(db, seed=settings.seed, only=touched)


def texts_of(db: Database, placed: FoundUnits, *, model: str) -> PlacedTexts:
    """Return what the units say, their vectors and records read from the store when they are asked for."""
    return PlacedTexts(
        keys=placed.keys,
        first_run=placed.first_run,
        vectors=lambda rows: found.vectors_of(db, model, [placed.keys[row] for row in rows.tolist()]),
        units=lambda rows: found.records_of(db, [placed.numbers[row] for row in rows.tolist()]),
    )


def known_of(db: Database) -> Known:
    """Return what the latest run found, by its own names, not what people made of it: a new run is matched with it."""
    return Known(themes=found.themes(db), members=found.members(db))


def before_run(db: Database, new: Sequence[Theme] | None) -> dict[str, int]:
    """Note what the next run would sweep away; inside its write, before what it found is stored.

    Themes that edits name and that are not among `new` (None: a run that finds no themes) are kept as they were.
    Returns the run that saw each unit first, for `after_run`.
    """
    if not edits.exist(db):
        return {}
    if new is not None:
        _keep_lost(db, frozenset(theme.id for theme in new))
    return found.first_seen(db)


def after_run(db: Database, seen: Mapping[str, int], *, settings: Settings, run: int, model: str) -> None:
    """Replay all edits over what a run found, once it is stored; inside its write. `seen` is from `before_run`."""
    if edits.exist(db):
        found.save_first_runs(db, seen, run=run)
        replay_edits(db, settings=settings, run=run, model=model)


def _keep_lost(db: Database, new: frozenset[str]) -> None:
    named = {one for edit in edits.records(db) for one in (*edit.theme_ids, edit.into) if one is not None}
    before = {theme.id: theme for theme in proposed_names.named(db, found.themes(db))}
    parents = {theme.parent_id for theme in before.values()}
    lost = (named & set(before)) - new
    texts = found.texts_of(db, lost)
    latest = runs.latest(db)
    kept = {one.theme.id: one for one in edits.kept(db) if one.theme.id not in new}
    for theme_id in lost:
        kept[theme_id] = KeptTheme(
            theme=before[theme_id],
            texts=texts.get(theme_id, frozenset()),
            run=0 if latest is None else int(latest["id"]),
            is_parent=theme_id in parents,
        )
    edits.replace_kept(db, [kept[one] for one in sorted(kept)], first=found.first_runs(db))


def _touched(
    before: Mapping[str, str | None],
    after: Sequence[Theme],
    *,
    places: Sequence[tuple[int, str | None]],
    placed: FoundUnits,
) -> frozenset[str]:
    """Return the themes that units came to or went from, those that are new, and all parents concerned."""
    was = {number: now[0] for number, now in zip(placed.numbers, placed.now, strict=True)} if places else {}
    moved = [(was[number], theme_id) for number, theme_id in places if was[number] != theme_id]
    now = {theme.id: theme.parent_id for theme in after}
    found = {theme_id for pair in moved for theme_id in pair} | (set(now) - set(before))
    regrouped = {one for one in now if one in before and now[one] != before[one]}
    gone = set(before) - set(now)
    for theme_id in found | regrouped | gone:
        found |= {before.get(theme_id or ""), now.get(theme_id or "")}
    return frozenset(theme_id for theme_id in found if theme_id in now)


def _changed(placed: FoundUnits, done: Replayed) -> dict[int, Place]:
    """Return the places of the units that are elsewhere than they were, by number."""
    changed: dict[int, Place] = {}
    for number, now, item, by, follows in zip(
        placed.numbers, placed.now, done.assignments, done.placed_by, done.follows, strict=True
    ):
        place: Place = (item.theme_id, item.similarity, by, int(follows))
        if place != now:
            changed[number] = place
    return changed
