"""`embed` and `sentiment`: line i in, row i out, or one line that says which line is at fault."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cli import main
from app.cli.jsonl_input import batches, count_texts, open_lines, texts
from app.cli.output import replacing
from app.errors import Unusable

TEXTS = ["物流太慢了", "Delivery takes forever", "", "快遞很慢！", "😀 line\u2028separator", "快递很慢！"]


def jsonl(path: Path, *items: object) -> Path:
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), "utf-8")
    return path


def test_vectors_are_aligned_with_lines(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "in.jsonl", *({"text": text} for text in TEXTS))
    done = CliRunner().invoke(main, ["embed", str(file), "--field", "text", "--out", str(tmp_path / "x.npy"), "-q"])
    assert (done.exit_code, done.output) == (0, "")
    vectors = np.load(tmp_path / "x.npy")
    assert vectors.dtype == np.float32
    assert vectors.shape[0] == len(TEXTS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[3], vectors[5]), "Traditional Chinese is read as Simplified"
    assert not np.array_equal(vectors[0], vectors[1])


def test_batches_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = jsonl(tmp_path / "in.jsonl", *({"text": text} for text in TEXTS))
    outputs = []
    for size in (1, 4, 1000):
        monkeypatch.setattr("app.cli.jsonl_input.BATCH", size)
        out = tmp_path / f"{size}.npy"
        assert CliRunner().invoke(main, ["embed", str(file), "--field", "text", "--out", str(out), "-q"]).exit_code == 0
        outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1] == outputs[2]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times the lines: what is held is a batch, not the texts and not the vectors (about 50 MB of them here)."""
    code = """
import resource, sys
from app.cli import main
try:
    main(["embed", sys.argv[1], "--field", "t", "--out", sys.argv[2], "-q"], standalone_mode=False)
except SystemExit:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (2**20 if sys.platform == "darwin" else 2**10))
"""
    peaks = []
    for count in (5_000, 50_000):
        file = tmp_path / f"{count}.jsonl"
        file.write_text("".join(f'{{"t": "物流太慢 {number}"}}\n' for number in range(count)), "utf-8")
        command = [sys.executable, "-c", code, str(file), str(tmp_path / "x.npy")]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        peaks.append(int(done.stdout))
    assert np.load(tmp_path / "x.npy", mmap_mode="r").shape[0] == 50_000
    assert peaks[1] < peaks[0] + 25, peaks


def test_standard_input_is_read(tmp_path: Path) -> None:
    given_text = json.dumps({"t": "很好"}) + "\n" + json.dumps({"t": "bad"})
    out = tmp_path / "x.npy"
    done = CliRunner().invoke(main, ["embed", "-", "--field", "t", "--out", str(out), "-q"], input=given_text)
    assert done.exit_code == 0
    assert np.load(out).shape[0] == 2


@pytest.mark.parametrize("command", ["embed", "sentiment"])
@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ('{"text": "a"}\n{"other": "b"}\n', 2),
        ('{"text": "a"}\n{"text": null}\n', 2),
        ('{"text": 5}\n', 1),
        ('{"text": "a"}\n\n{"text": "b"}\n', 2),
        ('{"text": "a"}\n["b"]\n', 2),
        ('{"text": "a"}\n{"text": "b"\n', 2),
        ("\x80", 1),
    ],
)
def test_a_line_at_fault_is_named_and_nothing_is_written(command: str, lines: str, number: int, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(lines.encode("latin-1"))
    out = tmp_path / "out"
    done = CliRunner().invoke(main, [command, str(file), "--field", "text", "--out", str(out), "--lang", "en", "-q"])
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert f"line {number}:" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_blank_lines_at_the_end_are_no_lines(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"t": "a"}\n{"t": "b"}\n\n  \n', "utf-8")
    with open_lines(str(file)) as lines:
        assert list(texts(lines, field="t", path=str(file))) == ["a", "b"]


@given(st.lists(st.text(max_size=20), max_size=30), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_every_text_comes_back_in_its_place(tmp_path: Path, said: list[str], ends: bool) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps({"t": text}) for text in said) + ("\n" if ends and said else ""), "utf-8")
    with open_lines(str(file)) as lines:
        if not said:
            with pytest.raises(Unusable):
                count_texts(lines, field="t", path=str(file))
            return
        assert count_texts(lines, field="t", path=str(file)) == len(said)
        assert [text for batch in batches(lines, field="t", path=str(file)) for text in batch] == said
        lines.seek(0)
        assert list(texts(lines, field="t", path=str(file))) == said


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"t": "a"}\n')
    with open_lines(str(file)) as lines:
        assert list(texts(lines, field="t", path=str(file))) == ["a"]


def test_an_unknown_model_is_one_line(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "in.jsonl", {"t": "a"})
    arguments = ["embed", str(file), "--field", "t", "--out", str(tmp_path / "x"), "--encoder", "nothing:x", "-q"]
    done = CliRunner().invoke(main, [*arguments, "--lang", "en"])
    assert done.exit_code == 2
    assert "nothing:x" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_output_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    out.write_text("old", "utf-8")

    def fail_half_way() -> None:
        with replacing(out) as beside:
            beside.write_text("new", "utf-8")
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail_half_way()
    assert out.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    with replacing(out) as beside:
        beside.write_text("new", "utf-8")
    assert out.read_text("utf-8") == "new"
    if sys.platform != "win32":
        assert out.stat().st_mode & 0o044, "readable by others as other files are"


def test_labels_are_aligned_with_lines(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "in.jsonl", {"t": "非常好，很满意"}, {"t": "terrible, broken and slow"}, {"t": ""})
    out = tmp_path / "out.jsonl"
    done = CliRunner().invoke(main, ["sentiment", str(file), "--field", "t", "--out", str(out), "-q"])
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [item["label"] for item in found] == ["positive", "negative", "neutral"]
    for item in found:
        assert set(item["probabilities"]) == {"negative", "neutral", "positive"}
        assert sum(item["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert item["probabilities"][item["label"]] == item["confidence"]
