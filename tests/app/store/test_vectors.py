"""Stored vectors are read in few queries, however many texts are asked for."""

import numpy as np
from sqlite_utils import Database

from app.database import connect, write
from app.store import found, projects, vectors


def with_vectors(count: int) -> Database:
    db = projects.prepare_project(connect(":memory:"))
    with write(db):
        vectors.save(db, "m", {key_of(at): np.array([at, 1], dtype=np.float16) for at in range(count)})
        vectors.save(db, "other", {key_of(at): np.array([7], dtype=np.float16) for at in range(count + 50)})
    return db


def key_of(number: int) -> bytes:
    return vectors.text_hash(f"text {number}")


def test_vectors_are_aligned_and_read_by_the_hundreds() -> None:
    db = with_vectors(1_300)
    numbers = [*range(1_299, -1, -1), 3, 3, 1_320, 0]
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    matrix = found.vectors_of(db, "m", [key_of(number) for number in numbers])
    db.conn.set_trace_callback(None)
    assert len(asked) <= 4
    assert matrix.dtype == np.float32
    expected = [[number, 1] if number < 1_300 else [0, 0] for number in numbers]
    np.testing.assert_array_equal(matrix, np.array(expected, dtype=np.float32))


def test_no_texts_and_no_vectors() -> None:
    db = with_vectors(2)
    assert found.vectors_of(db, "m", []).shape == (0, 1)
    np.testing.assert_array_equal(found.vectors_of(db, "nobody", [key_of(0)]), np.zeros((1, 1), dtype=np.float32))
    assert vectors.known(db, "m", [key_of(1), key_of(9), key_of(1)]).keys() == {key_of(1)}
