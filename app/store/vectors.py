"""Vectors, kept by model and text so that none is computed twice and two models never share one.

Stored as float16: half the size, and a cosine moves by less than 0.001.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from pipelines.records import Matrix

ASKED_AT_ONCE = 500
"""Texts in one query: SQLite takes at least 999 parameters, and more at once is no quicker."""


def text_hash(text: str) -> bytes:
    """Return the 16-byte key of a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def unpack(blob: bytes) -> Matrix:
    """Return a stored vector as float32."""
    return np.frombuffer(blob, dtype=np.float16).astype(np.float32)


def known(db: Database, model: str, hashes: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the stored vectors of these texts, as blobs."""
    found: dict[bytes, bytes] = {}
    asked = list(dict.fromkeys(hashes))
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        places = ",".join("?" * len(some))
        rows = db.conn.execute(
            f"SELECT text_hash, vector FROM vectors WHERE model = ? AND text_hash IN ({places})", (model, *some)
        )
        found.update(rows.fetchall())
    return found


def save(db: Database, model: str, vectors: Mapping[bytes, NDArray[np.float16]]) -> None:
    """Store vectors; inside a write transaction."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO vectors (model, text_hash, vector) VALUES (?, ?, ?)",
        ((model, key, vector.tobytes()) for key, vector in vectors.items()),
    )


def matrix(db: Database, model: str) -> tuple[Sequence[str], Sequence[str], Matrix]:
    """Return (unit ids, verbatim ids, their vectors), aligned: what a search by meaning runs over."""
    rows = db.conn.execute(
        """SELECT u.id, u.verbatim_id, w.vector FROM units u
           JOIN vectors w ON w.model = ? AND w.text_hash = u.vector_hash ORDER BY u.n""",
        (model,),
    ).fetchall()
    if not rows:
        return (), (), np.zeros((0, 1), dtype=np.float32)
    flat = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.float16)
    return [row[0] for row in rows], [row[1] for row in rows], flat.reshape(len(rows), -1).astype(np.float32)


def forget_unused(db: Database, model: str) -> None:
    """Remove vectors that no unit of this project needs under this model; inside a write transaction."""
    db.conn.execute(
        "DELETE FROM vectors WHERE model <> ? OR text_hash NOT IN (SELECT vector_hash FROM units)", (model,)
    )
