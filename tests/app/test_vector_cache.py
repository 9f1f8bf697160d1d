from collections.abc import Sequence

import numpy as np
import pytest
from sqlite_utils import Database

from app.database import connect
from app.store import projects
from app.vector_cache import CachedEncoder
from pipelines.records import Matrix


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
