"""Train the shipped sentiment model: `python -m models.training.sentiment --data DIR [--out DIR] [--seed N]`.

Takes a few minutes on two cores, and needs the shipped encoder, whose vectors it reads. Protocol and figures:
`models/weights/sentiment/README.md`.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embedding.shipped import StaticEncoder
from models.embedding.shipped import load as load_static_encoder
from models.ngrams import BITS, Ngrams, hashed_ngrams
from models.sentiment.shipped import meaning_vectors, ngram_shares
from models.shipped_weights import WEIGHTS, seal_weights
from models.tokens import cut
from models.training.linear import Examples, Fit, fit_linear
from models.training.opinions import LABELS, NEUTRAL_BY_KIND, OPINION_SETS, opinions
from models.training.phrases import written_phrases

VERSION = "1"
TEXTS_AT_ONCE = 4096

CALIBRATION_PERCENT = 4
"""Share of the training texts set aside to find the temperature on."""

PHRASE_WEIGHT = 2.0
"""Of a phrase from `phrases.txt`: two thousand of them stand against three hundred thousand texts."""

LARGEST_STEP = 99.99
"""Percentile of the weights that the eight bits span; the few beyond it are cut, so that the rest keep their detail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All texts of training, with label, weight and the number of their set."""

    texts: list[str]
    labels: NDArray[np.int64]
    weights: NDArray[np.float32]
    sets: NDArray[np.int64]


def main() -> None:
    """Read the arguments, train, write the folder of weights."""
    parser = argparse.ArgumentParser(prog="python -m models.training.sentiment", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets (*.jsonl.gz)")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "sentiment", help="folder to write the weights to")
    parser.add_argument("--encoder", default="", help="folder of the encoder to read (default: the shipped one)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    train_sentiment(options.data, options.out, encoder_folder=options.encoder, seed=options.seed)


def train_sentiment(data: Path, out: Path, *, encoder_folder: str, seed: int) -> None:
    """Train on the sets of `data` and write the weights to `out`; the same seed gives the same weights.

    Raises FileNotFoundError where a set or the encoder is missing.
    """
    start = time.monotonic()

    def log(text: str) -> None:
        print(f"[{time.monotonic() - start:6.1f} s] {text}", flush=True)

    encoder = load_static_encoder(encoder_folder)
    gathered = _gather(data, seed=seed)
    log(f"read {len(gathered.texts):,} texts of {len(OPINION_SETS)} sets")
    examples = _examples(gathered, encoder)
    log(f"{len(examples.ngrams.buckets):,} n-grams")
    aside = np.random.default_rng(seed).random(len(gathered.texts)) < CALIBRATION_PERCENT / 100
    fit = fit_linear(examples, np.flatnonzero(~aside), buckets=1 << BITS, seed=seed, report=log)
    temperature = _temperature(fit.logits(examples, np.flatnonzero(aside)), gathered, aside)
    log(f"temperature {temperature:.3f}")
    _write(out, fit, temperature, {"encoder": encoder.name, "seed": seed, "temperature": round(temperature, 4)})
    log(f"written to {out}")


def _gather(data: Path, *, seed: int) -> Gathered:
    kept_out = {text for found in OPINION_SETS for text in opinions(data, found, held_out_part=True, seed=seed).texts}
    texts: list[str] = []
    labels: list[int] = []
    weights: list[float] = []
    sets: list[int] = []
    for number, found in enumerate(OPINION_SETS):
        part = opinions(data, found, held_out_part=False, seed=seed)
        for text, label in zip(part.texts, part.labels, strict=True):
            # A common clause may stand in reviews of both parts; it is then held out.
            if text not in kept_out:
                texts.append(text)
                labels.append(label)
                weights.append(found.weight)
                sets.append(number)
    for text, sentiment in written_phrases():
        texts.append(text)
        labels.append(LABELS.index(sentiment))
        weights.append(PHRASE_WEIGHT)
        sets.append(len(OPINION_SETS))
    return Gathered(
        texts=texts,
        labels=np.array(labels, dtype=np.int64),
        weights=np.array(weights, dtype=np.float32) / np.float32(np.mean(weights)),
        sets=np.array(sets, dtype=np.int64),
    )


def _examples(gathered: Gathered, encoder: StaticEncoder) -> Examples:
    ngrams: list[Ngrams] = []
    vectors: list[NDArray[np.float32]] = []
    for start in range(0, len(gathered.texts), TEXTS_AT_ONCE):
        texts = gathered.texts[start : start + TEXTS_AT_ONCE]
        words = cut(texts)
        ngrams.append(hashed_ngrams(texts, words))
        vectors.append(meaning_vectors(encoder, words))
    lengths = np.concatenate([np.diff(some.offsets) for some in ngrams])
    joined = Ngrams(
        buckets=np.concatenate([some.buckets for some in ngrams]), offsets=np.concatenate([[0], np.cumsum(lengths)])
    )
    return Examples(
        ngrams=joined,
        shares=ngram_shares(joined),
        vectors=np.concatenate(vectors),
        labels=gathered.labels,
        weights=gathered.weights,
    )


def _temperature(logits: NDArray[np.float32], gathered: Gathered, aside: NDArray[np.bool_]) -> float:
    """Return the number to divide logits by: the likelihood is highest there, each set of opinions counting alike."""
    from scipy.optimize import minimize_scalar

    labels, sets = gathered.labels[aside], gathered.sets[aside]
    opinionated = [number for number, found in enumerate(OPINION_SETS) if found.name not in NEUTRAL_BY_KIND]
    weights = np.isin(sets, opinionated) / np.bincount(sets)[sets]

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        top = scaled.max(axis=1)
        total = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float((weights * (total - scaled[np.arange(len(labels)), labels])).sum())

    return float(minimize_scalar(loss, bounds=(0.3, 5), method="bounded").x)


def _write(out: Path, fit: Fit, temperature: float, config: dict[str, object]) -> None:
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    weights = fit.ngram_weights / temperature
    seen = np.abs(weights[weights != 0])
    scales = np.full(3, np.percentile(seen, LARGEST_STEP) / 127, dtype=np.float32)
    tensors = {
        "ngrams": np.clip(np.rint(weights / scales), -127, 127).astype(np.int8),
        "scales": scales,
        "vectors": (fit.vector_weights / temperature).astype(np.float32),
        "bias": (fit.bias / temperature).astype(np.float32),
    }
    save_file(tensors, out / "weights.safetensors")
    (out / "weights.safetensors").chmod(0o644)
    seal_weights(out, {"name": "xinsheng-sentiment", "version": VERSION, **config}, ("weights.safetensors",))


if __name__ == "__main__":
    main()
