"""Clusters to themes: ids from their members, names in zh and en, keywords, exemplars, parent themes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder
from pipelines.centres import centres_of, normalised
from pipelines.exemplars import choose_exemplars
from pipelines.folding import Folded, fold
from pipelines.identity import identify
from pipelines.keywords import Words, count_words, rarities, role_of, strengths
from pipelines.moods import mood_of
from pipelines.records import Clustering, EmbeddedUnits, Matrix, Theme
from pipelines.settings import AnalysisSettings
from pipelines.terms import Term, terms
from pipelines.theme_names import Translate, apart, form_of, idea_of, in_chinese, in_english, original, sentence_case
from pipelines.translations import translator

# Distinct units read for a theme's words: past a few hundred, more of them change no name.
READ = 600
# A cluster is bare praise or blame where nearly all its units are.
MOOD_SHARE = 0.8
MOOD_NAMES = {
    1: ("总体好评", "General praise"),
    -1: ("总体差评", "General complaints"),
    0: ("总体一般", "Just average"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """One cluster on its way to a theme: its folded rows as read, its words, and how strong each is."""

    rows: NDArray[np.int64]
    said: tuple[tuple[Term, ...], ...]
    words: Words
    units: int
    strength: Mapping[str, float]
    order: tuple[str, ...]


def name_themes(
    embedded: EmbeddedUnits, clustering: Clustering, *, encoder: Encoder, settings: AnalysisSettings
) -> tuple[tuple[Theme, ...], NDArray[np.int32]]:
    """Return all themes, leaves first and then parents, and for each cluster the index of its leaf theme.

    Names are unique among all themes of the call. Words come from the units nearest each centre, at most 600.
    """
    folded = fold(embedded.units)
    labels = clustering.labels[folded.first].astype(np.int64)
    similarity = clustering.similarity[folded.first]
    vectors = embedded.vectors[folded.first]
    core = clustering.core[folded.first]
    centres = centres_of(vectors, labels)
    drafts = _drafts(embedded, folded, labels, similarity, count=len(centres))
    translate = translator(encoder)
    rarity = rarities([draft.words for draft in drafts])
    parents = _parents(clustering.parents, drafts, settings)
    taken_zh: set[str] = set()
    taken_en: set[str] = set()
    themes: list[Theme] = []
    for label, draft in enumerate(drafts):
        units = [embedded.units[folded.first[row]] for row in draft.rows]
        exemplars = choose_exemplars(units, vectors[draft.rows], similarity[draft.rows], settings.exemplars)
        members = np.flatnonzero(labels == label)
        heart = members[core[members]] if core[members].any() else members
        keywords = _keywords(draft, settings.keywords)
        name_zh, name_en = _names(draft, rarity, translate)
        further_zh = (form_of(key, draft.words, translate, "zh") or "" for key in draft.order)
        further_en = (form_of(key, draft.words, translate, "en") or "" for key in draft.order)
        name_zh = apart(name_zh, taken_zh, further_zh, chinese=True)
        name_en = apart(name_en, taken_en, further_en, chinese=False)
        taken_zh.add(name_zh.casefold())
        taken_en.add(name_en.casefold())
        themes.append(
            Theme(
                id=identify("t", *(folded.keys[row] for row in heart)),
                parent_id=parents.get(label),
                name_zh=name_zh,
                name_en=name_en,
                keywords=keywords,
                exemplars=tuple(units[row].id for row in exemplars),
                centroid=centres[label],
                tentative=draft.units < settings.tentative_units,
            )
        )
    # A parent may be called as one of its children is: they stand on different levels.
    taken_zh, taken_en = set(), set()
    for parent_id in sorted(set(parents.values())):
        children = [label for label, other in parents.items() if other == parent_id]
        themes.append(_parent(parent_id, children, themes, drafts, centres, translate, (taken_zh, taken_en), settings))
    return tuple(themes), np.arange(len(drafts), dtype=np.int32)


def _drafts(
    embedded: EmbeddedUnits, folded: Folded, labels: NDArray[np.int64], similarity: Matrix, *, count: int
) -> list[_Draft]:
    read: list[tuple[NDArray[np.int64], tuple[tuple[Term, ...], ...], Words, int]] = []
    for label in range(count):
        members = np.flatnonzero(labels == label)
        rows = members[np.lexsort((members, -similarity[members]))][:READ]
        said = tuple(terms(embedded.units[folded.first[row]].shadow) for row in rows)
        words = count_words(said, [int(folded.counts[row]) for row in rows])
        read.append((rows, said, words, int(folded.counts[members].sum())))
    rarity = rarities([words for _, _, words, _ in read])
    drafts = []
    for rows, said, words, units in read:
        strength = strengths(words, rarity)
        order = tuple(sorted(strength, key=lambda key: (-strength[key], key)))
        drafts.append(_Draft(rows=rows, said=said, words=words, units=units, strength=strength, order=order))
    return drafts


def _names(draft: _Draft, rarity: Mapping[str, float], translate: Translate) -> tuple[str, str]:
    moods = [mood_of(found) for found in draft.said]
    polarities = [mood for mood in moods if mood is not None]
    if len(polarities) >= MOOD_SHARE * len(moods):
        return MOOD_NAMES[int(np.sign(sum(polarities)))]
    idea = idea_of(draft.words, draft.strength, rarity)
    return (
        in_chinese(idea, draft.words, translate, draft.order),
        in_english(idea, draft.words, translate, draft.order),
    )


def _keywords(draft: _Draft, count: int) -> tuple[str, ...]:
    """Return the strongest words as they are said most; where two languages speak, both are heard."""
    shown: list[str] = []
    many = len(draft.order) < count // 2
    for key in draft.order:
        if role_of(key) == "other" and shown:
            continue
        for own in draft.words.forms[key]:
            forms = sorted(own, key=lambda form: (-own[form], form))
            shown.extend(form for form in (forms if many else forms[:1]) if form not in shown)
    return tuple(shown[:count])


def _parents(groups: NDArray[np.int32], drafts: Sequence[_Draft], settings: AnalysisSettings) -> dict[int, str]:
    """Return the id of the parent theme of each cluster that has one: a hash of its children's first words."""
    found: dict[int, str] = {}
    for group in sorted({int(group) for group in groups if group >= 0}):
        children = np.flatnonzero(groups == group).tolist()
        if len(children) >= 2:
            parts = sorted(key for label in children for key in drafts[label].order[:3])
            parent_id = identify("t", "parent", *parts, *(str(drafts[label].units) for label in children))
            found |= dict.fromkeys(children, parent_id)
    return found


