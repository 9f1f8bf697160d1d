"""Defined themes beside found ones: which clusters and which single units are what the codebook means.

A defined theme is the mean of its names and example phrases as vectors. Clusters are found in all units first; one
whose centre is what a defined theme means is absorbed, its units going each to the defined theme nearest to it; and
any single unit that is near enough goes there from wherever it was. What is left are the found themes. So the data's
own structure decides where a defined theme ends, and no theme stands there twice (measured: docs/codebook.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder
from pipelines.assign import assign
from pipelines.centres import centres_of, normalised, own_cosines
from pipelines.codebook_names import in_both
from pipelines.folding import fold
from pipelines.match import match
from pipelines.records import Clustering, Codebook, CodebookEntry, EmbeddedUnits, Known, Matrix, Theme, ThemeAssignment
from pipelines.settings import AnalysisSettings
from pipelines.shadow import shadow
from pipelines.spread import Spread, in_turn
from pipelines.theme_names import apart
from pipelines.translations import translator
from pipelines.wording import word_part

BLOCK = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A codebook as the analysis reads it: its themes as long as nothing is placed in them, and where they lie.

    `leaves` are those that hold units, row i of `centres` is leaf i; `headings` stand above them. `phrases` are the
    vectors of all names and examples, row i is one of leaf `owner[i]`.
    """

    leaves: tuple[Theme, ...] = ()
    headings: tuple[Theme, ...] = ()
    centres: Matrix
    phrases: Matrix
    owner: NDArray[np.int64]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all defined themes."""
        return frozenset(theme.id for theme in (*self.leaves, *self.headings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Clusters after the defined themes took theirs: found ones first, then `leaves[i]` for cluster `found + i`."""

    clustering: Clustering
    found: int
    leaves: tuple[Theme, ...] = ()


def define(codebook: Codebook, encoder: Encoder) -> Defined:
    """Return the themes that a codebook defines. Deterministic: ids come from the entries alone.

    The list of themes has two levels: an entry below others stands directly below its topmost one. A topmost entry
    with others below is a heading; where it has examples of its own, a theme "… (general)" below it holds their units.
    """
    above = {entry.guid: entry.parent for entry in codebook}
    parents = {entry.parent for entry in codebook if entry.parent}
    translate = translator(word_part(encoder))
    leaves: list[Theme] = []
    headings: list[Theme] = []
    texts: list[list[str]] = []
    for entry in codebook:
        zh, en = in_both(entry, translate)
        heading = entry.parent is None and entry.guid in parents
        theme = _empty(entry.theme, zh, en, parent=None, encoder=encoder)
        if heading:
            headings.append(theme)
            if entry.codable and entry.examples:
                general = _empty(
                    f"{entry.theme}-general", f"{zh}（总体）", f"{en} (general)", parent=theme.id, encoder=encoder
                )
                leaves.append(general)
                texts.append(_said(entry))
        elif entry.codable:
            top = _top(entry.guid, above)
            parent = next((one.theme for one in codebook if one.guid == top), None) if top != entry.guid else None
            leaves.append(replace(theme, parent_id=parent))
            texts.append(_said(entry))
    # In order of ids, so that the order of entries has no effect either.
    order = sorted(range(len(leaves)), key=lambda place: leaves[place].id)
    leaves, texts = [leaves[place] for place in order], [texts[place] for place in order]
    held = {leaf.parent_id for leaf in leaves}
    if not leaves:
        nothing = np.zeros((0, encoder.dim), dtype=np.float32)
        return Defined(centres=nothing, phrases=nothing, owner=np.zeros(0, dtype=np.int64))
    vectors = encoder.encode([shadow(text) for said in texts for text in said])
    owner = np.repeat(np.arange(len(texts)), [len(said) for said in texts])
    centres = centres_of(vectors, owner)
    return Defined(
        leaves=tuple(replace(leaf, centroid=centre) for leaf, centre in zip(leaves, centres, strict=True)),
        headings=tuple(sorted((one for one in headings if one.id in held), key=lambda one: one.id)),
        centres=centres,
        phrases=vectors,
        owner=owner,
    )


def _empty(theme_id: str, zh: str, en: str, *, parent: str | None, encoder: Encoder) -> Theme:
    return Theme(
        id=theme_id,
        parent_id=parent,
        name_zh=zh,
        name_en=en,
        keywords=(),
        exemplars=(),
        centroid=np.zeros(encoder.dim, dtype=np.float32),
        status="defined",
    )


def _said(entry: CodebookEntry) -> list[str]:
    """Return the phrases that say what an entry means; its description counts where there are no examples."""
    names = [name for name in (entry.name_zh, entry.name_en) if name]
    return [*names, *(entry.examples or ([entry.description] if entry.description else []))]


