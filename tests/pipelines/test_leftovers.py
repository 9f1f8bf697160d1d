import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.centres import normalised
from pipelines.keywords import count_words
from pipelines.leftovers import as_leftover, loose_themes, scattered
from pipelines.name import name_themes
from pipelines.records import Clustering, EmbeddedUnits, Matrix
from pipelines.settings import AnalysisSettings
from pipelines.terms import terms
from tests.pipelines.theme_factories import LexiconEncoder, embedded

SUBJECTS = ("battery", "parcel", "waiter", "screen", "price", "manual")
SCATTERED = (
    "surprise in the evening", "my uncle laughed", "a chimney in Norway", "some poetry at noon", "a gardener whistled",
    "seven grey horses", "a violin lesson", "granite and moss", "sailing past lighthouses", "a comet in winter",
    "the librarian yawned", "old maps of deserts", "a marble staircase", "cherries in a bowl", "the trumpet was loud",
    "a beetle on glass", "knitted mittens", "a ladder to heaven", "thunder over the valley", "ink on the ceiling",
)  # fmt: skip


def clouds(*spreads: float) -> tuple[Matrix, NDArray[np.int64]]:
    """Return 30 points around each of as many directions, further away the larger the spread."""
    draw = np.random.default_rng(2)
    labels = np.repeat(np.arange(len(spreads)), 30)
    noise = draw.standard_normal((len(labels), 32)) * np.array(spreads)[labels][:, None]
    return normalised((np.eye(len(spreads), 32)[labels] + noise).astype(np.float32)), labels


def test_the_theme_that_hardly_holds_together_is_loose() -> None:
    vectors, labels = clouds(0.1, 0.1, 0.12, 0.1, 0.4, 0.1)
    assert loose_themes(vectors, labels).tolist() == [False, False, False, False, True, False]


def test_what_all_texts_have_in_common_holds_nothing_together() -> None:
    vectors, labels = clouds(0.1, 0.1, 0.12, 0.1, 0.4, 0.1)
    common = normalised(vectors + np.float32(1.5) * np.eye(1, 32, 31, dtype=np.float32))
    assert loose_themes(common, labels).tolist() == [False, False, False, False, True, False]


def test_units_without_a_theme_are_not_looked_at_and_few_themes_are_not_compared() -> None:
    vectors, labels = clouds(0.1, 0.1, 0.12, 0.1, 0.4, 0.1)
    outside = np.where(labels == 5, -1, labels)
    assert loose_themes(vectors, outside).tolist() == [False, False, False, False, True]
    few = labels < 4
    assert not loose_themes(vectors[few], labels[few]).any()
    assert not len(loose_themes(vectors[:0], labels[:0]))


def test_scattered_is_what_few_say_while_nothing_else_is_said_by_many() -> None:
    units = [*["battery empty"] * 2, *[f"{word} {other}" for word in "abcdefgh" for other in ("moss", "ink", "fern")]]
    words = count_words([terms(unit) for unit in units], [1] * len(units))
    order = sorted(words.said)
    key = next(key for key in order if "battery" in key)
    assert words.said["moss"] == 8
    assert not scattered(key, words, order)
    assert scattered(key, words, [one for one in order if words.said[one] < 3])
    assert not scattered("moss", words, order)


@pytest.mark.parametrize(
    ("en", "wanted"),
    [
        ("Surprise and expectations", "Other: surprise and expectations"),
        ("GitHub and sharing", "Other: GitHub and sharing"),
        ("Spotify", "Other: Spotify"),
    ],
)
def test_a_leftover_says_that_it_is_one_and_keeps_the_capitals_of_names(en: str, wanted: str) -> None:
    assert as_leftover("惊喜", en, {"spotify": "Spotify"}) == ("其他：惊喜", wanted)


def test_a_theme_of_twenty_different_things_is_called_other_and_the_rest_are_not() -> None:
    texts = [f"the {subject} is {saying}" for subject in SUBJECTS for saying in ("bad", "slow", "nice", "new")]
    everything = embedded([*texts, *SCATTERED])
    labels = np.repeat(np.arange(len(SUBJECTS)), 4).tolist() + [len(SUBJECTS)] * len(SCATTERED)
    vectors = np.concatenate([np.eye(len(SUBJECTS), 64)[labels[: len(texts)]], spread_out(len(SCATTERED))])
    clustering = Clustering(
        labels=np.array(labels, dtype=np.int32),
        similarity=np.full(len(labels), 0.5, dtype=np.float32),
        parents=np.full(len(SUBJECTS) + 1, -1, dtype=np.int32),
        core=np.ones(len(labels), dtype=bool),
    )
    units = EmbeddedUnits(units=everything.units, vectors=normalised(vectors.astype(np.float32)))
    themes, _ = name_themes(units, clustering, encoder=LexiconEncoder(), settings=AnalysisSettings())
    other = [theme.name_en.startswith("Other: ") for theme in themes]
    assert other == [False] * len(SUBJECTS) + [True]
    assert themes[-1].name_zh.startswith("其他：")


def spread_out(size: int) -> NDArray[np.float64]:
    return np.random.default_rng(5).standard_normal((size, 64))
