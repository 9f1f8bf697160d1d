"""From a file of reviews to its report, beside BERTopic on the same texts and vectors, in one run.

    python -m benchmarks.speed --data DIR [--reviews 10000]

Xinsheng is timed as its user sees it: the whole command, from starting the process to the last file of the folder.
BERTopic (`pip install bertopic`, best in an environment of its own) is given texts and vectors ready made and is timed
for its fit alone: no reading, cleaning, redaction, splitting, sentiment, customers or report. Once it gets the opinion
units that Xinsheng groups (the same texts, the same vectors), once the reviews whole, a third as many. The first of
its two fits compiles its libraries, as any fresh process must.
"""

import argparse
import csv
import gzip
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

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


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reviews", type=int, default=10_000)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    texts = reviews(given.data, given.reviews)
    print(f"{len(texts)} reviews, {sum(map(len, texts)) / len(texts):.0f} characters on average")
    ours, units = xinsheng(texts)
    if importlib.util.find_spec("bertopic") is None:
        print("bertopic is not installed: left out", file=sys.stderr)
        return
    encoder = load_encoder("shipped")
    for what, some in (("the opinion units", units), ("the reviews whole", texts)):
        vectors = encoder.encode(some)
        began = time.perf_counter()
        labels = bertopic(some, vectors, encoder, 0)
        theirs = time.perf_counter() - began
        topics = len(set(labels.tolist()) - {-1})
        placed = f"topics {topics}, placed {(labels >= 0).mean():.1%}"
        print(f"bertopic, fit alone, {what} ({len(some)})   {theirs:7.1f} s   {placed}   ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