def _top(guid: str, above: dict[str, str | None]) -> str:
    while (parent := above[guid]) is not None:
        guid = parent
    return guid


def place(embedded: EmbeddedUnits, clustering: Clustering, defined: Defined, settings: AnalysisSettings) -> Placed:
    """Return the clusters with the defined themes in them, found ones first; the order of rows has no effect.

    Units that say the same words are placed together. A found cluster is absorbed where its centre is near a defined
    theme, or nearly one of its phrases, or where fewer than half of its units would stay.
    """
    count = len(clustering.parents)
    if not defined.leaves:
        return Placed(clustering=clustering, found=count)
    folded = fold(embedded.units)
    vectors = embedded.vectors[folded.first]
    labels = clustering.labels[folded.first].astype(np.int64)
    best, near = _nearest(vectors, defined.centres)
    said = np.array([bool(key) for key in folded.keys], dtype=bool)
    taken = said & (near >= settings.defined_alone)
    centres = centres_of(vectors, labels)
    phrase, like = _nearest(centres, defined.phrases)
    by_phrase = like >= settings.defined_phrase
    absorbed = by_phrase | (_nearest(centres, defined.centres)[1] >= settings.defined_cluster)
    absorbed |= _mostly(taken, labels, folded.counts)
    taken |= said & np.append(absorbed, False)[labels] & (near >= settings.defined_within)
    for label in np.flatnonzero(by_phrase):
        leaf = defined.owner[phrase[label]]
        rest = np.flatnonzero((labels == label) & said & ~taken)
        rest = rest[_nearest(vectors[rest], defined.phrases[defined.owner == leaf])[1] >= settings.defined_within]
        best[rest], taken[rest] = leaf, True
    kept = np.flatnonzero(~absorbed)
    renumbered = np.full(count + 1, -1, dtype=np.int64)
    renumbered[kept] = np.arange(len(kept))
    filled = np.unique(best[taken])
    position = np.full(len(defined.leaves), -1, dtype=np.int64)
    position[filled] = len(kept) + np.arange(len(filled))
    labels = np.where(taken, position[best], renumbered[labels])
    parents = np.concatenate([clustering.parents[kept], np.full(len(filled), -1, dtype=np.int32)]).astype(np.int32)
    return Placed(
        clustering=Clustering(
            labels=labels[folded.group].astype(np.int32),
            similarity=_similarity(vectors, labels, defined)[folded.group],
            parents=parents,
            core=clustering.core | taken[folded.group],
        ),
        found=len(kept),
        leaves=tuple(defined.leaves[leaf] for leaf in filled),
    )


