"""Hashed n-grams of characters and words, computed with arrays: the features of the shipped sentiment model.

Characters: 1 to 4 in a row where one of them is Chinese, 3 to 5 within an English word. Words: 1 to 3 in a row, and
each word once more as negated where a negation stands shortly before it.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.tokens import normalise

BITS = 20
"""2^20 buckets: at half as many the first collisions are felt, at twice as many nothing is won."""

FINE_BITS = 24
"""Buckets before they are put together for a table: there n-grams are as good as told apart."""

_NEGATIONS_ZH = (
    "不 没 没有 未 无 别 非 毫无 并非 不是 不会 不能 不够 没什么 不太 不怎么 并不 从不 无法 不用 不再 绝不 毫不"
    " 没法 缺乏 缺少 不要 没人"
)
_NEGATIONS_EN = (
    "not no never nothing without none cannot hardly neither nor lack lacks lacking isnt dont doesnt didnt wasnt cant"
    " wont couldnt wouldnt arent aint"
)
_CONTRASTS = "但 但是 不过 而且 就是 只是 可是 然而 but however although though and because"

NEGATIONS = frozenset([*_NEGATIONS_ZH.split(), *_NEGATIONS_EN.split()])
ENDS_NEGATION = frozenset(_CONTRASTS.split())

NEGATION_REACH = 4
"""Words after a negation that it is taken to bear on, counted until a contrast or addition."""

_Hashes = NDArray[np.uint64]
_ROUND = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_NEGATED = np.uint64(0x5851F42D4C957F2D)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ngrams:
    """The buckets of many texts: text i has `buckets[offsets[i] : offsets[i + 1]]`, sorted, each once."""

    buckets: NDArray[np.int32]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def hashed_ngrams(texts: Sequence[str], words: Sequence[Sequence[str]], *, bits: int = BITS) -> Ngrams:
    """Return the buckets of each text's n-grams, given its words; they do not depend on the texts beside it.

    There are 2^bits of them; with fewer bits the same n-grams have the first bits of the same buckets.
    """
    found = [_of_characters(texts), _of_words(words)]
    owners = np.concatenate([owner for owner, _ in found])
    hashes = np.concatenate([value for _, value in found])
    buckets = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    keys = np.sort(owners.astype(np.int64) << bits | buckets)
    keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
    offsets = np.searchsorted(keys, np.arange(len(texts) + 1, dtype=np.int64) << bits)
    return Ngrams(buckets=(keys & ((1 << bits) - 1)).astype(np.int32), offsets=offsets.astype(np.int64))


def negated(words: Sequence[str]) -> list[bool]:
    """Return for each word whether a negation bears on it; two in a row do not undo each other."""
    left = 0
    flags = []
    for word in words:
        if word in ENDS_NEGATION:
            left = 0
        flags.append(left > 0)
        left = NEGATION_REACH if word in NEGATIONS else max(0, left - 1)
    return flags


def _mix(left: _Hashes, right: _Hashes) -> _Hashes:
    mixed = (left ^ (right + _ROUND)) * _ROUND
    return np.asarray(mixed ^ (mixed >> _SHIFT), dtype=np.uint64)


def _of_characters(texts: Sequence[str]) -> tuple[NDArray[np.int64], _Hashes]:
    # A space before and after each text is the mark of its ends; every run of blanks is one space.
    lines = [f" {' '.join(text.split())} " for text in normalise(texts)]
    lengths = np.array([len(line) for line in lines], dtype=np.int64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    codes = np.frombuffer("".join(lines).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    han = (codes >= 0x3400) & (codes <= 0x9FFF)
    letter = ((codes >= 0x61) & (codes <= 0x7A)) | (codes == 0x20) | (codes == 0x27)
    hashes = _mix(np.full(len(codes), 1, dtype=np.uint64), codes)
    any_han, all_letters = han.copy(), letter.copy()
    spaces_inside = np.zeros(len(codes), dtype=bool)
    owners, values = [owner[han | ~letter]], [hashes[han | ~letter]]
    for size in range(2, 6):
        last = len(codes) - size + 1
        if last <= 0:
            break
        hashes = _mix(hashes[:last], codes[size - 1 :])
        any_han = any_han[:last] | han[size - 1 :]
        all_letters = all_letters[:last] & letter[size - 1 :]
        if size > 2:
            spaces_inside = spaces_inside[:last] | (codes[size - 2 : size - 2 + last] == 0x20)
        else:
            spaces_inside = spaces_inside[:last]
        kept = owner[:last] == owner[size - 1 :]
        kept &= (
            (any_han & (size <= 4))
            | (all_letters & ~spaces_inside & (size >= 3))
            | (~any_han & ~all_letters & (size <= 3))
        )
        owners.append(owner[:last][kept])
        values.append(hashes[kept])
    return np.concatenate(owners), np.concatenate(values)


def _of_words(texts: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], _Hashes]:
    lengths = np.array([len(words) for words in texts], dtype=np.int64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    digests = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for words in texts for word in words]
    first = _mix(np.full(len(digests), 2, dtype=np.uint64), np.array(digests, dtype=np.uint64))
    flags = np.array([flag for words in texts for flag in negated(words)], dtype=bool)
    owners, values = [owner, owner[flags]], [first, first[flags] * _NEGATED]
    hashes = first
    for size in (2, 3):
        last = len(first) - size + 1
        if last <= 0:
            break
        hashes = _mix(hashes[:last], first[size - 1 :])
        kept = owner[:last] == owner[size - 1 :]
        owners.append(owner[:last][kept])
        values.append(hashes[kept])
    return np.concatenate(owners), np.concatenate(values)
