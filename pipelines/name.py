"""Clusters to themes: ids from their members, names in zh and en, keywords, exemplars, parent themes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder
from pipelines.casing import cased_words
from pipelines.centres import centres_of, normalised
from pipelines.exemplars import choose_exemplars
from pipelines.folding import Folded, fold
from pipelines.ideas import ideas
from pipelines.identity import identify
from pipelines.keywords import Words, count_words, polarity_of, rarities, strengths
from pipelines.leftovers import as_leftover, loose_themes, scattered
from pipelines.moods import mood_of
from pipelines.records import Clustering, EmbeddedUnits, Matrix, Theme
from pipelines.second_words import with_second
from pipelines.settings import AnalysisSettings
from pipelines.speech import Speech, heard, original, say
from pipelines.terms import Term, terms
from pipelines.theme_names import agreed, distinct, named, sentence_case, with_and
from pipelines.translations import Translate, common_words, translator
from pipelines.word_roles import Role, roles_of
from pipelines.wording import word_part, word_vectors

# Distinct units read for a theme's words: past a few hundred, more of them change no name.
READ = 600
# A cluster is bare praise or blame where nearly all its units are.
MOOD_SHARE = 0.8
# … or, where two languages speak and have no strong word in common, this share says a word of mood: it is all that they
# share.
MOOD_SHARE_WITHOUT = 0.4
# A subject that fewer units than this say is no name for a theme where half of them say a word of mood.
FEW_SHARE = 0.1
LOUD_SHARE = 0.5
MOOD_NAMES = {
    1: ("总体好评", "General praise"),
    -1: ("总体差评", "General complaints"),
    0: ("总体一般", "Just average"),
}


# A word near the theme's centre says more of it than one at its rim; a word opposite still counts this much.
FAR_WORTH = 0.3
# Letters of a text that may stand for a name.
LONGEST_QUOTE = 30
# What a parent can be named after: two go into the name, further ones tell it from others.
SUBJECTS_SAID = 6
# Words of a theme whose nearness is looked at.
STRONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """One cluster on its way to a theme: its folded rows as read, its words, and how strong each is."""

    rows: NDArray[np.int64]
    said: tuple[tuple[Term, ...], ...]
    words: Words
    units: int
    strength: Mapping[str, float]
    order: tuple[str, ...]
    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A draft's two names and the key they are about, if there is one.

    `mood` where it is praise or blame alone, `leftover` where its units have nothing in common.
    """

    zh: str
    en: str
    head: str | None
    mood: bool = False
    leftover: bool = False


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
    read = _read(embedded, folded, labels, similarity, count=len(centres))
    roles = roles_of(found for one in read for found in one.said)
    drafts = _drafts(embedded, folded, read, roles, word_vectors(encoder, centres), word_part(encoder))
    rarity = rarities([draft.words for draft in drafts])
    loose = loose_themes(vectors, labels)
    names = [_name(draft, rarity, roles, loose=bool(loose[label])) for label, draft in enumerate(drafts)]
    parents = _parents(clustering.parents, drafts, names)
    taken: tuple[set[str], set[str]] = (set(), set())
    themes: list[Theme] = []
    for label, draft in enumerate(drafts):
        units = [embedded.units[folded.first[row]] for row in draft.rows]
        exemplars = choose_exemplars(units, vectors[draft.rows], similarity[draft.rows], settings.exemplars)
        members = np.flatnonzero(labels == label)
        heart = members[core[members]] if core[members].any() else members
        # Where no word says what a theme is about, it is called as the text at its centre begins.
        zh, en = (name or units[0].text[:LONGEST_QUOTE].strip() for name in (names[label].zh, names[label].en))
        zh, en = distinct((zh, en), taken, _further(draft, roles))
        themes.append(
            Theme(
                id=identify("t", *(folded.keys[row] for row in heart)),
                parent_id=parents.get(label),
                name_zh=zh,
                name_en=en,
                keywords=_keywords(draft, roles, settings.keywords),
                exemplars=tuple(units[row].id for row in exemplars),
                centroid=centres[label],
                tentative=draft.units < settings.tentative_units,
            )
        )
    # A parent may be called as one of its children is, but not as a theme that stands beside it.
    beside = [theme for theme in themes if theme.parent_id is None]
    taken = ({theme.name_zh.casefold() for theme in beside}, {theme.name_en.casefold() for theme in beside})
    for parent_id in sorted(set(parents.values())):
        children = [label for label, other in parents.items() if other == parent_id]
        themes.append(_parent(parent_id, children, themes, drafts, names, centres, roles, taken, settings))
    return tuple(themes), np.arange(len(drafts), dtype=np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    rows: NDArray[np.int64]
    said: tuple[tuple[Term, ...], ...]
    words: Words
    units: int
    voices: tuple[int, int]


def _read(
    embedded: EmbeddedUnits, folded: Folded, labels: NDArray[np.int64], similarity: Matrix, *, count: int
) -> list[_Read]:
    found: list[_Read] = []
    for label in range(count):
        members = np.flatnonzero(labels == label)
        rows = members[np.lexsort((members, -similarity[members]))][:READ]
        said = tuple(terms(embedded.units[folded.first[row]].shadow) for row in rows)
        words = count_words(said, [int(folded.counts[row]) for row in rows])
        found.append(
            _Read(rows=rows, said=said, words=words, units=int(folded.counts[members].sum()), voices=_voices(said))
        )
    return found


def _voices(said: Sequence[Sequence[Term]]) -> tuple[int, int]:
    """Return how many units are in zh and in en: a unit is in the language of most of its words."""
    balance = [sum((1 if term.zh else -1) for term in found if not term.breaks) for found in said]
    return sum(one > 0 for one in balance), sum(one < 0 for one in balance)


def _drafts(
    embedded: EmbeddedUnits,
    folded: Folded,
    read: Sequence[_Read],
    roles: Mapping[str, Role],
    centres: Matrix,
    encoder: Encoder,
) -> list[_Draft]:
    rarity = rarities([one.words for one in read])
    cased = cased_words(embedded.units[folded.first[row]].text for one in read for row in one.rows)
    translate, common = translator(encoder), common_words(encoder)

    def spoken_in(centre: Matrix) -> Translate:
        return lambda word, wanted, heard: translate(word, wanted, heard, centre)

    def alike(word: str, others: Sequence[str]) -> Sequence[float]:
        vectors = encoder.encode([word, *others])
        return [round(cosine, 4) for cosine in (vectors[1:] @ vectors[0]).tolist()]

    drafts = []
    for label, one in enumerate(read):
        strength = strengths(one.words, rarity, roles)
        order = sorted(strength, key=lambda key: (-strength[key], key))
        strongest = order[:STRONGEST]
        if strongest:
            near = encoder.encode([original(key, one.words) for key in strongest]) @ centres[label]
            for key, cosine in zip(strongest, near.tolist(), strict=True):
                strength[key] *= FAR_WORTH + (1 - FAR_WORTH) * max(0.0, round(cosine, 4))
            for key in order[STRONGEST:]:
                strength[key] *= FAR_WORTH
        order.sort(key=lambda key: (-strength[key], key))
        spoken = frozenset(form for sides in one.words.forms.values() for side in sides for form in side)
        speech = Speech(
            words=one.words,
            translate=spoken_in(centres[label]),
            voices=one.voices,
            cased=cased,
            heard=spoken,
            near=_nearness(encoder, centres[label]),
            alike=alike,
            common=common,
        )
        drafts.append(
            _Draft(
                rows=one.rows,
                said=one.said,
                words=one.words,
                units=one.units,
                strength=strength,
                order=tuple(order),
                speech=speech,
            )
        )
    return drafts


def _nearness(encoder: Encoder, centre: Matrix) -> Callable[[str], float]:
    return lambda word: float(encoder.encode([word])[0] @ centre)


def _name(draft: _Draft, rarity: Mapping[str, float], roles: Mapping[str, Role], *, loose: bool) -> _Named:
    moods = [mood_of(found) for found in draft.said]
    polarities = [mood for mood in moods if mood is not None]
    found = list(ideas(draft.words, draft.strength, rarity, roles))
    share = MOOD_SHARE
    side = int(np.sign(sum(polarities)))
    if not agreed(found, draft.speech):
        share = MOOD_SHARE_WITHOUT
        said = [[polarity_of(term.key) for term in unit if roles.get(term.key) == "mood"] for unit in draft.said]
        polarities = [sides[0] for sides in said if sides]
        side = min((0, 1, -1), key=lambda one: -polarities.count(one))
    if len(polarities) >= share * len(moods):
        zh, en = MOOD_NAMES[side]
        return _Named(zh=zh, en=en, head=None, mood=True)
    zh, en, head = named(found, draft.speech)
    few = head is not None and draft.words.said[head] < FEW_SHARE * draft.words.units
    if few or (head is not None and roles.get(head) == "mood"):
        felt = {side: _heard_of(side, draft.words, roles) for side in (0, 1, -1)}
        loudest = max(felt, key=lambda one: felt[one])
        if felt[loudest] >= LOUD_SHARE * draft.words.units:
            zh, en = MOOD_NAMES[loudest]
            return _Named(zh=zh, en=en, head=None, mood=True)
    zh, en = with_second((zh, en), head, draft.speech, order=draft.order, strength=draft.strength, roles=roles)
    if loose and zh and en and head is not None and scattered(head, draft.words, draft.order):
        zh, en = as_leftover(zh, en, draft.speech.cased)
        return _Named(zh=zh, en=en, head=head, leftover=True)
    return _Named(zh=zh, en=en, head=head)


def _heard_of(side: int, words: Words, roles: Mapping[str, Role]) -> int:
    """Return how many units say the word of a mood that is heard most."""
    said = (words.said[key] for key in words.said if roles.get(key) == "mood" and polarity_of(key) == side)
    return max(said, default=0)


def _further(draft: _Draft, roles: Mapping[str, Role]) -> Iterator[tuple[str | None, str | None]]:
    """Yield further words of a theme in both languages, for a name that another theme has already."""
    for sure in (True, False):
        for least in (("aspect", "noun", "word", "opinion", "event"), ("verb", "quality", "person", "mood")):
            for key in draft.order:
                if roles.get(key) in least and _sure(key, draft.speech) is sure:
                    yield (
                        say(key, draft.speech, chinese=True, loans=True),
                        say(key, draft.speech, chinese=False, loans=False),
                    )


def _keywords(draft: _Draft, roles: Mapping[str, Role], count: int) -> tuple[str, ...]:
    """Return the strongest words as they are said most; where two languages speak, both are heard."""
    shown: list[str] = []
    many = len(draft.order) < count // 2
    for key in draft.order:
        if roles.get(key) == "other" and shown:
            continue
        for own in draft.words.forms[key]:
            forms = sorted(own, key=lambda form: (-own[form], form))
            shown.extend(form for form in (forms if many else forms[:1]) if form not in shown)
    return tuple(shown[:count])


def _parents(groups: NDArray[np.int32], drafts: Sequence[_Draft], names: Sequence[_Named]) -> dict[int, str]:
    """Return the id of the parent theme of each cluster that has one: a hash of its children's first words.

    Themes that are all named after a mood share no subject: they stand alone rather than under one more mood.
    """
    found: dict[int, str] = {}
    for group in sorted({int(group) for group in groups if group >= 0}):
        children = np.flatnonzero(groups == group).tolist()
        subjects = [label for label in children if not names[label].mood]
        if len(children) >= 2 and subjects:
            parts = sorted(key for label in children for key in drafts[label].order[:3])
            parent_id = identify("t", "parent", *parts, *(str(drafts[label].units) for label in children))
            found |= dict.fromkeys(children, parent_id)
    return found


def _parent(
    parent_id: str,
    children: Sequence[int],
    themes: Sequence[Theme],
    drafts: Sequence[_Draft],
    names: Sequence[_Named],
    centres: Matrix,
    roles: Mapping[str, Role],
    taken: tuple[set[str], set[str]],
    settings: AnalysisSettings,
) -> Theme:
    largest = sorted(children, key=lambda label: (-drafts[label].units, label))
    weights = np.array([drafts[label].units for label in largest], dtype=np.float64)
    said = _subjects(largest, drafts, names, roles)
    zh, en = distinct(_joint(said, [themes[label] for label in largest]), taken, iter(said[2:]))
    return Theme(
        id=parent_id,
        parent_id=None,
        name_zh=zh,
        name_en=en,
        keywords=tuple(dict.fromkeys(word for label in largest for word in themes[label].keywords[:3]))[
            : settings.keywords
        ],
        exemplars=tuple(themes[label].exemplars[0] for label in largest if themes[label].exemplars)[
            : settings.exemplars
        ],
        centroid=normalised((weights @ centres[largest])[None, :].astype(np.float32))[0],
        tentative=int(weights.sum()) < settings.tentative_units,
    )


def _joint(said: Sequence[tuple[str, str]], children: Sequence[Theme]) -> tuple[str, str]:
    """Return a parent's two names from two of the three weightiest subjects of its children.

    Those that no child alone is called by, if there are such: else one would ask which of the two is meant.
    """
    pairs: list[Sequence[tuple[str, str]]] = [*combinations(said[:3], 2)] or [said[:1]] * bool(said)
    names = [(with_and(zh for zh, _ in pair), sentence_case(" and ".join(en for _, en in pair))) for pair in pairs]
    called = {child.name_zh for child in children} | {child.name_en for child in children}
    own = [name for name in names if not called & set(name)]
    return next(iter((*own, *names)), (children[0].name_zh, children[0].name_en))


def _subjects(
    largest: Sequence[int], drafts: Sequence[_Draft], names: Sequence[_Named], roles: Mapping[str, Role]
) -> list[tuple[str, str]]:
    """Return in both languages what a parent's children are named after and talk about, the weightiest first."""
    worth: dict[str, float] = {}
    heads: dict[str, int] = {}
    for label in (label for label in largest if not names[label].leftover):
        draft = drafts[label]
        for key in draft.order[:5]:
            if roles.get(key) in ("aspect", "noun", "word"):
                # What a child is named after counts double: the parent should sound like its children.
                named_so = 2.0 if key == names[label].head else 1.0
                known = 1.0 if roles.get(key) == "aspect" else 0.7
                worth[key] = worth.get(key, 0.0) + named_so * known * draft.units * draft.strength[key]
                heads.setdefault(key, label)
    said: list[tuple[str, str]] = []
    sure = [key for key, label in heads.items() if _sure(key, drafts[label].speech)]
    for key in sorted(sure, key=lambda key: (-worth[key], key)):
        speech = drafts[heads[key]].speech
        zh, en = say(key, speech, chinese=True, loans=False), say(key, speech, chinese=False, loans=False)
        if zh and en and not any(zh in other or other in zh for other, _ in said):
            said.append((zh, en))
        if len(said) == SUBJECTS_SAID:
            break
    return said


def _sure(key: str, speech: Speech) -> bool:
    return heard(key, speech, chinese=True) and heard(key, speech, chinese=False)