def _nearest(vectors: Matrix, centres: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """Return the nearest centre of each row and how near it is; ties go to the first."""
    best = np.zeros(len(vectors), dtype=np.int64)
    near = np.zeros(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = slice(start, start + BLOCK)
        cosines = normalised(vectors[block]) @ centres.T
        best[block] = np.argmax(cosines, axis=1)
        near[block] = cosines[np.arange(len(cosines)), best[block]]
    return best, near


def _mostly(taken: NDArray[np.bool_], labels: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of which clusters more than half of the units are taken."""
    size = int(labels.max(initial=-1)) + 1
    inside = labels >= 0
    whole = np.bincount(labels[inside], counts[inside], minlength=size)
    gone = np.bincount(labels[inside & taken], counts[inside & taken], minlength=size)
    return np.asarray(gone * 2 > whole, dtype=bool)


def _similarity(vectors: Matrix, labels: NDArray[np.int64], defined: Defined) -> Matrix:
    """Return each row's cosine to the mean of its cluster; for a row in none, to the nearest cluster's mean."""
    if labels.max(initial=-1) < 0:
        return np.clip(_nearest(vectors, defined.centres)[1], -1.0, 1.0)
    centres = centres_of(vectors, labels)
    _, near = _nearest(vectors, centres)
    inside = np.flatnonzero(labels >= 0)
    near[inside] = own_cosines(normalised(vectors[inside]), centres[labels[inside]])
    return np.clip(near, -1.0, 1.0)


def side_by_side(
    known: Known,
    themes: tuple[Theme, ...],
    assignments: tuple[ThemeAssignment, ...],
    placed: Placed,
    defined: Defined,
) -> tuple[tuple[Theme, ...], tuple[ThemeAssignment, ...]]:
    """Return found themes matched with the known found ones, and all defined themes beside them, empty ones too.

    `themes` and `assignments` are those of `placed.clustering`. Defined themes keep the ids and names that the codebook
    gives them; what units make of them is taken over: keywords, exemplars, centre.
    """
    others = tuple(theme for theme in known.themes if theme.id not in defined.ids)
    others = tuple(replace(theme, status="found") if theme.status == "defined" else theme for theme in others)
    known = Known(themes=others, members=known.members)
    if not defined.leaves:
        return match(known, themes, assignments)
    leaves = len(placed.clustering.parents)
    made = {themes[placed.found + place].id: leaf for place, leaf in enumerate(placed.leaves)}
    of_found = tuple(replace(item, theme_id=None) if item.theme_id in made else item for item in assignments)
    found, matched = match(known, (*themes[: placed.found], *themes[leaves:]), of_found)
    filled = {
        leaf.id: replace(
            leaf,
            keywords=one.keywords,
            exemplars=one.exemplars,
            centroid=one.centroid,
            tentative=one.tentative,
        )
        for leaf, one in zip(placed.leaves, themes[placed.found : leaves], strict=True)
    }
    own = [filled.get(leaf.id, leaf) for leaf in defined.leaves]
    # "… (general)" is only there for what says nothing more exact.
    own = [leaf for leaf in own if leaf.id in filled or not leaf.id.endswith("-general")]
    headings = [
        _heading(heading, [leaf for leaf in own if leaf.parent_id == heading.id]) for heading in defined.headings
    ]
    both = tuple(
        replace(item, theme_id=made[before.theme_id].id) if before.theme_id in made else item
        for item, before in zip(matched, assignments, strict=True)
    )
    return (*_apart(found, (*own, *headings)), *own, *headings), both


def _heading(heading: Theme, leaves: Sequence[Theme]) -> Theme:
    filled = [leaf for leaf in leaves if leaf.exemplars] or list(leaves)
    centre = np.stack([leaf.centroid for leaf in filled]).mean(axis=0, keepdims=True).astype(np.float32)
    return replace(
        heading,
        keywords=tuple(dict.fromkeys(word for leaf in filled for word in leaf.keywords[:3]))[:10],
        exemplars=tuple(leaf.exemplars[0] for leaf in filled if leaf.exemplars)[:5],
        centroid=normalised(centre)[0],
    )


def _apart(found: Sequence[Theme], own: Sequence[Theme]) -> tuple[Theme, ...]:
    """Return the found themes with no name that a defined one has."""
    zh = {theme.name_zh.casefold() for theme in own}
    en = {theme.name_en.casefold() for theme in own}
    if not any(theme.name_zh.casefold() in zh or theme.name_en.casefold() in en for theme in found):
        return tuple(found)
    zh_all = zh | {theme.name_zh.casefold() for theme in found}
    en_all = en | {theme.name_en.casefold() for theme in found}
    told: list[Theme] = []
    for theme in found:
        if theme.name_zh.casefold() in zh:
            name = apart(theme.name_zh, zh_all, theme.keywords, chinese=True)
            zh_all.add(name.casefold())
            theme = replace(theme, name_zh=name)
        if theme.name_en.casefold() in en:
            name = apart(theme.name_en, en_all, theme.keywords, chinese=False)
            en_all.add(name.casefold())
            theme = replace(theme, name_en=name)
        told.append(theme)
    return tuple(told)


def assign_beside(
    embedded: EmbeddedUnits, known: Known, defined: Defined, settings: AnalysisSettings, *, spread: Spread = in_turn
) -> tuple[ThemeAssignment, ...]:
    """Place new units: near a defined theme's phrases there, else in the nearest known theme that holds units.

    Entries that no full run has seen yet wait for the next one.
    """
    themes = tuple(theme for theme in known.themes if theme.status != "defined" or known.members.get(theme.id))
    headings = {theme.parent_id for theme in known.themes if theme.parent_id}
    leaves = tuple(theme for theme in themes if theme.id not in headings)
    placed = assign(embedded, leaves, settings, reach=known.reach, spread=spread)
    there = {theme.id: theme for theme in known.themes}
    rows = [row for row, leaf in enumerate(defined.leaves) if leaf.id in there]
    if not rows:
        return placed
    best, near = _nearest(embedded.vectors, defined.centres[rows])
    centres = np.stack([there[defined.leaves[row].id].centroid for row in rows])
    own = own_cosines(normalised(embedded.vectors), centres[best])
    return tuple(
        ThemeAssignment(
            unit_id=item.unit_id, theme_id=defined.leaves[rows[leaf]].id, similarity=round(float(cosine), 4)
        )
        if close >= settings.defined_alone
        else item
        for item, leaf, close, cosine in zip(placed, best, near, own, strict=True)
    )
