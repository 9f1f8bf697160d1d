"""Train the shipped sentiment model: `python -m models.training.sentiment --data DIR [--out DIR] [--seed N]`.

Takes about ten minutes on one core, and starts from the vectors of an encoder (`--encoder`); the model stands
by itself afterwards. Protocol and figures: `models/weights/sentiment/README.md`.
"""

import argparse
import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.embedding.shipped import load as load_static_encoder
from models.ngrams import BITS, FINE_BITS, Ngrams, hashed_ngrams
from models.sentiment.convolution import Convolution, ConvolutionWeights
from models.sentiment.domains import LEANING_BITS, PRAISE, review_share
from models.sentiment.shipped import ngram_shares
from models.shipped_weights import WEIGHTS, seal_weights
from models.tokens import cut
from models.training.calibration import best_temperature, set_aside
from models.training.convolution import fit_convolution, sentences
from models.training.domains import fit_gate, known_domains, leaning_features
from models.training.gathering import Gathered, all_texts
from models.training.linear import Examples, Features, Fit, fit_linear
from models.training.opinions import OPINION_SETS
from models.training.whole_reviews import CONCERNED, of_reviews, whole_review_leanings

VERSION = "4"
TEXTS_AT_ONCE = 4096

PHRASES_TO_THE_LETTER = np.float32(5)
"""What a phrase of `phrases.txt` counts more in the linear half: to it "not bad" and "not slow" have only a negation in
common, and without this it read both as blame, while the convolution had understood them."""

LARGEST_STEP = 99.99
"""Percentile of the weights that the eight bits span; the few beyond it are cut, so that the rest keep their detail."""


def main() -> None:
    """Read the arguments, train, write the folder of weights."""
    parser = argparse.ArgumentParser(prog="python -m models.training.sentiment", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets (*.jsonl.gz)")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "sentiment", help="folder to write the weights to")
    parser.add_argument("--encoder", default="", help="folder of the encoder to read (default: the shipped one)")
    parser.add_argument("--cache", type=Path, help="folder to keep the teacher's judgement in")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="SET",
        help="a set of which neither texts nor labels are read, to see what the others teach about it; the encoder that"
        " is started from should not have learnt its sentiment either",
    )
    options = parser.parse_args()
    train_sentiment(
        options.data,
        options.out,
        encoder_folder=options.encoder,
        cache_folder=options.cache,
        seed=options.seed,
        leave_out=options.leave_out,
    )


def train_sentiment(
    data: Path,
    out: Path,
    *,
    encoder_folder: str,
    cache_folder: Path | None,
    seed: int,
    leave_out: Collection[str] = (),
) -> None:
    """Train on the sets of `data` and write the weights to `out`; the same seed gives the same weights.

    Raises FileNotFoundError where a set or the encoder is missing, ValueError where a set to leave out is none of those
    read.
    """
    start = time.monotonic()

    def log(text: str) -> None:
        print(f"[{time.monotonic() - start:6.1f} s] {text}", flush=True)

    encoder = load_static_encoder(encoder_folder)
    gathered = all_texts(data, cache_folder=cache_folder, seed=seed, report=log, leave_out=leave_out)
    words = cut(gathered.texts)
    ngrams = _ngrams(gathered, words)
    log(f"{len(ngrams.buckets):,} n-grams")
    gate = fit_gate(gathered, ngrams, known_domains(data, gathered), seed=seed, report=log)
    examples = _examples(gathered, ngrams, leaning_features(ngrams, gate.shares))
    aside = set_aside(gathered)
    seen, unseen = np.flatnonzero(~aside), np.flatnonzero(aside)
    fit = fit_linear(examples, seen, buckets=1 << BITS, leaning_buckets=1 << LEANING_BITS, seed=seed, report=log)
    of_whole = whole_review_leanings(gathered, ngrams, numbers=seen, seed=seed)
    fit = replace(fit, leanings=fit.leanings + of_whole[:, None])
    sequences = sentences(words, encoder)
    found = fit_convolution(
        sequences, gathered.targets, gathered.weights, gate.shares, encoder=encoder, numbers=seen, seed=seed, report=log
    )
    convolution = Convolution(vocabulary=encoder.vocabulary, weights=found)
    # Half and half. What is set aside lies too near to what was learnt by heart to weigh one half against the other.
    by_words = convolution.logits([words[number] for number in unseen], gate.shares[unseen])
    by_review = of_reviews(leave_out)
    as_review = (gate.shares[unseen] * by_review).sum(axis=1) * review_share([words[number] for number in unseen])
    logits = (fit.logits(examples, unseen) + as_review[:, None] * PRAISE + by_words) / np.float32(2)
    # Hotels are surer of themselves than the rest, which would be made unsure for their sake.
    temperature = best_temperature(logits, gathered, aside, without=CONCERNED)
    log(f"temperature {temperature:.3f}")
    out.mkdir(parents=True, exist_ok=True)
    # The convolution's rows are the encoder's words, so that words which no opinion held start from a meaning too.
    shutil.copyfile((Path(encoder_folder) if encoder_folder else WEIGHTS / "encoder") / "words.txt", out / "words.txt")
    config = {"started_from": encoder.name, "seed": seed, "temperature": round(temperature, 4)}
    _write(out, fit, gate.fit, found, by_review=by_review, share=0.5 / temperature, config=config)
    log(f"written to {out}")


