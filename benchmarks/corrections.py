"""What people's corrections do to the sentiment model: accuracy before and after a re-fit, and what it costs elsewhere.

`python -m benchmarks.corrections --data DIR [--draws N]` takes texts that training never saw, of sets that the shipped
model is weak at, gives it 20 to 500 of them as corrections and measures on the rest, in points. Fixed seed.

Two ways to correct: *sample*, a random part of the set, right or wrong, as the corrections page draws it; *errors*,
only texts that the model has wrong, as a person meets them while reading. Elsewhere: other sets, with the head
fitted to this one. Verdict: what the product would have said of the gain, and what the gain then was.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.sentiment import sample
from models.embedding import load_encoder
from models.sentiment import load_sentiment
from models.sentiment.refit import ANCHORS, Judged, RefittedSentiment, cross_validated, refit
from models.training.opinions import OPINION_SETS, Opinions, opinions
from pipelines.gain import JudgedLabels, gain
from pipelines.records import LABELS

SEED = 7
MOST = 1200
WEAK = (
    "zh_car_topics_sentiment", "zhen_dialogue_sentiment", "zh_jd_laptop_sentiment", "en_absa_laptop14_quads",
    "zh_cosmetics_aspects", "en_mams_aspect_terms", "zh_absa_products",
)  # fmt: skip
ELSEWHERE = ("zh_waimai_10k", "en_uci_sentences", "zh_jd_laptop_sentiment", "en_mams_aspect_terms")
CORRECTIONS = (20, 50, 100, 200, 500)
FEWEST_LEFT = 90
"""Texts left to measure on: with fewer, a draw says little."""


class Known:
    """A model that gives the rows it computed once for all texts."""

    def __init__(self, name: str, texts: Sequence[str], rows: NDArray[np.float32]) -> None:
        self.name = name
        self.dim = int(rows.shape[1])
        self._rows = dict(zip(texts, rows, strict=True))

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the known rows of these texts."""
        return np.array([self._rows[text] for text in texts], dtype=np.float32)

    encode = predict


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What one draw of corrections did, in points; `verdict` is what the product would say, "" where not asked."""

    accuracy: float
    f1: float
    elsewhere: tuple[float, ...]
    verdict: str = ""
    told: float = 0.0


def main() -> None:
    """Read the arguments, measure, print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corrections", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=5)
    options = parser.parse_args()
    named = {found.name: found for found in OPINION_SETS}
    sets = {
        name: sample(opinions(options.data, named[name], held_out_part=True, seed=SEED), MOST)
        for name in dict.fromkeys((*WEAK, *ELSEWHERE))
    }
    texts = sorted({text for found in sets.values() for text in found.texts})
    model, encoder = load_sentiment(), load_encoder()
    base = Known(model.name, texts, model.predict(texts))
    known = Known(encoder.name, texts, encoder.encode(texts))
    print(f"{model.name}, {encoder.name}, {options.draws} draws\n")
    told: dict[int, list[Drawn]] = {}
    for way in ("sample", "errors"):
        print(f"Corrected by {way}: accuracy (macro F1) in points, before and the change with so many corrections\n")
        print("| set | texts | before | " + " | ".join(str(number) for number in CORRECTIONS) + " |")
        print("|---|---:|---:|" + "---:|" * len(CORRECTIONS))
        columns: dict[int, list[Drawn]] = {number: [] for number in CORRECTIONS}
        bare: dict[int, list[Drawn]] = {number: [] for number in CORRECTIONS}
        for name in WEAK:
            others = [sets[other] for other in ELSEWHERE if other != name]
            found = sets[name]
            right = accuracy(base.predict(found.texts), np.array(found.labels))
            cells = [f"{right:.1f} ({macro_f1(base.predict(found.texts), np.array(found.labels)):.1f})"]
            for number in CORRECTIONS:
                drawn = [
                    draw(found, others, number, base=base, encoder=known, seed=seed, way=way)
                    for seed in range(options.draws)
                ]
                if way == "errors":
                    alone = [
                        draw(found, others, number, base=base, encoder=known, seed=seed, way=way, anchors=0)
                        for seed in range(options.draws)
                    ]
                    bare[number] += [one for one in alone if one is not None]
                kept = [one for one in drawn if one is not None]
                columns[number] += kept
                cells.append(said(kept))
            print(f"| {name} | {len(found.texts):,} | " + " | ".join(cells) + " |", flush=True)
        print("| **mean** | | | " + " | ".join(said(columns[number]) for number in CORRECTIONS) + " |")
        if way == "errors":
            print("| mean without anchors | | | " + " | ".join(said(bare[number]) for number in CORRECTIONS) + " |")
        print("| elsewhere, mean (worst draw) | | | " + " | ".join(cost(columns[one]) for one in CORRECTIONS) + " |\n")
        if way == "sample":
            told = columns
    print("Verdict on a random sample, and what the gain then was: mean points, share of draws that lost 0.5 or more\n")
    print("| corrections | better | perhaps | not better | unknown |\n|---|---|---|---|---|")
    for number, column in told.items():
        cells = [judged(column, verdict) for verdict in ("better", "perhaps", "not_better", "unknown")]
        print(f"| {number} | " + " | ".join(cells) + " |")


