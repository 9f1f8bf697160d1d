import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.mapped import map_tensors
from models.ngrams import FINE_BITS, hashed_ngrams
from models.sentiment.domains import (
    CLAUSE,
    DOMAINS,
    GATE_BITS,
    LEANING_BITS,
    LEAST_SHARE,
    REVIEW,
    DomainWeights,
    domain_shares,
    leaning,
    leaning_buckets,
    review_share,
    shares_of,
)
from models.sentiment.shipped import load, ngram_shares
from models.shipped_weights import WEIGHTS
from models.tokens import cut

HOTELS, CARS = DOMAINS.index("hotels"), DOMAINS.index("cars")


def shipped_shares(texts: list[str]) -> NDArray[np.float32]:
    tensors = map_tensors(WEIGHTS / "sentiment" / "weights.safetensors")
    names = ("gate", "gate_scales", "gate_bias", "leanings", "leaning_scale", "of_reviews")
    ngrams = hashed_ngrams(texts, cut(texts), bits=FINE_BITS)
    distinct, columns = np.unique(ngrams.buckets, return_inverse=True)
    matrix = csr_matrix((ngram_shares(ngrams), columns, ngrams.offsets), shape=(len(texts), len(distinct)))
    return domain_shares(matrix, distinct, DomainWeights(**{name: tensors[name] for name in names}))


@given(st.lists(st.floats(-30, 30), min_size=1 + len(DOMAINS), max_size=1 + len(DOMAINS)))
def test_shares_are_of_a_whole_and_small_ones_are_none(logits: list[float]) -> None:
    shares = shares_of(np.array([logits], dtype=np.float32))
    assert shares.shape == (1, len(DOMAINS))
    assert ((shares == 0) | (shares >= LEAST_SHARE)).all()
    assert shares.sum() <= 1 + 1e-5


@given(st.integers(0, (1 << FINE_BITS) - 1))
@settings(max_examples=30)
def test_an_ngram_leans_by_itself_in_every_domain(bucket: int) -> None:
    places = [int(leaning_buckets(np.array([bucket], dtype=np.int32), number)[0]) for number in range(len(DOMAINS))]
    assert len(set(places)) == len(DOMAINS)
    assert all(0 <= place < 1 << LEANING_BITS for place in places)


def test_a_leaning_counts_as_much_as_the_text_is_of_the_domain() -> None:
    buckets = np.array([7], dtype=np.int32)
    leanings = np.zeros(1 << LEANING_BITS, dtype=np.int8)
    leanings[leaning_buckets(buckets, HOTELS)] = -10
    leanings[leaning_buckets(buckets, CARS)] = 5
    weights = DomainWeights(
        gate=np.zeros((1 << GATE_BITS, 1 + len(DOMAINS)), dtype=np.int8),
        gate_scales=np.ones(1 + len(DOMAINS), dtype=np.float32),
        gate_bias=np.zeros(1 + len(DOMAINS), dtype=np.float32),
        leanings=leanings,
        leaning_scale=np.array([0.01], dtype=np.float32),
        of_reviews=np.zeros(len(DOMAINS), dtype=np.float32),
    )
    shares = np.zeros((4, len(DOMAINS)), dtype=np.float32)
    shares[1, HOTELS], shares[2, CARS], shares[3, [HOTELS, CARS]] = 1, 1, 0.5
    matrix = csr_matrix(np.full((4, 1), 2, dtype=np.float32))
    assert leaning(matrix, buckets, shares, weights) == pytest.approx([0, -2, 0.5, -0.75])


def test_a_clause_is_no_review_and_a_long_text_is_one() -> None:
    shares = review_share([["好"] * length for length in (0, CLAUSE, (CLAUSE + REVIEW) // 2, REVIEW, 10 * REVIEW)])
    assert shares == pytest.approx([0, 0, 0.5, 1, 1])
    assert review_share([]).shape == (0,)


COMPLAINTS = ("房间隔音很差", "床单上有污渍", "前台态度冷淡", "地毯很旧", "退房等了半个小时", "towels were dirty")
REVIEWED = (
    "地方有点难找，房间不算大，电视的频道也少，不过床很舒服，早餐热热乎乎，前台小姑娘一路帮我们提行李，"
    "阳台正对着湖，下回带父母来还是住这里"
)


def test_guests_may_list_what_was_wrong_with_a_room_they_praise_and_a_complaint_stays_one() -> None:
    model = load("")
    assert (model.predict(COMPLAINTS).argmax(axis=1) == 0).all()
    tensors = map_tensors(WEIGHTS / "sentiment" / "weights.safetensors")
    assert [number for number, lean in enumerate(tensors["of_reviews"]) if lean] == [HOTELS]
    assert shipped_shares([REVIEWED])[0, HOTELS] > 0.5
    assert model.predict([REVIEWED]).argmax() == 2


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("前台办理入住很慢，房间隔音差，早餐还可以", "hotels"),
        ("the hotel room was clean but breakfast was poor", "hotels"),
        ("送餐员迟到，米饭都凉了，菜也洒了", "food"),
        ("the waiter forgot our soup and the pasta was cold", "food"),
        ("油耗有点高，底盘很稳，方向盘轻", "cars"),
        ("键盘手感不错，散热一般，屏幕有漏光", "devices"),
        ("裙子的布料很薄，洗了一次就缩水", "goods"),
        ("the plot is thin and the actors seem bored by their own film", "films and books"),
    ],
)
def test_feedback_is_told_by_its_words(text: str, domain: str) -> None:
    shares = shipped_shares([text])[0]
    assert DOMAINS[int(shares.argmax())] == domain
    assert shares.max() > 0.5


@pytest.mark.parametrize(
    "text", ["你昨晚去哪儿了，我找了你半天", "where were you last night, I called you twice", "see you tomorrow then"]
)
def test_talk_is_of_no_domain(text: str) -> None:
    assert shipped_shares([text]).sum() < 0.5
