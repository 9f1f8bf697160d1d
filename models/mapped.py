"""Weights by memory map: read where they lie on disk, shared by all processes that use them, never unpickled.

The layout is that of https://huggingface.co/docs/safetensors: eight bytes of header length, a JSON header, the numbers.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1"}
_LONGEST_HEADER = 100 * 2**20
"""What the format allows; a file that says more is none."""


def map_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a safetensors file by name, without reading them yet.

    Raises ValueError where it is no such file, is cut short, or holds a type of number that numpy has not.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(_LONGEST_HEADER, size - 8):
            raise ValueError(f"{path} is no safetensors file (a Git LFS pointer, or cut short?); restore it")
        try:
            header = json.loads(file.read(length))
        except ValueError as error:
            raise ValueError(f"{path} has a damaged header; restore it") from error
    start = 8 + length
    tensors: dict[str, NDArray[Any]] = {}
    for name, told in header.items():
        if name == "__metadata__":
            continue
        if told["dtype"] not in _TYPES:
            raise ValueError(f"{path}: {name} holds {told['dtype']}, which numpy has not")
        kind, (begin, end), shape = np.dtype(_TYPES[told["dtype"]]), told["data_offsets"], tuple(told["shape"])
        if start + end > size or end - begin != kind.itemsize * int(np.prod(shape)):
            raise ValueError(f"{path} is cut short: {name} ends at byte {start + end:,} of {size:,}; restore it")
        if end > begin:
            # A plain array over the map: numpy's own memmap class makes every small step slower. Copied on write, so
            # that nothing reaches the file; torch will not take arrays that cannot be written to.
            tensors[name] = np.asarray(np.memmap(path, dtype=kind, mode="c", offset=start + begin, shape=shape))
        else:
            tensors[name] = np.empty(shape, dtype=kind)
    return tensors
