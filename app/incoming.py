"""Files between upload and reading: kept under a random token, removed once the job that reads them has ended.

They are the only place where unmasked personal data rests, so nothing stays longer than it must.
"""

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import NotFound, TooLarge

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One file as it came in: its name as sent, where it lies, its SHA-256 and its size in bytes."""

    token: str
    filename: str
    path: Path
    sha256: str
    size: int


def keep(folder: Path, filename: str, chunks: Iterable[bytes], *, limit: int) -> Incoming:
    """Write an upload to the data folder and return it. Raises TooLarge beyond `limit` bytes, keeping nothing."""
    token = secrets.token_hex(TOKEN_BYTES)
    place = folder / "incoming" / token
    place.mkdir(parents=True)
    digest = hashlib.sha256()
    size = 0
    try:
        with (place / "content").open("wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(code="file_too_large", values={"filename": filename, "limit_mb": limit // 2**20})
                digest.update(chunk)
                out.write(chunk)
    except BaseException:
        shutil.rmtree(place)
        raise
    record = {"filename": bare_name(filename), "sha256": digest.hexdigest(), "size": size}
    (place / "record.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    return find(folder, token)


def find(folder: Path, token: str) -> Incoming:
    """Return the upload with this token. Raises NotFound where it is gone or was never there."""
    known = len(token) == 2 * TOKEN_BYTES and all(letter in "0123456789abcdef" for letter in token)
    place = folder / "incoming" / token
    if not known or not (place / "record.json").exists():
        raise NotFound(code="no_incoming", values={"token": token[:40]})
    record = json.loads((place / "record.json").read_text("utf-8"))
    return Incoming(token=token, path=place / "content", **record)


def forget(folder: Path, token: str) -> None:
    """Remove an upload; it is no error if it is gone already."""
    shutil.rmtree(folder / "incoming" / token, ignore_errors=True)


def waiting(folder: Path) -> tuple[tuple[str, float], ...]:
    """Return (token, hours since it came) of every upload that is still here."""
    places = (folder / "incoming").glob("*")
    return tuple((place.name, (time.time() - place.stat().st_mtime) / 3600) for place in places)


def bare_name(filename: str) -> str:
    """Return the last part of a file name as sent, without folders or control characters, at most 200 letters."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:200] or "upload"
