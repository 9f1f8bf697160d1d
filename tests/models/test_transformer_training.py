from collections.abc import Iterator

import numpy as np
import pytest
import torch
from transformers import BertModel

from models.embedding.shipped import StaticEncoder
from models.pieces import SPECIAL, Pieces
from models.small_transformer import GROUP, WORD_TABLE, empty_body, mean_of_tokens
from models.training.bilingual_start import FEWEST_SEEN, bilingual_start
from models.training.distillation import BATCH, Pairs, distil
from models.training.gathering import Gathered
from models.training.opinions import OPINION_SETS
from models.training.tuning import tune
from models.vocabulary import Vocabulary

ENGLISH = [f"word{letter}" for letter in "abcdefghijkl"]
CHINESE = list("甲乙丙丁戊己庚辛壬癸子丑")
PIECES = [*SPECIAL, *ENGLISH, ".", "never"]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def teacher() -> BertModel:
    torch.manual_seed(1)
    body = empty_body({"tokens": len(PIECES), "width": GROUP, "layers": 1, "heads": 2, "inner": 32})
    torch.nn.init.normal_(body.get_parameter(WORD_TABLE))
    return body.train(mode=False)


def encoder() -> StaticEncoder:
    """Word i of either language has axis i for itself, so translations are nearest to each other."""
    axes = np.eye(len(ENGLISH), dtype=np.int8) * 100
    return StaticEncoder(
        name="small",
        folder="",
        vocabulary=Vocabulary([*ENGLISH, *CHINESE]),
        counts=[2] * len(ENGLISH) + [1] * len(CHINESE),
        table=np.concatenate([axes, axes]),
        scales=np.full(2 * len(ENGLISH), 0.01, dtype=np.float32),
        mean=np.zeros(len(ENGLISH), dtype=np.float32),
    )


def started() -> tuple[BertModel, Pieces]:
    texts = [*ENGLISH, *CHINESE, "never"] * FEWEST_SEEN
    return bilingual_start(teacher(), PIECES, texts, encoder=encoder())


def test_a_chinese_word_starts_where_its_english_neighbours_are() -> None:
    body, pieces = started()
    table = body.get_parameter(WORD_TABLE).detach().numpy()
    rows = {token: table[row] for row, token in enumerate(pieces.tokens)}
    for number, word in enumerate(CHINESE):
        likeness = [float(rows[word] @ rows[other]) for other in ENGLISH]
        assert int(np.argmax(likeness)) == number
    before = teacher().get_parameter(WORD_TABLE).detach().numpy()
    assert np.array_equal(rows["wordb"], before[PIECES.index("wordb")])


def test_what_training_hardly_meets_is_no_token_but_single_signs_are() -> None:
    often = [*ENGLISH[:4], "甲乙"] * FEWEST_SEEN
    _, pieces = bilingual_start(teacher(), PIECES, [*often, ENGLISH[5]], encoder=encoder())
    assert set(pieces.tokens) == {*SPECIAL, *ENGLISH[:4], *CHINESE, "."}


def test_distillation_brings_translations_together() -> None:
    body, pieces = started()
    torch.nn.init.normal_(body.get_parameter(WORD_TABLE), std=0.02)  # the start alone has them together
    random = np.random.default_rng(2)
    drawn = [random.choice(len(ENGLISH), 3, replace=False) for _ in range(60 * BATCH)]
    english = tuple(" ".join(ENGLISH[number] for number in some) for some in drawn)
    pairs = Pairs(english=english, chinese=tuple(" ".join(CHINESE[number] for number in some) for some in drawn))
    rows = [Pieces(PIECES).rows([text])[0] for text in english]
    before = agreement(body, pieces, pairs)
    distil(body, pieces, pairs, teacher=teacher(), teacher_rows=rows, seed=3, report=lambda _: None)
    assert agreement(body, pieces, pairs) > before + 0.2


def agreement(body: BertModel, pieces: Pieces, pairs: Pairs) -> float:
    with torch.no_grad():
        found = torch.nn.functional.normalize(mean_of_tokens(body, pieces.rows(pairs.chinese[:200])), dim=1)
        goal = mean_of_tokens(teacher(), [Pieces(PIECES).rows([text])[0] for text in pairs.english[:200]])
    return float((found * torch.nn.functional.normalize(goal, dim=1)).sum(dim=1).mean())


def gathered() -> Gathered:
    random = np.random.default_rng(5)
    labels = random.integers(0, 3, 60_000)
    drawn = random.integers(3, len(ENGLISH), (len(labels), 2))
    # Both languages, one of three words tells; a tenth has the label of another text.
    words = [ENGLISH if number % 2 else CHINESE for number in range(len(labels))]
    texts = [
        f"{of[other]} {of[label]} {of[last]}." for of, label, (other, last) in zip(words, labels, drawn, strict=True)
    ]
    given = np.where(random.random(len(labels)) < 0.1, random.permutation(labels), labels)
    return Gathered(
        texts=texts,
        targets=np.eye(3, dtype=np.float32)[given],
        weights=np.ones(len(texts), dtype=np.float32),
        sets=np.full(len(texts), len(OPINION_SETS), dtype=np.int64),
    )


def test_tuning_learns_what_words_say_in_both_languages_and_repeats_itself() -> None:
    found = gathered()
    heads = []
    for _ in range(2):
        body, pieces = started()
        heads.append(tune(body, pieces, found, numbers=np.arange(58_000), seed=5, report=lambda _: None))
    assert torch.equal(heads[0].weight, heads[1].weight)
    with torch.no_grad():
        logits = heads[1](mean_of_tokens(body, pieces.rows(found.texts[58_000:])))
    assert (logits.argmax(dim=1).numpy() == found.targets[58_000:].argmax(axis=1)).mean() > 0.6
