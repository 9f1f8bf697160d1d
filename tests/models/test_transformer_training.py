from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

from models.description import describe
from models.embedding.shipped import StaticEncoder
from models.pieces import SPECIAL, Pieces
from models.sentiment import load_sentiment
from models.sentiment.accurate import together
from models.sentiment.shipped import softmax
from models.small_transformer import GROUP, WORD_TABLE, empty_body, mean_of_tokens
from models.training.bilingual_start import FEWEST_SEEN, bilingual_start
from models.training.calibration import CALIBRATION_PERCENT, best_temperature, set_aside
from models.training.distillation import BATCH, Pairs, distil
from models.training.gathering import Gathered
from models.training.opinions import OPINION_SETS
from models.training.transformer import write_accurate
from models.training.tuning import MOST, _chosen, tune
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
    body = empty_body({"tokens": len(PIECES), "width": GROUP, "layers": 1, "heads": 2, "inner": GROUP})
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


def test_a_set_that_is_many_is_cut_and_no_text_comes_in_that_may_not_be_seen() -> None:
    judged = len(OPINION_SETS) + 1
    many = MOST["judged"] + 500
    found = Gathered(
        texts=["a"] * (many + 300),
        targets=np.zeros((many + 300, 3), dtype=np.float32),
        weights=np.ones(many + 300, dtype=np.float32),
        sets=np.array([judged] * many + [judged - 1] * 300, dtype=np.int64),
    )
    chosen = _chosen(found, np.arange(10, many + 200), np.random.default_rng(1))
    assert ((chosen >= 10) & (chosen < many + 200)).all()
    assert np.bincount(found.sets[chosen])[judged - 1 :].tolist() == [200, MOST["judged"]]


def test_the_temperature_that_logits_were_sharpened_by_is_found() -> None:
    random = np.random.default_rng(8)
    count = 40_000
    logits = random.normal(size=(count, 3)).astype(np.float32)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (random.random((count, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    whole = next(n for n, one in enumerate(OPINION_SETS) if one.name == "zh_waimai_10k")
    found = Gathered(
        texts=[str(number) for number in range(count)],
        targets=np.eye(3, dtype=np.float32)[labels],
        weights=np.ones(count, dtype=np.float32),
        sets=np.full(count, whole, dtype=np.int64),
    )
    aside = set_aside(found)
    assert aside.mean() == pytest.approx(CALIBRATION_PERCENT / 100, abs=0.01)
    everything = np.ones(count, dtype=np.bool_)
    assert best_temperature(2 * logits, found, everything) == pytest.approx(2, abs=0.1)


def test_what_is_written_is_loaded_again(tmp_path: Path) -> None:
    body, pieces = started()
    torch.manual_seed(9)
    head = torch.nn.Linear(GROUP, 3)
    sizes = {"width": GROUP, "layers": 1, "heads": 2, "inner": GROUP}
    config = {**sizes, "beside": load_sentiment("shipped").name, "temperature": 2.0}
    write_accurate(tmp_path, body, head, pieces=pieces, config=config)
    texts = ["甲乙。", "worda never", ""]
    with torch.no_grad():
        logits = head(mean_of_tokens(body.train(mode=False), pieces.rows(texts))).numpy()
    whole = softmax(together(logits, load_sentiment("shipped").predict(texts), share=0.5))
    assert load_sentiment(f"accurate:{tmp_path}").predict(texts) == pytest.approx(whole, abs=0.1)
    assert describe(f"accurate:{tmp_path}", "sentiment").problem is None
