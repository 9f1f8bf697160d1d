import random

import numpy as np
import pytest

from models.embedding import load_encoder
from pipelines.centres import normalised
from pipelines.cluster import cluster
from pipelines.records import Clustering, EmbeddedUnits
from pipelines.settings import AnalysisSettings
from tests.pipelines.theme_factories import (
    BATTERY,
    DELIVERY,
    NOISE,
    PRAISE,
    PRICE,
    REMARKS,
    SERVICE,
    embedded,
)

SETTINGS = AnalysisSettings()


def groups(texts: list[str], found: Clustering) -> set[frozenset[str]]:
    return {
        frozenset(text for text, label in zip(texts, found.labels, strict=True) if label == wanted)
        for wanted in set(found.labels.tolist()) - {-1}
    }


def home(texts: list[str], found: Clustering, members: tuple[str, ...]) -> tuple[int, float]:
    """Return the label most members have, and the share of them that have it."""
    labels = [int(found.labels[texts.index(text)]) for text in members]
    most = max(set(labels) - {-1}, key=labels.count)
    return most, labels.count(most) / len(labels)


def test_themes_hold_both_languages_and_keep_apart() -> None:
    texts = list(REMARKS)
    found = cluster(embedded(texts), SETTINGS)
    homes = [home(texts, found, members) for members in (DELIVERY, SERVICE, BATTERY, PRICE)]
    assert len({label for label, _ in homes}) == 4
    assert all(share >= 0.75 for _, share in homes), homes
    for members, (label, _) in zip((DELIVERY, SERVICE, BATTERY, PRICE), homes, strict=True):
        inside = [text for text in members if found.labels[texts.index(text)] == label]
        assert any(text.isascii() for text in inside)
        assert any(not text.isascii() for text in inside)


def test_bare_praise_is_a_theme_of_its_own() -> None:
    texts = list(REMARKS)
    found = cluster(embedded(texts), SETTINGS)
    label, share = home(texts, found, PRAISE)
    assert share == 1.0
    assert {text for text in texts if found.labels[texts.index(text)] == label} == set(PRAISE)


def test_what_belongs_nowhere_is_unthemed() -> None:
    texts = list(REMARKS)
    found = cluster(embedded(texts), SETTINGS)
    assert [int(found.labels[texts.index(text)]) for text in NOISE].count(-1) >= 2
    assert (found.labels < 0).mean() < 0.25


def test_order_of_rows_changes_nothing() -> None:
    texts = [*REMARKS, *REMARKS[:9], "物流太慢了！！"]
    everything = embedded(texts)
    found = cluster(everything, SETTINGS)
    order = list(range(len(texts)))
    random.Random(3).shuffle(order)
    shuffled = type(everything)(
        units=tuple(everything.units[row] for row in order), vectors=np.ascontiguousarray(everything.vectors[order])
    )
    again = cluster(shuffled, SETTINGS)
    assert np.array_equal(again.labels, found.labels[order])
    assert np.array_equal(again.similarity, found.similarity[order])
    assert np.array_equal(again.core, found.core[order])
    assert np.array_equal(again.parents, found.parents)


def test_copies_are_always_together() -> None:
    texts = [*REMARKS, "物流太慢了。", "物流太慢了！"]
    found = cluster(embedded(texts), SETTINGS)
    same = [label for text, label in zip(texts, found.labels, strict=True) if text.startswith("物流太慢了")]
    assert len(set(same)) == 1


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_handful_of_units_is_no_error(count: int) -> None:
    texts = list(REMARKS[::7][:count])
    found = cluster(embedded(texts), SETTINGS)
    assert found.labels.shape == (count,)
    assert len(found.parents) <= 1


def test_a_few_units_that_say_the_same_are_one_theme() -> None:
    found = cluster(embedded(["物流太慢", "快递慢", "delivery is slow", "slow shipping"]), SETTINGS)
    assert found.labels.tolist() == [0, 0, 0, 0]
    assert found.core.all()


def test_beyond_the_sample_a_vote_places_the_rest() -> None:
    texts = [f"{text} {suffix}" for suffix in ("", "的", "了", "啊", "it", "so") for text in REMARKS]
    whole = cluster(embedded(texts), SETTINGS)
    part = cluster(embedded(texts), AnalysisSettings(sample_size=len(REMARKS) * 3))
    placed = (whole.labels >= 0) & (part.labels >= 0)
    assert placed.mean() > 0.75
    together = [
        home(texts, part, tuple(f"{text} " for text in members))[0] for members in (DELIVERY, SERVICE, BATTERY, PRICE)
    ]
    assert len(set(together)) == 4


def test_labels_are_dense_and_the_largest_comes_first() -> None:
    found = cluster(embedded(list(REMARKS)), SETTINGS)
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert (sizes > 0).all()
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
    assert len(found.parents) == len(sizes)
    assert set(np.flatnonzero(found.core)) <= set(np.flatnonzero(found.labels >= 0))


