import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.ngrams import FINE_BITS, hashed_ngrams
from models.sentiment.domains import DOMAINS, GATE_BITS, leaning_buckets, shares_of
from models.sentiment.shipped import ngram_shares
from models.tokens import cut
from models.training.domains import CATEGORIES, SETS, Gate, fit_gate, known_domains, leaning_features
from models.training.gathering import HOTELS, SAME_HOTELS, Gathered, doubted_hotels, gather
from models.training.linear import Examples, Features
from models.training.opinions import OPINION_SETS
from models.training.reading import held_out

NAMES = [found.name for found in OPINION_SETS]
FOOD, CARS = DOMAINS.index("food"), DOMAINS.index("cars")


def write_rows(folder: Path, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def gathered(texts: list[str], sets: list[int]) -> Gathered:
    return Gathered(
        texts=texts,
        targets=np.eye(3, dtype=np.float32)[[0] * len(texts)],
        weights=np.ones(len(texts), dtype=np.float32),
        sets=np.array(sets, dtype=np.int64),
    )


def features(texts: list[str]) -> Features:
    ngrams = hashed_ngrams(texts, cut(texts), bits=FINE_BITS)
    return Features(buckets=ngrams.buckets, shares=ngram_shares(ngrams), offsets=ngrams.offsets)


def test_every_domain_is_learnt_from_sets_that_exist() -> None:
    assert {*SETS, *CATEGORIES} <= set(NAMES)
    said = {*SETS.values(), *(domain for found in CATEGORIES.values() for domain in found.values())}
    assert said == set(DOMAINS)


def test_a_row_says_its_domain_by_set_or_category(tmp_path: Path) -> None:
    write_rows(tmp_path, "zh_online_shopping_10cats", [{"text": "轻", "category": "平板"}])
    write_rows(
        tmp_path, "zh_absa_products", [{"text": "省油", "category": "汽车"}, {"text": "老师好", "category": "课程"}]
    )
    write_rows(tmp_path, "en_uci_sentences", [])
    texts = ["轻", "省油", "老师好", "一条没有的", "早餐凉了", "想你", "书不错", "短语", "教师"]
    of = [NAMES.index(name) for name in ("zh_online_shopping_10cats", *["zh_absa_products"] * 3)]
    others = ["zh_waimai_10k", "zhen_dialogue_sentiment", "zh_chnsenticorp"]
    of += [*(NAMES.index(name) for name in others), len(NAMES), len(NAMES) + 1]
    found = known_domains(tmp_path, gathered(texts, of))
    devices = DOMAINS.index("devices")
    assert found.tolist() == [1 + devices, 1 + CARS, -1, -1, 1 + FOOD, 0, -1, -1, 0]


def test_shares_are_those_of_a_gate_that_did_not_see_the_text() -> None:
    # Two words tell the domain of the first texts; nothing tells that of the last, but a gate that knows them by heart.
    random = np.random.default_rng(1)
    domains = random.integers(0, 2, 6_000)
    texts = [f"{('soup', 'engine')[domain]} n{number}" for number, domain in enumerate(domains[:5_000])]
    texts += [f"q{number}z" for number in range(1_000)]
    known = 1 + np.where(domains == 0, FOOD, CARS)
    ngrams = features(texts)
    gate = fit_gate(gathered(texts, [0] * len(texts)), ngrams, known, seed=3, report=lambda _: None)
    assert np.array_equal(gate.shares[:5_000].argmax(axis=1), known[:5_000] - 1)
    told, by_heart = (
        shares[5_000:][domains[5_000:] == 0].mean(axis=0)[FOOD]
        - shares[5_000:][domains[5_000:] == 1].mean(axis=0)[FOOD]
        for shares in (gate.shares, shares_by_heart(gate, texts))
    )
    assert abs(told) < by_heart / 4
    assert gate.fit.ngram_weights.shape[1] == 1 + len(DOMAINS)


def shares_by_heart(gate: Gate, texts: list[str]) -> NDArray[np.float32]:
    ngrams = features(texts)
    at_gate = Features(buckets=ngrams.buckets >> (FINE_BITS - GATE_BITS), shares=ngrams.shares, offsets=ngrams.offsets)
    targets = np.zeros((len(texts), 1 + len(DOMAINS)), dtype=np.float32)
    examples = Examples(ngrams=at_gate, targets=targets, weights=np.ones(len(texts), dtype=np.float32))
    return shares_of(gate.fit.logits(examples, np.arange(len(texts))))


def test_leanings_stand_once_for_each_domain_of_a_text() -> None:
    ngrams = Features(
        buckets=np.array([5, 9, 5], dtype=np.int32),
        shares=np.array([0.5, 0.5, 1], dtype=np.float32),
        offsets=np.array([0, 2, 2, 3]),
    )
    shares = np.zeros((3, len(DOMAINS)), dtype=np.float32)
    shares[0, FOOD], shares[2, FOOD], shares[2, CARS] = 0.8, 0.25, 0.5
    found = leaning_features(ngrams, shares)
    assert found.offsets.tolist() == [0, 2, 2, 4]
    assert np.allclose(found.shares, [0.4, 0.4, 0.25, 0.5])
    in_food, in_cars = (leaning_buckets(ngrams.buckets, domain).tolist() for domain in (FOOD, CARS))
    assert found.buckets.tolist() == [*in_food[:2], in_food[2], in_cars[2]]


def test_hotel_reviews_that_the_other_set_leaves_out_are_doubted(tmp_path: Path) -> None:
    write_rows(tmp_path, HOTELS, [{"text": "房间很大。"}, {"text": "到处漏水，推荐！"}])
    write_rows(tmp_path, SAME_HOTELS, [{"text": "房间很大"}, {"text": "苹果很甜"}])
    assert doubted_hotels(tmp_path) == {"到处漏水推荐"}


def test_of_a_set_left_out_nothing_is_read_nor_what_another_set_has_of_it(tmp_path: Path) -> None:
    said = {}
    for name in NAMES:
        said[name] = next(text for text in (f"{name} {number} is good" for number in range(99)) if not held_out(text))
    for name, text in said.items():
        texts = [text, f"{said['zh_waimai_10k']}!"] if name == "zh_meituan_reviews" else [text]
        row = {"sentiment": "positive", "source": "ui-", "aspects": [{"sentiment": "positive", "category": "a"}]}
        write_rows(tmp_path, name, [{**row, "text": one, "zh": one, "en": one} for one in texts])
    said.pop(HOTELS)  # doubted, for the shopping set has it not
    everything = gather(tmp_path, seed=1)
    assert {f"{said['zh_waimai_10k']}!", *said.values()} <= set(everything.texts)
    rest = gather(tmp_path, seed=1, leave_out=["zh_waimai_10k"])
    assert set(everything.texts) - set(rest.texts) == {said["zh_waimai_10k"], f"{said['zh_waimai_10k']}!"}
    assert NAMES.index("zh_waimai_10k") not in rest.sets
    with pytest.raises(ValueError, match="there is no set zh_nothing to leave out"):
        gather(tmp_path, seed=1, leave_out=["zh_nothing"])
