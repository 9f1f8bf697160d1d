"""Seconds and memory per stage as the feedback grows, beside BERTopic as far as it gets on the same machine.

    python -m benchmarks.scale --data DIR [--reviews 10000 100000 400000] [--limit-s 1800]

Real reviews are too few for this, so each text joins clauses cut from them (`DIR`) or clauses from the grammar below,
which is our own: about half of the units of a large file are distinct, as in real exports. 100,000 reviews give some
250,000 opinion units, 400,000 give a million. Xinsheng is the whole command, its memory that of all its processes;
BERTopic is given the same units and vectors and is timed for its fit alone, in a process of its own that is ended at
the limit.
"""

import argparse
import csv
import importlib.util
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed import reviews

SEED = 0
REAL_SHARE = 0.6
"""Share of the reviews made of clauses that people wrote; the rest comes from the grammar."""
CLAUSE = re.compile(r"[^。！？!?.；;，,\n]{4,60}")
LOOK_S = 0.5
"""Seconds between two looks at the memory."""

SUBJECTS = {
    "zh": (
        "物流",
        "包装",
        "客服",
        "电池",
        "屏幕",
        "价格",
        "面料",
        "味道",
        "房间",
        "早餐",
        "安装",
        "退款",
        "会员",
        "客服电话",
    ),
    "en": ("delivery", "packaging", "support", "the battery", "the screen", "the price", "the fabric", "breakfast"),
}
DEGREES = {"zh": ("真的", "非常", "有点", "特别", "还是", "一直"), "en": ("really", "a bit", "very", "still", "always")}
SAID = {
    "zh": ("慢", "好", "差", "贵", "满意", "失望", "靠谱", "麻烦", "干净", "吵", "及时", "一般"),
    "en": ("slow", "great", "poor", "overpriced", "excellent", "disappointing", "reliable", "confusing", "noisy"),
}
WHEN = {
    "zh": ("上周", "昨天", "第{n}次购买", "订单{n}", "用了{n}天"),
    "en": ("last week", "order {n}", "after {n} days", "visit {n}"),
}


def made(count: int, texts: list[str]) -> Iterator[str]:
    """Yield `count` reviews of two or three clauses, seeded."""
    draw = random.Random(SEED)
    clauses: dict[str, list[str]] = {"zh": [], "en": []}
    for text in texts:
        for clause in CLAUSE.findall(text):
            clauses["en" if clause.isascii() else "zh"].append(clause.strip())
    for _ in range(count):
        language = "zh" if draw.random() < 0.6 else "en"
        parts = []
        for _ in range(draw.choice((2, 2, 3, 3))):
            if draw.random() < REAL_SHARE:
                parts.append(draw.choice(clauses[language]))
                continue
            when = draw.choice(WHEN[language]).format(n=draw.randint(2, 9_999))
            words = (when, *(draw.choice(some[language]) for some in (SUBJECTS, DEGREES, SAID)))
            parts.append("".join(words) if language == "zh" else f"{words[0]} {words[1]} is {words[2]} {words[3]}")
        yield ("。" if language == "zh" else ". ").join(parts)


def memory_mb(pid: int) -> float:
    """Return the memory of a process and its children in MiB, pages they share counted once (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    total = 0.0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total = int(line.split()[1]) / 1024
        return total + sum(memory_mb(int(child)) for child in children.read_text().split())
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return total


def watched(command: list[str], *, limit_s: float) -> tuple[float | None, float]:
    """Return the seconds a command takes (None: ended at the limit, or failed) and the most memory it held, in MiB."""
    began = time.perf_counter()
    process = subprocess.Popen(command)  # noqa: S603 - our own interpreter and package
    most = 0.0
    ended = threading.Event()

    def look() -> None:
        nonlocal most
        while not ended.wait(LOOK_S):
            most = max(most, memory_mb(process.pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        code = process.wait(limit_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = -1
    ended.set()
    watcher.join()
    return (time.perf_counter() - began if code == 0 else None), most


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reviews", type=int, nargs="+", default=[10_000, 100_000, 400_000])
    parser.add_argument("--limit-s", type=float, default=1800)
    given = parser.parse_args()
    texts = reviews(given.data, 100_000)
    for count in given.reviews:
        with tempfile.TemporaryDirectory() as name:
            file, out = Path(name) / "reviews.csv", Path(name) / "out"
            with file.open("w", encoding="utf-8", newline="") as stream:
                rows = csv.writer(stream)
                rows.writerow(["id", "评论内容", "评论时间"])
                for number, text in enumerate(made(count, texts)):
                    rows.writerow([number, text, f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"])
            command = [sys.executable, "-c", "from app.cli import main; main()"]
            seconds, memory = watched(
                [*command, "analyse", str(file), "--out", str(out), "--quiet"], limit_s=given.limit_s
            )
            told = "not finished" if seconds is None else f"{seconds:.0f} s"
            print(f"{count:,} reviews  xinsheng {told}, {memory:,.0f} MB", flush=True)
            if seconds is None:
                continue
            run = json.loads((out / "run.json").read_text("utf-8"))
            counts = {what: run["counts"][what] for what in ("units", "units_themed", "themes")}
            print(f"  {counts}, of which {run['seconds']}", flush=True)
            if importlib.util.find_spec("bertopic") is None:
                continue
            units = Path(name) / "units.json"
            with (out / "verbatims.jsonl").open(encoding="utf-8") as lines:
                units.write_text(json.dumps([u["text"] for line in lines for u in json.loads(line)["units"]]), "utf-8")
            fit = [sys.executable, "-m", "benchmarks.speed", "--fit", str(units), "--once"]
            theirs, memory = watched(fit, limit_s=given.limit_s)
            told = "not finished" if theirs is None else f"{theirs:.0f} s, ratio {seconds / theirs:.2f}"
            print(f"  bertopic on the same units {told}, {memory:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