def _ngrams(gathered: Gathered, words: Sequence[Sequence[str]]) -> Features:
    ngrams: list[Ngrams] = []
    for start in range(0, len(gathered.texts), TEXTS_AT_ONCE):
        some = words[start : start + TEXTS_AT_ONCE]
        ngrams.append(hashed_ngrams(gathered.texts[start : start + TEXTS_AT_ONCE], some, bits=FINE_BITS))
    lengths = np.concatenate([np.diff(some.offsets) for some in ngrams])
    joined = Ngrams(
        buckets=np.concatenate([some.buckets for some in ngrams]), offsets=np.concatenate([[0], np.cumsum(lengths)])
    )
    return Features(buckets=joined.buckets, shares=ngram_shares(joined), offsets=joined.offsets)


def _examples(gathered: Gathered, ngrams: Features, leanings: Features) -> Examples:
    phrases = gathered.sets == len(OPINION_SETS)
    return Examples(
        ngrams=Features(buckets=ngrams.buckets >> (FINE_BITS - BITS), shares=ngrams.shares, offsets=ngrams.offsets),
        leanings=leanings,
        targets=gathered.targets,
        weights=gathered.weights * np.where(phrases, PHRASES_TO_THE_LETTER, np.float32(1)),
    )


def _write(
    out: Path,
    fit: Fit,
    gate: Fit,
    convolution: ConvolutionWeights,
    *,
    by_review: NDArray[np.float32],
    share: float,
    config: Mapping[str, object],
) -> None:
    from safetensors.numpy import save_file

    size = np.float32(share)
    ngrams, scale = _eight_bits(fit.ngram_weights * size)
    # None is cut: the four hundred largest are of whole hotel reviews, and hold a point of them.
    moved = fit.leanings[:, 0] * size
    leanings, root_scale = _eight_bits(np.sign(moved) * np.sqrt(np.abs(moved)), spanned=100)
    by_domain, gate_scale = _eight_bits(gate.ngram_weights)
    tensors: dict[str, NDArray[Any]] = {
        "ngrams": ngrams,
        "scales": np.repeat(scale, 3),
        "bias": fit.bias * size,
        "leanings": leanings,
        "leaning_scale": root_scale**2,
        "of_reviews": by_review * size,
        "gate": by_domain,
        "gate_scales": np.repeat(gate_scale, by_domain.shape[1]),
        "gate_bias": gate.bias,
        "words": convolution.table,
        "word_scales": convolution.scales,
        "filters": convolution.filters,
        "filter_offsets": convolution.offsets,
        "head": convolution.head * size,
        "head_bias": convolution.bias * size,
        "domain_heads": convolution.domain_heads * size,
        "domain_bias": convolution.domain_bias * size,
    }
    save_file(tensors, out / "weights.safetensors")
    (out / "weights.safetensors").chmod(0o644)
    config = {"name": "xinsheng-sentiment", "version": VERSION, **config}
    seal_weights(out, config, ("weights.safetensors", "words.txt"))


def _eight_bits(
    weights: NDArray[np.float32], *, spanned: float = LARGEST_STEP
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return weights as int8 and what to multiply them by, of shape (1); `spanned` percent of them are not cut."""
    seen = np.abs(weights[weights != 0])
    scale = np.full(1, np.percentile(seen, spanned) / 127, dtype=np.float32)
    return np.clip(np.rint(weights / scale), -127, 127).astype(np.int8), scale


if __name__ == "__main__":
    main()
