"""The files a command line names: read whole, `-` is stdin, and two of the same name are told apart."""

import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from app.errors import BadRequest, Unusable

STDIN = "-"
STDIN_NAME = "stdin"


def names_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return each file's name as a source; files of the same name in different folders keep their folder."""
    bare = [STDIN_NAME if path == STDIN else Path(path).name for path in paths]
    counted = Counter(bare)
    return tuple(
        name if counted[name] == 1 or path == STDIN else Path(path).as_posix()
        for path, name in zip(paths, bare, strict=True)
    )


def read(path: str) -> bytes:
    """Return a file's bytes. Raises Unusable where there is no such file, or nothing in it."""
    if path == STDIN:
        data = sys.stdin.buffer.read()
    else:
        place = Path(path)
        if not place.exists():
            raise Unusable(code="no_such_file", values={"path": path})
        if place.is_dir():
            raise BadRequest(code="is_a_folder", values={"path": path})
        data = place.read_bytes()
    if not data:
        raise Unusable(code="file_is_empty", values={"path": STDIN_NAME if path == STDIN else path})
    return data


def salt_of(contents: Sequence[bytes]) -> str:
    """Return a salt that is the same for the same lines in any order, and cannot be had without the files.

    Contacts are hashed with it, so that two runs give a customer the same id while the outputs alone do not let
    anybody try numbers until one fits.
    """
    digest = hashlib.blake2b(digest_size=16)
    for line in sorted(line.rstrip(b"\r") for content in contents for line in content.split(b"\n")):
        digest.update(hashlib.blake2b(line, digest_size=16).digest())
    return digest.hexdigest()
