"""From a file of reviews to its report, beside BERTopic on the same texts and vectors, in one run.

    python -m benchmarks.speed --data DIR [--reviews 10000]

Xinsheng is timed as its user sees it: the whole command, from starting the process to the last file of the folder.
BERTopic (`pip install bertopic`, best in an environment of its own) is given texts and vectors ready made and is timed
for its fit alone: no start, imports, reading, cleaning, redaction, splitting, sentiment, customers or report. Once it
gets the opinion units that Xinsheng groups (the same texts, the same vectors), once the reviews whole, a third as many.
Each of them has a process of its own, as Xinsheng has; a second fit in the same process, whose libraries are compiled
by then, is printed beside it.
"""

import argparse
import csv
import gzip
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from benchmarks.themes import bertopic
from models.embedding import load_encoder

FILES = ("zh_waimai_10k", "zh_online_shopping_10cats", "en_app_store_reviews", "en_amazon_alexa")
SEED = 0


def reviews(folder: Path, count: int) -> list[str]:
    """Return a seeded mixture of real reviews in both languages."""
    texts: list[str] = []
    for file in FILES:
        with gzip.open(folder / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            texts.extend(str(json.loads(line)["text"]) for line in lines)
    texts.sort()
    random.Random(SEED).shuffle(texts)
    return texts[:count]


def xinsheng(texts: list[str]) -> tuple[float, list[str]]:
    """Return the seconds of `xinsheng analyse` from a csv to its folder, and the opinion units it grouped."""
    with tempfile.TemporaryDirectory() as name:
        file, out = Path(name) / "reviews.csv", Path(name) / "out"
        with file.open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["id", "评论内容"])
            rows.writerows(enumerate(texts))
        command = [sys.executable, "-c", "from app.cli import main; main()", "analyse", str(file), "--out", str(out)]
        began = time.perf_counter()
        subprocess.run([*command, "--quiet"], check=True)  # noqa: S603 - our own interpreter and package
        seconds = time.perf_counter() - began
        run = json.loads((out / "run.json").read_text("utf-8"))
        lines = (out / "verbatims.jsonl").read_text("utf-8").splitlines()
        units = [unit["text"] for line in lines for unit in json.loads(line)["units"]]
    counts = {name: run["counts"][name] for name in ("verbatims", "units", "units_themed", "themes")}
    print(f"xinsheng, file to report   {seconds:7.1f} s   {counts}   peak {run['peak_mb']:.0f} MB")
    print(f"  of which {run['seconds']}")
    return seconds, units


def fit_in_own_process(texts: list[str]) -> tuple[float, float]:
    """Return the seconds of BERTopic's first and second fit on the texts in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "texts.json"
        file.write_text(json.dumps(texts), "utf-8")
        command = [sys.executable, "-m", "benchmarks.speed", "--fit", str(file)]
        found = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    first, second = json.loads(found.stdout.splitlines()[-1])
    return float(first), float(second)


def fit(file: Path, *, times: int) -> None:
    """Fit BERTopic on the texts of a file, once or more, and print the seconds of each."""
    texts = json.loads(file.read_text("utf-8"))
    encoder = load_encoder("shipped")
    vectors = encoder.encode(texts)
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        labels = bertopic(texts, np.array(vectors), encoder, 0)
        seconds.append(time.perf_counter() - began)
        print(f"topics {len(set(labels.tolist()) - {-1})}, placed {(labels >= 0).mean():.1%}", file=sys.stderr)
    print(json.dumps(seconds))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--reviews", type=int, default=10_000)
    parser.add_argument("--fit", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    if given.fit is not None:
        fit(given.fit, times=1 if given.once else 2)
        return
    if given.data is None:
        parser.error("--data DIR is needed: the folder of the labelled sets")
    texts = reviews(given.data, given.reviews)
    print(
        f"{len(texts)} reviews, {sum(map(len, texts)) / len(texts):.0f} characters on average, {os.cpu_count()} cores"
    )
    ours, units = xinsheng(texts)
    if importlib.util.find_spec("bertopic") is None:
        print("bertopic is not installed: left out", file=sys.stderr)
        return
    for what, some in (("the opinion units", units), ("the reviews whole", texts)):
        first, second = fit_in_own_process(some)
        told = f"first {first:6.1f} s, ratio {ours / first:.2f}; again {second:6.1f} s, ratio {ours / second:.2f}"
        print(f"bertopic, fit alone, {what} ({len(some)}): {told}")


if __name__ == "__main__":
    main()
