"""Hotel reviews as a whole, and complaints about hotels in one clause: what one costs the other.

    python -m benchmarks.whole_reviews --data DIR [--model SETTING]

A guest lists what was wrong with a room that he praises. First what n-grams fitted to hotel reviews alone get right, on
what training keeps out and on ten other cuts by a hash of how a text begins; then the model, on the reviews and on
`hotel_clauses.tsv`, thirty complaints and twenty words of praise written for this.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.sentiment import load_sentiment
from models.training.gathering import HOTELS, SAME_HOTELS, doubted_hotels
from models.training.reading import beginning, held_out, read_rows

CLAUSES = Path(__file__).parent / "hotel_clauses.tsv"
HOTEL = "酒店"
"""What the shopping set calls the category of its hotel reviews."""
CUTS = 10
STRENGTH, LONGEST, ROUNDS = 10.0, 3, 300


def main() -> None:
    """Read the arguments and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_reviews", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets (*.jsonl.gz)")
    parser.add_argument("--model", default="shipped")
    options = parser.parse_args()
    rows = [(row["text"], row["sentiment"] == "positive") for row in read_rows(options.data, HOTELS)]
    kept_out = np.array([held_out(text) for text, _ in rows])
    doubted = doubted_hotels(options.data)
    clear = np.array([beginning(text) not in doubted for text, _ in rows])
    shop = [
        (row["text"], row["sentiment"] == "positive")
        for row in read_rows(options.data, SAME_HOTELS)
        if row["category"] == HOTEL and not held_out(row["text"])
    ]
    for name, beside in (("hotel reviews alone", []), ("with the shopping set's", shop)):
        right = by_ngrams(rows, kept_out, taught=clear, beside=beside)
        print(f"n-grams, {name}: {percent(right)} of {len(right)}, undoubted {percent(right[clear[kept_out]])}")
    cuts = np.array([cut_of(text) for text, _ in rows])
    found = [by_ngrams(rows, cuts == cut, taught=np.ones(len(rows), dtype=np.bool_), beside=[]) for cut in range(CUTS)]
    shares = [100 * float(right.mean()) for right in found]
    print(f"n-grams, ten other cuts: mean {np.mean(shares):.1f}, from {min(shares):.1f} to {max(shares):.1f}")
    model = load_sentiment(options.model)
    asked = [row for row, kept in zip(rows, kept_out, strict=True) if kept]
    right = praised(model.predict([text for text, _ in asked])) == np.array([praise for _, praise in asked])
    print(f"{model.name}: {percent(right)} of {len(right)}, undoubted {percent(right[clear[kept_out]])}")
    clauses = [line.split("\t") for line in CLAUSES.read_text(encoding="utf-8").splitlines()]
    said = praised(model.predict([text for _, text in clauses]))
    for label in ("negative", "positive"):
        inside = np.array([of == label for of, _ in clauses])
        print(f"{label} clauses: {percent((said == (label == 'positive'))[inside])} of {inside.sum()}")


def by_ngrams(
    rows: Sequence[tuple[str, bool]],
    asked: NDArray[np.bool_],
    *,
    taught: NDArray[np.bool_],
    beside: Sequence[tuple[str, bool]],
) -> NDArray[np.bool_]:
    """Return which of the rows `asked` come out right by n-grams fitted to the other rows that are `taught`."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    others = [row for row, ask, teach in zip(rows, asked, taught, strict=True) if teach and not ask]
    learnt = list(dict.fromkeys([*others, *beside]))
    counted = TfidfVectorizer(analyzer="char", ngram_range=(1, LONGEST), min_df=2, sublinear_tf=True)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=ROUNDS, random_state=0)
    model.fit(counted.fit_transform([text for text, _ in learnt]), [praise for _, praise in learnt])
    some = [row for row, ask in zip(rows, asked, strict=True) if ask]
    said = model.predict(counted.transform([text for text, _ in some]))
    return np.asarray(said == np.array([praise for _, praise in some]), dtype=np.bool_)


def praised(found: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which texts are praise rather than blame."""
    return np.asarray(found[:, 2] > found[:, 0])


def cut_of(text: str) -> int:
    """Return which of the cuts a text falls into, near copies into the same."""
    digest = hashlib.sha256(f"cut {beginning(text)}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") % CUTS


def percent(right: NDArray[np.bool_]) -> str:
    """Return the share that is right, in percent."""
    return f"{100 * right.mean():.1f} %"


if __name__ == "__main__":
    main()
