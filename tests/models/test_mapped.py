from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from models.mapped import map_tensors
from models.shipped_weights import WEIGHTS


@pytest.mark.parametrize(
    "path", sorted(WEIGHTS.rglob("*.safetensors")), ids=lambda path: str(path.relative_to(WEIGHTS))
)
def test_every_shipped_file_reads_as_the_library_reads_it(path: Path) -> None:
    mapped, loaded = map_tensors(path), load_file(path)
    assert mapped.keys() == loaded.keys()
    for name, tensor in loaded.items():
        assert mapped[name].dtype == tensor.dtype
        assert np.array_equal(mapped[name], tensor)
        assert isinstance(mapped[name].base, np.memmap), "held on disk, not in memory"


def test_no_weights_are_pickles() -> None:
    suffixes = {path.suffix for path in WEIGHTS.rglob("*") if path.is_file()}
    assert suffixes <= {".safetensors", ".npy", ".npz", ".txt", ".json", ".md"}
    assert not [path for path in WEIGHTS.rglob("*.np[yz]") if b"pickle" in path.read_bytes()[:200]]


SHAPES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4)


@given(SHAPES, st.sampled_from(["<f4", "<f2", "i1", "<i4", "<i8", "<f8"]))
@settings(deadline=None, max_examples=40)
def test_any_tensors_come_back(
    tmp_path_factory: pytest.TempPathFactory, shapes: list[tuple[int, int]], kind: str
) -> None:
    path = tmp_path_factory.mktemp("t") / "some.safetensors"
    tensors = {f"t{n}": np.arange(a * b).reshape(a, b).astype(kind) for n, (a, b) in enumerate(shapes)}
    save_file(tensors, path, metadata={"told": "x"})
    found = map_tensors(path)
    assert found.keys() == tensors.keys()
    assert all(np.array_equal(found[name], tensor) for name, tensor in tensors.items())


def test_writing_to_a_tensor_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "some.safetensors"
    save_file({"t": np.zeros(3, dtype=np.float32)}, path)
    before = path.read_bytes()
    map_tensors(path)["t"][:] = 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [4, 30, -1])
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "some.safetensors"
    save_file({"t": np.zeros(300, dtype=np.float32)}, path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"some\.safetensors .*restore it"):
        map_tensors(path)


def test_a_pointer_to_large_file_storage_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "some.safetensors"
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 12345\n")
    with pytest.raises(ValueError, match="Git LFS pointer"):
        map_tensors(path)
