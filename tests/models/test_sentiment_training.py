from collections.abc import Iterator

import numpy as np
import pytest
import torch

from models.embedding.shipped import StaticEncoder
from models.sentiment.convolution import Convolution
from models.training.convolution import AXES, fit_convolution, sentences
from models.training.gathering import ENGLISH_JUDGED, Gathered, with_judged
from models.training.opinion_teacher import Judged
from models.vocabulary import Vocabulary

WORDS = ("not", "good", "bad", "the", "food", "room")


def small_encoder() -> StaticEncoder:
    random = np.random.default_rng(2)
    return StaticEncoder(
        name="small",
        folder="",
        vocabulary=Vocabulary(WORDS),
        counts=[1] * len(WORDS),
        table=random.integers(-127, 128, (len(WORDS), 2 * AXES)).astype(np.int8),
        scales=np.full(len(WORDS), 0.01, dtype=np.float32),
        mean=np.zeros(2 * AXES, dtype=np.float32),
    )


@pytest.fixture
def one_thread() -> Iterator[None]:
    # On several threads sums may differ in their last places, for another part of the process may change their number.
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_the_convolution_learns_the_order_of_words_and_repeats_itself() -> None:
    # The same words in both kinds: only their order tells a negated merit from a negated fault.
    random = np.random.default_rng(3)
    labels = random.integers(0, 2, 6_000)
    thing = np.array(["food", "room", "the"])[random.integers(0, 3, len(labels))]
    texts = [
        ["not", "good", word, "bad"] if label else ["not", "bad", word, "good"]
        for label, word in zip(labels, thing, strict=True)
    ]
    encoder = small_encoder()
    targets = np.eye(3, dtype=np.float32)[labels * 2]
    first, second = (
        fit_convolution(
            sentences(texts, encoder),
            targets,
            np.ones(len(texts), dtype=np.float32),
            np.zeros((len(texts), 1), dtype=np.float32),
            encoder=encoder,
            numbers=np.arange(len(texts)),
            seed=5,
            report=lambda _: None,
        )
        for _ in range(2)
    )
    logits = Convolution(vocabulary=encoder.vocabulary, weights=first).logits(
        texts[:300], np.zeros((300, 1), dtype=np.float32)
    )
    assert (logits.argmax(axis=1) == labels[:300] * 2).mean() > 0.95
    assert np.array_equal(first.table, second.table)
    assert np.array_equal(first.head, second.head)


@pytest.mark.usefixtures("one_thread")
def test_the_convolution_learns_what_a_word_says_in_two_domains() -> None:
    random = np.random.default_rng(6)
    domains = random.integers(0, 2, 6_000)
    texts = [["the", "room"], ["good", "food"], ["bad", "food"]]
    which = random.integers(0, 3, len(domains))
    labels = np.select([which == 1, which == 2], [2, 0], domains * 2)
    encoder = small_encoder()
    found = fit_convolution(
        sentences([texts[number] for number in which], encoder),
        np.eye(3, dtype=np.float32)[labels],
        np.ones(len(domains), dtype=np.float32),
        np.eye(2, dtype=np.float32)[domains],
        encoder=encoder,
        numbers=np.arange(len(domains)),
        seed=5,
        report=lambda _: None,
    )
    convolution = Convolution(vocabulary=encoder.vocabulary, weights=found)
    for domain in (0, 1):
        shares = np.eye(2, dtype=np.float32)[[domain] * 3]
        assert convolution.logits(texts, shares).argmax(axis=1).tolist() == [domain * 2, 2, 0]


def test_words_nobody_knows_are_sequences_too() -> None:
    found = sentences([["good", "zzz"], [], ["good"]], small_encoder())
    assert found.offsets.tolist() == [0, 2, 2, 3]
    assert found.words.tolist() == [0, 1, 0]
    assert found.pieces.tolist() == [0, 1, 1]


def test_what_a_teacher_judged_counts_less_and_in_both_languages() -> None:
    gathered = Gathered(
        texts=["good"],
        targets=np.array([[0, 0, 1]], dtype=np.float32),
        weights=np.ones(1, dtype=np.float32),
        sets=np.zeros(1, dtype=np.int64),
    )
    judged = Judged(english=("fine",), chinese=("还行",), probabilities=np.array([[0.1, 0.6, 0.3]], dtype=np.float32))
    together = with_judged(gathered, judged)
    assert together.texts == ["good", "fine", "还行"]
    assert np.array_equal(together.targets[1], together.targets[2])
    assert np.isclose(together.weights[1] / together.weights[0], ENGLISH_JUDGED)
    assert np.isclose(together.weights.mean(), 1)
