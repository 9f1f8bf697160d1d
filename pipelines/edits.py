"""People's edits replayed over what a run found: the same edits on the same findings always give the same themes.

What a run found is never changed. Edits are replayed over it in their order, so that undoing one gives exactly what
would be there without it. Texts, not units, are moved: two units that say the same words are always together.

keep   themes that edits name and the run did not find again stay, with their texts (`pipelines.kept`)
steps  each edit does to the themes and places what it did when it was made (`pipelines.edit_steps`)
teach  units like those that were moved follow them (`pipelines.teaching`)
tidy   centroids, keywords and exemplars of what changed; names told apart (`pipelines.regathering`)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.edit_state import EditState, PlacedTexts
from pipelines.edit_steps import STEPS
from pipelines.kept import keep, lasting, named_by
from pipelines.records import KeptTheme, Theme, ThemeAssignment, ThemeEdit, ThemeMarks
from pipelines.regathering import regathered
from pipelines.settings import AnalysisSettings
from pipelines.teaching import followed


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """Themes and places after the edits.

    `assignments` are in the order given. `placed_by[i]` is the edit that put unit i where it is, None where the run
    did, and `follows[i]` says that it only follows a text like it. `marks` are by theme id; `gone` says where the units
    of a theme that is no more went; `idle` are the live edits that have nothing to do at present.
    """

    themes: tuple[Theme, ...]
    assignments: tuple[ThemeAssignment, ...]
    placed_by: tuple[int | None, ...]
    follows: tuple[bool, ...]
    marks: Mapping[str, ThemeMarks] = field(default_factory=dict)
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    idle: frozenset[int] = frozenset()


def replay(
    themes: Sequence[Theme],
    assignments: Sequence[ThemeAssignment],
    edits: Sequence[ThemeEdit],
    *,
    texts: PlacedTexts,
    kept: Sequence[KeptTheme] = (),
    settings: AnalysisSettings,
) -> Replayed:
    """Return themes and places as people want them: what was found, with every edit that is not undone replayed.

    `texts` tells what each unit says (aligned with `assignments`); `kept` are themes that edits name and that no
    longer are among `themes`. An edit whose theme is not there does nothing and is returned as idle.
    """
    live = sorted((edit for edit in edits if not edit.undone), key=lambda edit: edit.id)
    if not live:
        nobody = (None,) * len(assignments)
        return Replayed(
            themes=tuple(themes),
            assignments=tuple(assignments),
            placed_by=nobody,
            follows=(False,) * len(assignments),
        )
    state = EditState.of(themes, assignments, texts, settings=settings)
    keep(state, kept, live)
    released = _released(live)
    for edit in live:
        if not STEPS[edit.kind](state, edit if edit.id not in released else replace(edit, texts=frozenset(), run=0)):
            state.idle.add(edit.id)
    followed(state, live)
    named = named_by(live)
    done, similarity = regathered(state, named=frozenset(named), lasting=lasting(live))
    ids = [*state.order, None]
    kept_ids = {theme.id for theme in done}
    return Replayed(
        themes=done,
        assignments=tuple(
            ThemeAssignment(unit_id=item.unit_id, theme_id=ids[place], similarity=similar)
            for item, place, similar in zip(assignments, state.place.tolist(), similarity, strict=True)
        ),
        placed_by=tuple(None if by == 0 else by for by in state.by.tolist()),
        follows=tuple(state.follows.tolist()),
        marks={
            theme_id: ThemeMarks(
                pinned=theme_id in state.flags["pin"],
                hidden=theme_id in state.flags["hide"],
                locked=theme_id in state.flags["lock"],
                edits=tuple(edit_id for edit_id in named.get(theme_id, ()) if edit_id not in state.idle),
            )
            for theme_id in kept_ids
        },
        gone={theme_id: state.ends_of(theme_id) for theme_id in state.gone},
        idle=frozenset(state.idle),
    )


def _released(live: Sequence[ThemeEdit]) -> frozenset[int]:
    """Return the edits that locked a theme which a later edit unlocked: they no longer hold its texts."""
    last: dict[str, ThemeEdit] = {}
    for edit in live:
        if edit.kind == "lock":
            last[edit.theme_ids[0]] = edit
    return frozenset(edit.id for edit in live if edit.kind == "lock" and not last[edit.theme_ids[0]].on)
