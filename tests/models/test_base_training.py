from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

from models.embedding import load_encoder
from models.embedding.shipped import load as load_static
from models.pieces import SPECIAL, Pieces
from models.shipped_weights import WEIGHTS, open_weights
from models.small_transformer import (
    GROUP,
    LAYERS,
    WORD_TABLE,
    SmallTransformer,
    empty_body,
    from_four_bits,
    in_four_bits,
)
from models.training.base_encoder import write_base
from models.training.distillation import half_precise_means, unit_means
from models.training.export import to_four_bits
from models.training.fitting import BATCH, as_stored, fit_layers

WORDS = [f"word{letter}" for letter in "abcdefghijkl"]
PIECES = Pieces([*SPECIAL, *WORDS])
SIZES = {"tokens": len(PIECES), "width": GROUP, "layers": 1, "heads": 2, "inner": GROUP}


def goal() -> BertModel:
    torch.manual_seed(3)
    body = empty_body(SIZES)
    for name, weights in body.named_parameters():
        if weights.ndim == 2 and (name == WORD_TABLE or name.startswith(LAYERS)):
            torch.nn.init.normal_(weights, std=0.3)
    return body.train(mode=False)


def texts(count: int) -> list[str]:
    random = np.random.default_rng(6)
    return [" ".join(WORDS[number] for number in random.integers(0, len(WORDS), 4)) for _ in range(count)]


def test_what_learning_computes_with_is_what_is_stored() -> None:
    torch.manual_seed(1)
    weights = torch.randn(7, 3 * GROUP)
    stored = from_four_bits(*to_four_bits(weights.numpy()))
    assert as_stored(weights).numpy() == pytest.approx(stored, abs=1e-6)
    assert from_four_bits(*to_four_bits(stored)) == pytest.approx(stored, abs=1e-3)


def test_layers_learn_to_work_with_another_table_at_four_bits_and_repeat_themselves() -> None:
    wanted = goal()
    random = np.random.default_rng(2)
    table = wanted.get_parameter(WORD_TABLE).detach().numpy().copy()
    other = (table + random.normal(0, 0.15, table.shape)).astype(np.float32)
    said = texts(80 * BATCH)

    def fitted(some: list[str]) -> BertModel:
        return fit_layers(
            wanted, PIECES, table=other, pieces=PIECES, texts=some, head=None, seed=5, report=lambda _: None
        )

    untaught, taught, again = fitted(said[: BATCH - 1]), fitted(said), fitted(said)
    for name, weights in taught.named_parameters():
        assert torch.equal(weights, again.get_parameter(name))
        if in_four_bits(name, weights.ndim) and name != WORD_TABLE:
            assert weights.detach().numpy() == pytest.approx(as_stored(weights.detach()).numpy(), abs=1e-3)
    assert np.array_equal(taught.get_parameter(WORD_TABLE).detach().numpy(), other)
    assert agreement(taught, wanted) > agreement(untaught, wanted) + 0.02


def test_what_a_head_reads_is_learnt_too() -> None:
    wanted = goal()
    table = wanted.get_parameter(WORD_TABLE).detach().numpy()
    torch.manual_seed(4)
    head = torch.nn.Linear(GROUP, 3)
    with torch.no_grad():
        head.weight *= 10
    before = head.weight.detach().clone()
    rows = PIECES.rows(texts(300))

    def missed(read: torch.nn.Linear | None) -> float:
        body = fit_layers(
            wanted,
            PIECES,
            table=table,
            pieces=PIECES,
            texts=texts(60 * BATCH),
            head=read,
            seed=5,
            report=lambda _: None,
        )
        with torch.no_grad():
            means = [half_precise_means(one, rows) for one in (body, wanted)]
            return float((head(means[0].float()) - head(means[1].float())).square().mean())

    assert missed(head) < 0.9 * missed(None)
    assert torch.equal(head.weight, before)


def agreement(body: BertModel, wanted: BertModel) -> float:
    rows = PIECES.rows(texts(300))
    with torch.no_grad():
        return float((unit_means(body, rows) * unit_means(wanted, rows)).sum(dim=1).mean())


def test_what_is_written_is_loaded_again_over_the_accurate_models_words(tmp_path: Path) -> None:
    accurate = open_weights(WEIGHTS / "accurate")
    torch.manual_seed(8)
    body = empty_body(accurate.config)
    static = load_static("")
    write_base(tmp_path, body, encoder=static, table_of=accurate.name, seed=1)
    encoder = load_encoder(f"base:{tmp_path}")
    loaded = encoder.encode(["物流太慢", "refund"])[:, static.dim :] * np.sqrt(2)
    # The words of the shipped model, not those of the body that was written.
    shipped = load_encoder("base").encode(["物流太慢", "refund"])
    assert loaded.shape[1] == SmallTransformer(body).width
    assert np.linalg.norm(loaded, axis=1) == pytest.approx(1, abs=1e-4)
    assert np.abs(loaded - shipped[:, static.dim :] * np.sqrt(2)).max() > 0.01
    assert (tmp_path / "layers.safetensors").stat().st_size < 7e6
    # Beside another table the same layers give other vectors: the name says so.
    write_base(tmp_path / "other", body, encoder=static, table_of="another-1+00000000", seed=1)
    assert open_weights(tmp_path / "other").name != encoder.name
