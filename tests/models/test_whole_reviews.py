import numpy as np
import pytest
from numpy.typing import NDArray

from models.ngrams import FINE_BITS, hashed_ngrams
from models.sentiment.domains import DOMAINS, LEANING_BITS, leaning_buckets
from models.sentiment.shipped import ngram_shares
from models.tokens import cut
from models.training.gathering import Gathered
from models.training.linear import Features
from models.training.opinions import OPINION_SETS
from models.training.whole_reviews import ALONE, OF_REVIEWS, of_reviews, whole_review_leanings

NAMES = [found.name for found in OPINION_SETS]
HOTELS, FOOD = DOMAINS.index("hotels"), DOMAINS.index("food")
HOTEL_SET, FOOD_SET = NAMES.index("zh_hotel_chnsenticorp"), NAMES.index("zh_waimai_10k")
PRAISE, BLAME = "房间虽小，早餐好吃，还会再来", "房间虽小，隔音很差，不会再来"


def ngrams_of(texts: list[str]) -> Features:
    ngrams = hashed_ngrams(texts, cut(texts), bits=FINE_BITS)
    return Features(buckets=ngrams.buckets, shares=ngram_shares(ngrams), offsets=ngrams.offsets)


def learnt(texts: list[str], labels: list[int], sets: list[int], *, numbers: list[int] | None = None) -> NDArray:
    gathered = Gathered(
        texts=texts,
        targets=np.eye(3, dtype=np.float32)[labels],
        weights=np.ones(len(texts), dtype=np.float32),
        sets=np.array(sets, dtype=np.int64),
    )
    of = np.arange(len(texts)) if numbers is None else np.array(numbers, dtype=np.int64)
    return whole_review_leanings(gathered, ngrams_of(texts), numbers=of, seed=7)


def lean(table: NDArray[np.float32], text: str, domain: int) -> float:
    ngrams = ngrams_of([text])
    return float((table[leaning_buckets(ngrams.buckets, domain)] * ngrams.shares).sum())


def test_what_hotel_reviews_say_is_learnt_for_hotels_and_nothing_else() -> None:
    texts, labels = [PRAISE, BLAME] * 3, [2, 0] * 3
    table = learnt(texts, labels, [HOTEL_SET] * 6)
    assert table.shape == (1 << LEANING_BITS,)
    assert lean(table, "早餐好吃", HOTELS) > 0.5 > -0.5 > lean(table, "隔音很差", HOTELS)
    assert lean(table, "早餐好吃", FOOD) == 0
    assert abs(lean(table, "房间虽小", HOTELS)) < 0.1
    assert not learnt(texts, labels, [FOOD_SET] * 6).any()


def test_only_the_texts_that_may_be_seen_teach_and_no_text_alone() -> None:
    texts, labels = [PRAISE, BLAME, PRAISE, BLAME, "前台冷冷清清", "泳池冷冷清清"], [2, 0, 2, 0, 2, 0]
    table = learnt(texts, labels, [HOTEL_SET] * 6, numbers=[0, 1, 2, 3, 4])
    assert lean(table, "冷冷清清", HOTELS) == 0
    assert not learnt(texts, labels, [HOTEL_SET] * 6, numbers=[0, 2, 4]).any(), "praise alone says nothing"
    assert not learnt(texts, labels, [HOTEL_SET] * 6, numbers=[]).any()


def test_neutral_texts_are_left_out() -> None:
    texts, labels = [PRAISE, BLAME] * 2, [2, 0] * 2
    table = learnt([*texts, "住了两晚", "住了两晚"], [*labels, 1, 1], [HOTEL_SET] * 6)
    assert table == pytest.approx(learnt(texts, labels, [HOTEL_SET] * 4))


def test_reviews_lean_where_it_is_said() -> None:
    assert set(ALONE) <= set(NAMES)
    assert {*ALONE.values()} <= set(DOMAINS)
    assert set(OF_REVIEWS) == set(ALONE.values())
    assert {DOMAINS[number]: float(value) for number, value in enumerate(of_reviews(())) if value} == pytest.approx(
        OF_REVIEWS
    )
    assert not of_reviews(list(ALONE)).any(), "what is left out says nothing of how guests write"
