from collections.abc import Sequence

import numpy as np
import pytest
from sqlite_utils import Database

from app.database import connect
from app.store import projects
from app.vector_cache import CachedEncoder
from models.embedding import Bilingual, load_encoder
from pipelines.embed import embed
from pipelines.name import name_themes
from pipelines.records import Clustering, Matrix, OpinionUnit
from pipelines.settings import AnalysisSettings
from pipelines.wording import word_part, word_vectors


class CountingEncoder:
    """Vectors from the bytes of a text; remembers what it was asked for."""

    dim = 6

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.asked += texts
        rows = [np.random.default_rng([ord(letter) for letter in self.name + text]).normal(size=6) for text in texts]
        matrix = np.array(rows, dtype=np.float32)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@pytest.fixture
def db() -> Database:
    return projects.prepare_project(connect(":memory:"))


def test_no_text_is_encoded_twice(db: Database) -> None:
    encoder = CountingEncoder("a")
    cached = CachedEncoder(encoder, db)
    first = cached.encode(["退款", "refund", "退款"])
    second = CachedEncoder(encoder, db).encode(["refund", "new"])
    assert encoder.asked == ["退款", "refund", "new"]
    np.testing.assert_array_equal(first[1], second[0])
    np.testing.assert_array_equal(first[0], first[2])


def test_two_models_never_share_a_vector(db: Database) -> None:
    one, two = CountingEncoder("a"), CountingEncoder("b")
    first = CachedEncoder(one, db).encode(["refund"])
    second = CachedEncoder(two, db).encode(["refund"])
    assert two.asked == ["refund"]
    assert not np.allclose(first, second)


def test_vectors_stay_of_unit_length_and_near_the_original(db: Database) -> None:
    encoder = CountingEncoder("a")
    texts = [f"text {number}" for number in range(50)]
    stored = CachedEncoder(encoder, db).encode(texts)
    np.testing.assert_allclose(np.linalg.norm(stored, axis=1), 1, atol=1e-6)
    cosines = np.einsum("ij,ij->i", stored, encoder.encode(texts))
    assert cosines.min() > 0.999


@pytest.mark.parametrize("setting", ["shipped", "base"])
def test_the_encoder_behind_it_lends_its_words_to_names(setting: str, db: Database) -> None:
    encoder = load_encoder(setting)
    cached = CachedEncoder(encoder, db)
    words = word_part(cached)
    assert words is load_encoder("shipped")
    assert isinstance(words, Bilingual)
    vectors = cached.encode(["物流太慢"])
    np.testing.assert_allclose(word_vectors(cached, vectors), words.encode(["物流太慢"]), atol=1e-3)


def test_a_theme_is_named_alike_whether_vectors_are_remembered_or_not(db: Database) -> None:
    # No glossary has the word; in Chinese only the encoder can say it.
    texts = ["my pumpkin", "the pumpkin again", "a pumpkin", "pumpkin", "this pumpkin too"]
    units = tuple(
        OpinionUnit(id=text, verbatim_id=text, start=0, end=len(text), text=text, language="en", shadow=text)
        for text in texts
    )
    encoder = load_encoder("shipped")
    named = []
    for one in (encoder, CachedEncoder(encoder, db)):
        embedded = embed(units, one)
        clustering = Clustering(
            labels=np.zeros(len(texts), dtype=np.int32),
            similarity=np.ones(len(texts), dtype=np.float32),
            parents=np.full(1, -1, dtype=np.int32),
            core=np.ones(len(texts), dtype=bool),
        )
        themes, _ = name_themes(embedded, clustering, encoder=one, settings=AnalysisSettings())
        named.append([(theme.name_zh, theme.name_en) for theme in themes])
    assert named[0] == named[1]
    assert named[0][0][0] == "南瓜"
