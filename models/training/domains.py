"""Which domain a text of training is from, the gate that tells it by the words, and what leanings are learnt from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ngrams import FINE_BITS
from models.sentiment.domains import DOMAINS, GATE_BITS, leaning_buckets, shares_of
from models.training.gathering import Gathered
from models.training.linear import Examples, Features, Fit, fit_linear
from models.training.opinions import OPINION_SETS
from models.training.reading import HELD_OUT_PERCENT, held_out, read_rows

SETS: Mapping[str, str] = {
    "zh_waimai_10k": "food",
    "zh_meituan_reviews": "food",
    "zh_absa_dianping_triplets": "food",
    "en_absa_rest1516_quads": "food",
    "en_mams_aspect_terms": "food",
    "zh_cosmetics_aspects": "goods",
    "zh_hotel_chnsenticorp": "hotels",
    "en_hotel_review_titles": "hotels",
    "zh_jd_laptop_sentiment": "devices",
    "en_absa_laptop14_quads": "devices",
    "en_amazon_alexa": "devices",
    "en_app_store_reviews": "devices",
    "zh_car_topics_sentiment": "cars",
    "en_sst2_phrases": "films and books",
}
"""Sets of one domain. What is neither here nor in `CATEGORIES` belongs to none: talk, questions, posts."""

CATEGORIES: Mapping[str, Mapping[str, str]] = {
    "zh_online_shopping_10cats": {
        "平板": "devices",
        "手机": "devices",
        "计算机": "devices",
        "酒店": "hotels",
        "书籍": "films and books",
        "水果": "goods",
        "洗发水": "goods",
        "蒙牛": "goods",
        "衣服": "goods",
        "热水器": "goods",
    },
    "zh_absa_products": {"手机": "devices", "相机": "devices", "笔记本": "devices", "汽车": "cars", "洗护": "goods"},
    "en_uci_sentences": {"phone": "devices", "movie": "films and books", "restaurant": "food"},
}
"""Sets whose rows say the domain in `category`; of other rows, and of pieces of rows, it is not known."""

UNKNOWN_IN = frozenset({"zh_chnsenticorp"})
"""Hotels, books and laptops, and the rows do not say which."""

PHRASES, JUDGED = "phrases.txt", "judged by the teacher"
"""What stands behind the sets: written phrases are of every domain, judged sentences of talk are of none."""

GATE_EPOCHS = 2

HALF = HELD_OUT_PERCENT + (100 - HELD_OUT_PERCENT) // 2
"""Percent by which the texts of training fall into two halves, copies and near copies into the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The gate fitted, and the shares of every text of training by a gate that did not see it, (texts, domains)."""

    fit: Fit
    shares: NDArray[np.float32]


def known_domains(data: Path, gathered: Gathered) -> NDArray[np.int64]:
    """Return for each text 0 for none of the domains, 1 + its place in `DOMAINS`, or -1 where it is not known."""
    said: dict[tuple[str, str], str] = {}
    for name in CATEGORIES:
        said |= {(name, row["text"]): row["category"] for row in read_rows(data, name)}
    names = [*(found.name for found in OPINION_SETS), PHRASES, JUDGED]
    found = np.zeros(len(gathered.texts), dtype=np.int64)
    for number, (text, of_set) in enumerate(zip(gathered.texts, gathered.sets, strict=True)):
        name = names[of_set]
        if name in SETS:
            found[number] = 1 + DOMAINS.index(SETS[name])
        elif name in CATEGORIES:
            domain = CATEGORIES[name].get(said.get((name, text), ""))
            found[number] = -1 if domain is None else 1 + DOMAINS.index(domain)
        elif name in UNKNOWN_IN or name == PHRASES:
            found[number] = -1
    return found


def fit_gate(
    gathered: Gathered, ngrams: Features, domains: NDArray[np.int64], *, seed: int, report: Callable[[str], None]
) -> Gate:
    """Return the gate fitted to the texts whose domain is known, and honest shares for all texts.

    Those come from two gates, each fitted to one half and asked about the other: a gate is too sure of texts that it
    knows by heart, and leanings learnt from that would be of no use on others.
    """
    examples = Examples(
        ngrams=Features(
            buckets=ngrams.buckets >> (FINE_BITS - GATE_BITS), shares=ngrams.shares, offsets=ngrams.offsets
        ),
        targets=np.eye(1 + len(DOMAINS), dtype=np.float32)[np.maximum(domains, 0)],
        # Rarer kinds of text weigh more, as in the fit of sentiment, but not as much as there.
        weights=np.sqrt(gathered.weights),
    )
    first_half = np.array([held_out(text, percent=HALF) for text in gathered.texts])
    shares = np.zeros((len(gathered.texts), len(DOMAINS)), dtype=np.float32)
    for half in (first_half, ~first_half):
        fit = _fit(examples, np.flatnonzero((domains >= 0) & ~half), seed=seed)
        shares[half] = shares_of(fit.logits(examples, np.flatnonzero(half)))
    known = domains >= 0
    told = np.where(shares.max(axis=1) > 0.5, 1 + shares.argmax(axis=1), 0)
    report(f"gate: {100 * (told == domains)[known].mean():.1f} % of {known.sum():,} texts right, by a gate unseen")
    return Gate(fit=_fit(examples, np.flatnonzero(known), seed=seed), shares=shares)


def _fit(examples: Examples, numbers: NDArray[np.int64], *, seed: int) -> Fit:
    return fit_linear(examples, numbers, buckets=1 << GATE_BITS, epochs=GATE_EPOCHS, seed=seed, report=lambda _: None)


def leaning_features(ngrams: Features, shares: NDArray[np.float32]) -> Features:
    """Return each text's n-grams once for each domain that it belongs to, counting as much as it does."""
    lengths = np.diff(ngrams.offsets)
    owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    buckets, counts, of_texts = [], [], []
    for number in range(shares.shape[1]):
        inside = shares[:, number] > 0
        kept = inside[owners]
        buckets.append(leaning_buckets(ngrams.buckets[kept], number))
        counts.append(ngrams.shares[kept] * np.repeat(shares[inside, number], lengths[inside]))
        of_texts.append(owners[kept])
    owner = np.concatenate(of_texts)
    order = np.argsort(owner, kind="stable")
    return Features(
        buckets=np.concatenate(buckets)[order],
        shares=np.concatenate(counts)[order],
        offsets=np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(lengths)))]),
    )