def draw(
    found: Opinions,
    others: Sequence[Opinions],
    number: int,
    *,
    base: Known,
    encoder: Known,
    seed: int,
    way: str,
    anchors: int = ANCHORS,
) -> Drawn | None:
    """Return what one draw of corrections does, None where too little is left to measure on."""
    texts, labels = np.array(found.texts, dtype=object), np.array(found.labels)
    order = np.random.default_rng(seed).permutation(len(texts))
    own = base.predict(found.texts).argmax(axis=1)
    wrong = own != labels
    if way == "errors":
        order = np.concatenate([order[wrong[order]], order[~wrong[order]]])
        # Some errors are left over, or nothing could be measured on them.
        if number > 0.6 * wrong.sum():
            return None
    given, left = order[:number], order[number:]
    if len(left) < FEWEST_LEFT:
        return None
    rest = np.random.default_rng(seed).permutation(left)[:anchors]
    judged_texts = Judged(texts=tuple(texts[given]), labels=tuple(labels[given].tolist()), anchors=tuple(texts[rest]))
    model = RefittedSentiment(base=base, encoder=encoder, head=refit(judged_texts, base=base, encoder=encoder))
    after = model.predict(tuple(texts[left]))
    # Corrected errors are gone from the rest: the weights bring errors back to their share in the set.
    weights = np.where(wrong[left], wrong.mean() / wrong[left].mean(), (~wrong).mean() / (~wrong[left]).mean())
    before = base.predict(tuple(texts[left]))
    drawn = Drawn(
        accuracy=accuracy(after, labels[left], weights) - accuracy(before, labels[left], weights),
        f1=macro_f1(after, labels[left], weights) - macro_f1(before, labels[left], weights),
        elsewhere=tuple(
            accuracy(model.predict(other.texts), np.array(other.labels))
            - accuracy(base.predict(other.texts), np.array(other.labels))
            for other in others
        ),
    )
    if way == "errors":
        return drawn
    unseen = cross_validated(judged_texts, base=base, encoder=encoder).argmax(axis=1)
    measured = gain(
        [
            JudgedLabels(
                person=LABELS[labels[text]], model=LABELS[own[text]], refitted=LABELS[unseen[row]], sampled=True
            )
            for row, text in enumerate(given)
        ],
        confidence=float(base.predict(tuple(texts[rest])).max(axis=1).mean()),
    )
    return Drawn(
        accuracy=drawn.accuracy,
        f1=drawn.f1,
        elsewhere=drawn.elsewhere,
        verdict=measured.verdict,
        told=100 * measured.value,
    )


def accuracy(found: NDArray[np.float32], truth: NDArray[np.int64], weights: NDArray[np.float64] | None = None) -> float:
    """Return the share of right labels in percent."""
    return 100 * float(np.average(found.argmax(axis=1) == truth, weights=weights))


def macro_f1(found: NDArray[np.float32], truth: NDArray[np.int64], weights: NDArray[np.float64] | None = None) -> float:
    """Return the mean F1 of the classes in percent."""
    from sklearn.metrics import f1_score

    labels = np.unique(truth)
    return 100 * float(
        f1_score(truth, found.argmax(axis=1), average="macro", labels=labels, sample_weight=weights, zero_division=0)
    )


def said(drawn: Sequence[Drawn]) -> str:
    """Return the mean change of accuracy and macro F1."""
    if not drawn:
        return ""
    return f"{np.mean([one.accuracy for one in drawn]):+.1f} ({np.mean([one.f1 for one in drawn]):+.1f})"


def cost(drawn: Sequence[Drawn]) -> str:
    """Return the mean and the worst change on the other sets."""
    changes = [change for one in drawn for change in one.elsewhere]
    return f"{np.mean(changes):+.1f} ({np.min(changes):+.1f})" if changes else ""


def judged(drawn: Sequence[Drawn], verdict: str) -> str:
    """Return how many draws had a verdict, and what they gained."""
    gained = [one.accuracy for one in drawn if one.verdict == verdict]
    if not gained:
        return "0"
    return f"{len(gained)}: {np.mean(gained):+.1f}, {np.mean(np.array(gained) <= -0.5):.0%}"


if __name__ == "__main__":
    main()
