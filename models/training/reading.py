"""Reading the training data, and which of its texts are kept out of training."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HELD_OUT_PERCENT = 10
"""Share of every set that training never sees and the benchmarks are run on."""

_LETTERS = re.compile(r"[\W_]+")


def held_out(text: str, *, percent: int = HELD_OUT_PERCENT) -> bool:
    """Return whether a text belongs to the part that is kept out of training.

    Decided by its first 30 letters alone, so that copies and near copies in several sets fall on the same side.
    """
    digest = hashlib.blake2b(beginning(text).encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") % 100 < percent


def beginning(text: str) -> str:
    """Return the first 30 letters and digits of a text: copies and near copies have the same."""
    return _LETTERS.sub("", text.lower())[:30]


def read_rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of `<data>/<name>.jsonl.gz`.

    Raises FileNotFoundError, naming the folder, where there is no such file.
    """
    path = data / f"{name}.jsonl.gz"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; --data must name the folder that holds the training sets")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