def _parent(
    parent_id: str,
    children: Sequence[int],
    themes: Sequence[Theme],
    drafts: Sequence[_Draft],
    centres: Matrix,
    translate: Translate,
    taken: tuple[set[str], set[str]],
    settings: AnalysisSettings,
) -> Theme:
    largest = sorted(children, key=lambda label: (-drafts[label].units, label))
    weights = np.array([drafts[label].units for label in largest], dtype=np.float64)
    worth: dict[str, float] = {}
    heads: dict[str, int] = {}
    for label in largest:
        for key in drafts[label].order[:5]:
            if role_of(key) in ("aspect", "person", "noun", "word"):
                known = 1.5 if role_of(key) == "aspect" else 1.0
                worth[key] = worth.get(key, 0.0) + known * drafts[label].units * drafts[label].strength[key]
                heads.setdefault(key, label)
    heads = {key: heads[key] for key in sorted(heads, key=lambda key: (-worth[key], key))}
    said: list[tuple[str, str]] = []
    for key, label in heads.items():
        forms = [form_of(key, drafts[label].words, translate, language) for language in ("zh", "en")]
        said.append((forms[0] or original(key, drafts[label].words), forms[1] or original(key, drafts[label].words)))
    said = said or [(themes[largest[0]].name_zh, themes[largest[0]].name_en)]
    name_zh = apart("与".join(zh for zh, _ in said[:2]), taken[0], (zh for zh, _ in said[2:]), chinese=True)
    name_en = apart(
        sentence_case(" and ".join(en for _, en in said[:2])), taken[1], (en for _, en in said[2:]), chinese=False
    )
    taken[0].add(name_zh.casefold())
    taken[1].add(name_en.casefold())
    return Theme(
        id=parent_id,
        parent_id=None,
        name_zh=name_zh,
        name_en=name_en,
        keywords=tuple(dict.fromkeys(word for label in largest for word in themes[label].keywords[:3]))[
            : settings.keywords
        ],
        exemplars=tuple(themes[label].exemplars[0] for label in largest if themes[label].exemplars)[
            : settings.exemplars
        ],
        centroid=normalised((weights @ centres[largest])[None, :].astype(np.float32))[0],
        tentative=int(weights.sum()) < settings.tentative_units,
    )
