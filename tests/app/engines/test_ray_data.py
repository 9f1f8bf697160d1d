"""A Ray cluster of two workers on this machine: the same results as without it."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = importlib.util.find_spec("ray") is not None

REVIEWS = (
    "物流太慢了，等了整整一周",
    "Delivery took forever but the courier was polite",
    "客服很耐心，退款也快",
    "Support answered within minutes",
    "包装破了、东西也坏了",
    "The box was crushed and the cup was broken",
    "价格有点贵，但是质量不错",
    "A bit expensive, though the quality is great",
)


def analysed(folder: Path, *more: str) -> dict[str, object]:
    """Return what `xinsheng analyse` says of a small file, but for what may differ: seconds and memory."""
    file = folder / "reviews.csv"
    lines = [f'{n},"{REVIEWS[n % len(REVIEWS)]} {n % 7}"' for n in range(64)]
    file.write_text("\n".join(["id,评论内容", *lines]), "utf-8")
    out = folder / "-".join(("out", *more))
    command = [sys.executable, "-c", "from app.cli import main; main()", "analyse", str(file), "--out", str(out)]
    subprocess.run([*command, "--quiet", *more], check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    read = {name: (out / name).read_text("utf-8") for name in ("themes.json", "verbatims.jsonl", "customers.jsonl")}
    return {**read, "counts": json.loads((out / "run.json").read_text("utf-8"))["counts"]}


@pytest.mark.slow
@pytest.mark.skipif(not HERE, reason="Ray is not installed: pip install 'xinsheng[ray]' (CI does)")
def test_ray_gives_what_one_process_gives(tmp_path: Path) -> None:
    assert analysed(tmp_path, "--engine", "ray") == analysed(tmp_path)


def test_without_ray_the_command_says_what_to_install(tmp_path: Path) -> None:
    file = tmp_path / "reviews.csv"
    file.write_text("评论内容\n物流太慢", "utf-8")
    code = "import sys; sys.modules['ray'] = None; from app.cli import main; main()"
    command = [sys.executable, "-c", code, "analyse", str(file), "--out", str(tmp_path / "out"), "--engine", "ray"]
    ended = subprocess.run([*command, "--lang", "en"], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "pip install 'xinsheng[ray]'" in ended.stderr
    assert "Traceback" not in ended.stderr