def test_progress_is_reported_to_the_end() -> None:
    heard: list[tuple[str, int, int]] = []
    cluster(embedded(list(REMARKS)), SETTINGS, report=lambda *step: heard.append(step))
    assert heard[0][:2] == ("cluster", 0)
    assert heard[-1][1] == heard[-1][2]


def test_twenty_short_reviews_give_the_themes_a_reader_sees() -> None:
    said = {
        "delivery": ("物流太慢了", "快递等了一周才到", "发货很慢", "Delivery took too long"),
        "damage": ("包装破了", "盒子压坏了", "里面的杯子也碎了", "The box was damaged"),
        "service": ("客服态度很好", "客服回复很快", "Great customer service"),
        "price": ("价格有点贵", "性价比不高", "太贵了", "Too expensive for what you get"),
        "quality": ("质量不错", "质量很好，做工精细", "Nice quality"),
    }
    texts = [text for some in said.values() for text in some]
    vectors = load_encoder().encode(texts)
    found = cluster(EmbeddedUnits(units=embedded(texts).units, vectors=vectors), SETTINGS)
    of = dict(zip(texts, found.labels.tolist(), strict=True))
    placed = [label for label in of.values() if label >= 0]
    assert len(placed) >= len(texts) - 2
    for some in said.values():
        labels = [of[text] for text in some if of[text] >= 0]
        assert len(set(labels)) == 1, some
    assert len(set(placed)) == len(said)


def one_direction(size: int, *, spread: float) -> EmbeddedUnits:
    """Return as many different texts with vectors around one direction; without spread they are all equal."""
    units = embedded([f"order {number} has not come" for number in range(size)]).units
    vectors = np.eye(1, 64) + spread * np.random.default_rng(3).standard_normal((size, 64))
    return EmbeddedUnits(units=units, vectors=normalised(vectors.astype(np.float32)))


@pytest.mark.parametrize("size", [8, 40, 300, 2_100])
@pytest.mark.parametrize("spread", [0.0, 0.05])
def test_one_text_with_another_number_in_each_is_one_theme(size: int, spread: float) -> None:
    found = cluster(one_direction(size, spread=spread), SETTINGS)
    assert set(found.labels.tolist()) == {0}
    assert found.similarity.min() > 0.5


def test_one_word_that_everybody_says_is_a_theme() -> None:
    found = cluster(embedded(["delivery", "Delivery!", "DELIVERY", "delivery..."] * 50), SETTINGS)
    assert set(found.labels.tolist()) == {0}


def test_a_few_answers_given_often_are_themes_and_one_that_few_give_is_none() -> None:
    texts = ["the parcel came late"] * 60 + ["the parcel was late"] * 60 + ["battery dead"] * 90 + ["blue carpet"] * 2
    found = cluster(embedded(texts), SETTINGS)
    assert groups(texts, found) == {
        frozenset({"the parcel came late", "the parcel was late"}),
        frozenset({"battery dead"}),
    }
    assert found.labels[-1] == -1


def test_what_else_is_said_beside_one_text_that_most_send_has_its_own_themes() -> None:
    most = one_direction(900, spread=0.02)
    rest = embedded(list(REMARKS))
    found = cluster(
        EmbeddedUnits(units=(*most.units, *rest.units), vectors=np.concatenate([most.vectors, rest.vectors])), SETTINGS
    )
    assert set(found.labels[:900].tolist()) == {0}
    assert len(set(found.labels[900:].tolist()) - {-1, 0}) >= 4
    assert (found.labels[900:] == 0).mean() < 0.1


def test_an_encoder_that_puts_everything_near_still_gives_themes() -> None:
    plain = embedded(list(REMARKS))
    pulled = normalised(plain.vectors + np.float32(2.5) * np.eye(1, plain.vectors.shape[1], dtype=np.float32))
    assert (pulled @ pulled.T).mean() > 0.8
    found = cluster(EmbeddedUnits(units=plain.units, vectors=pulled), SETTINGS)
    assert len(set(found.labels.tolist()) - {-1}) >= 4


def test_what_has_no_word_that_says_something_is_no_theme() -> None:
    little = ["it was what it was", "they would be in the", "who are you with", "for this and that", "so it is then"]
    unread = [f"Экран красивый {number}" for number in range(30)]
    texts = [*REMARKS, *[f"{text} {of}" for text in little for of in ("to me", "by us", "at all", "for you")], *unread]
    found = cluster(embedded(texts), SETTINGS)
    labels = set(found.labels.tolist()) - {-1}
    said = {label: {text for text, own in zip(texts, found.labels, strict=True) if own == label} for label in labels}
    assert all(any(text in REMARKS for text in own) for own in said.values())
    assert not any(own & set(unread) for own in said.values())
