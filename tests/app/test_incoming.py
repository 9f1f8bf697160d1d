import hashlib
import os
import time
from pathlib import Path

import pytest

from app import incoming
from app.errors import NotFound, TooLarge


def test_a_file_is_kept_as_it_came_and_found_by_its_token(tmp_path: Path) -> None:
    kept = incoming.keep(tmp_path, "评价.csv", [b"ab", b"c"], limit=10)
    found = incoming.find(tmp_path, kept.token)
    assert found.path.read_bytes() == b"abc"
    assert (found.filename, found.size, found.sha256) == ("评价.csv", 3, hashlib.sha256(b"abc").hexdigest())


def test_too_large_a_file_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        incoming.keep(tmp_path, "big.csv", [b"x" * 6, b"x" * 6], limit=10)
    assert list((tmp_path / "incoming").iterdir()) == []


@pytest.mark.parametrize("token", ["", "..", "../../etc", "a" * 31, "Z" * 32, "a" * 32])
def test_a_token_that_is_not_ours_finds_nothing(tmp_path: Path, token: str) -> None:
    with pytest.raises(NotFound):
        incoming.find(tmp_path, token)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\评价.xlsx", "评价.xlsx"),
        ("a\nb\x00.csv", "ab.csv"),
        ("", "upload"),
        ("dir/", "upload"),
        ("x" * 300, "x" * 200),
    ],
)
def test_names_lose_folders_and_control_characters(sent: str, kept: str) -> None:
    assert incoming.bare_name(sent) == kept


def test_what_waits_is_told_with_its_age_and_forgotten_by_token(tmp_path: Path) -> None:
    old, fresh = (incoming.keep(tmp_path, f"{name}.csv", [b"x"], limit=10).token for name in ("old", "fresh"))
    os.utime(tmp_path / "incoming" / old, (time.time() - 7200,) * 2)
    ages = dict(incoming.waiting(tmp_path))
    assert ages[old] == pytest.approx(2, abs=0.1)
    assert ages[fresh] == pytest.approx(0, abs=0.1)
    incoming.forget(tmp_path, old)
    incoming.forget(tmp_path, old)
    assert set(dict(incoming.waiting(tmp_path))) == {fresh}
