"""Where themes and units stand while edits are replayed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.centres import aligned, normalised
from pipelines.records import EditKind, Matrix, OpinionUnit, Theme, ThemeAssignment
from pipelines.settings import AnalysisSettings

Rows = NDArray[np.int64]
FLAGS: tuple[EditKind, ...] = ("pin", "hide", "lock")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTexts:
    """What units say: `keys[i]` is the key of unit i's text, `first_run[i]` the run that saw it first.

    `vectors` and `units` give the vectors (of unit length) and units of some rows, so that only what an edit touches
    is ever loaded; a row of zeros stands for a vector that is not there.
    """

    keys: Sequence[bytes]
    first_run: NDArray[np.int64]
    vectors: Callable[[Rows], Matrix]
    units: Callable[[Rows], Sequence[OpinionUnit]]


@dataclass(slots=True, kw_only=True)
class EditState:
    """The themes as they are by now and the place of each unit: an index into `order`, -1 for unthemed.

    `shelves` are themes that are there for the themes under them. `by[i]` is the edit that placed unit i (0: none did),
    `decided[i]` whether a person placed this very text.
    """

    themes: dict[str, Theme]
    order: list[str]
    place: Rows
    found: Rows
    similarity: NDArray[np.float64]
    by: Rows
    decided: NDArray[np.bool_]
    follows: NDArray[np.bool_]
    texts: PlacedTexts
    settings: AnalysisSettings
    shelves: set[str]
    children_found: dict[str, frozenset[str]]
    found_ids: frozenset[str]
    flags: dict[EditKind, set[str]] = field(default_factory=lambda: {flag: set() for flag in FLAGS})
    gone: dict[str, tuple[str, ...]] = field(default_factory=dict)
    idle: set[int] = field(default_factory=set)
    sources: dict[int, set[str]] = field(default_factory=dict)
    by_key: dict[bytes, list[int]] | None = None

    @classmethod
    def of(
        cls,
        themes: Sequence[Theme],
        assignments: Sequence[ThemeAssignment],
        texts: PlacedTexts,
        *,
        settings: AnalysisSettings,
    ) -> "EditState":
        """Return the state before any edit: everything as found."""
        order = [theme.id for theme in themes]
        index: dict[str | None, int] = {theme_id: at for at, theme_id in enumerate(order)}
        place = np.fromiter((index.get(item.theme_id, -1) for item in assignments), np.int64, len(assignments))
        return cls(
            themes={theme.id: theme for theme in themes},
            order=order,
            place=place,
            found=place.copy(),
            similarity=np.fromiter((item.similarity for item in assignments), np.float64, len(assignments)),
            by=np.zeros(len(assignments), dtype=np.int64),
            decided=np.zeros(len(assignments), dtype=bool),
            follows=np.zeros(len(assignments), dtype=bool),
            texts=texts,
            settings=settings,
            shelves={theme.parent_id for theme in themes if theme.parent_id},
            found_ids=frozenset(order),
            children_found={
                parent: frozenset(theme.id for theme in themes if theme.parent_id == parent)
                for parent in {theme.parent_id for theme in themes if theme.parent_id}
            },
        )

    def add(self, theme: Theme) -> None:
        """Take in a theme that is new."""
        self.themes[theme.id] = theme
        if theme.id not in self.order:
            self.order.append(theme.id)

    def index(self, theme_id: str | None) -> int:
        """Return the place number of a theme, -1 for None or one that is not there."""
        return -1 if theme_id is None or theme_id not in self.themes else self.order.index(theme_id)

    @property
    def parents(self) -> set[str]:
        """The themes that have themes under them now."""
        return {theme.parent_id for theme in self.themes.values() if theme.parent_id}

    def is_leaf(self, theme_id: str | None) -> bool:
        """Say whether a theme is there and has no themes under it."""
        return theme_id in self.themes and theme_id not in self.parents

    def rows_in(self, theme_id: str) -> Rows:
        """Return the rows of the units in a theme."""
        return np.flatnonzero(self.place == self.order.index(theme_id)) if theme_id in self.order else _no_rows()

    def holds_units(self, theme_id: str) -> bool:
        """Say whether units lie in a theme itself."""
        return bool(len(self.rows_in(theme_id)))

    def rows_saying(self, keys: Iterable[bytes]) -> Rows:
        """Return the rows of the units that say one of these texts, in order."""
        if self.by_key is None:
            self.by_key = {}
            for row, key in enumerate(self.texts.keys):
                self.by_key.setdefault(key, []).append(row)
        rows = [row for key in keys for row in self.by_key.get(key, ())]
        return np.array(sorted(rows), dtype=np.int64)

    def says(self, rows: Rows, keys: frozenset[bytes]) -> NDArray[np.bool_]:
        """Say for each row whether its text is one of these."""
        return np.fromiter((self.texts.keys[row] in keys for row in rows.tolist()), bool, len(rows))

    def ends_of(self, theme_id: str) -> tuple[str, ...]:
        """Return the themes that what was in a theme that is gone went to, those that are gone too followed on."""
        found: list[str] = []
        for one in self.gone.get(theme_id, ()):
            found += [one] if one in self.themes else self.ends_of(one)
        return tuple(dict.fromkeys(found))

    def nearest_place(self, rows: Rows, *, barred: frozenset[str]) -> Rows:
        """Return the place of the nearest theme for each row, none of the barred or locked; -1 where all are far."""
        shut = barred | self.flags["lock"]
        candidates = [one for one in sorted(self.themes) if self.is_leaf(one) and one not in shut]
        if not len(rows) or not candidates:
            return np.full(len(rows), -1, dtype=np.int64)
        vectors = normalised(self.texts.vectors(rows))
        centres = self.centres(candidates, width=vectors.shape[1])
        near = vectors @ centres.T
        places = np.array([self.order.index(one) for one in candidates], dtype=np.int64)
        best = np.argmax(near, axis=1)
        return np.where(near.max(axis=1) >= self.settings.assign_similarity, places[best], -1)

    def centres(self, theme_ids: Sequence[str], *, width: int) -> Matrix:
        """Return the centroids of themes; a row of zeros for one that another encoder made."""
        return aligned([self.themes[one].centroid for one in theme_ids], width=width)

    def centre_of_rows(self, rows: Rows) -> Matrix:
        """Return the mean of the distinct texts of some rows at unit length."""
        return mean_of(self.texts.vectors(self.distinct(rows)))

    def distinct(self, rows: Rows) -> Rows:
        """Return the first row of each text among these."""
        first: dict[bytes, int] = {}
        for row in rows.tolist():
            first.setdefault(self.texts.keys[row], row)
        return np.array(list(first.values()), dtype=np.int64)


def mean_of(vectors: Matrix) -> Matrix:
    """Return the mean of some rows at unit length."""
    mean = vectors.sum(axis=0, dtype=np.float64)[None, :].astype(np.float32)
    centre: Matrix = normalised(mean)[0]
    return centre


def _no_rows() -> Rows:
    return np.zeros(0, dtype=np.int64)
