import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.small_transformer import (
    GROUP,
    TOKENS_AT_ONCE,
    WORD_TABLE,
    SmallTransformer,
    batches_of_like_length,
    empty_body,
    from_four_bits,
    read_body,
)
from models.training.export import stored_body, to_four_bits

SIZES = {"tokens": 50, "width": 2 * GROUP, "layers": 2, "heads": 2, "inner": GROUP}
TEXTS = [[2, 7, 8, 3], [2, 3], [2, *range(4, 40), 3], [2, 8, 7, 3]]


def body() -> SmallTransformer:
    torch.manual_seed(4)
    return SmallTransformer(empty_body(SIZES))


@given(arrays(np.float32, (3, 2 * GROUP), elements=st.floats(-8, 8, width=32)))
@settings(deadline=None)
def test_four_bits_keep_every_number_within_half_a_step(table: np.ndarray) -> None:
    packed, scales = to_four_bits(table)
    assert packed.nbytes * 2 == table.size
    step = np.repeat(scales.astype(np.float32), GROUP, axis=1)
    assert (np.abs(from_four_bits(packed, scales) - table) <= 0.51 * step + 1e-3).all()


def test_what_is_stored_gives_nearly_the_same_vectors() -> None:
    torch.manual_seed(4)
    whole = empty_body(SIZES)
    stored = stored_body({name: weights.detach().numpy() for name, weights in whole.state_dict().items()})
    assert stored[WORD_TABLE].nbytes == 50 * GROUP
    small = sum(tensor.nbytes for tensor in stored.values())
    assert small < sum(tensor.nbytes for tensor in whole.state_dict().values()) / 2
    before, after = SmallTransformer(whole).means(TEXTS), read_body(stored, SIZES).means(TEXTS)
    likeness = (before * after).sum(1) / np.linalg.norm(before, axis=1) / np.linalg.norm(after, axis=1)
    assert likeness.min() > 0.98


def test_a_vector_is_the_mean_of_a_texts_own_tokens_whatever_stands_beside_it() -> None:
    found = body().means(TEXTS)
    assert found.shape == (4, SIZES["width"])
    alone = np.concatenate([body().means([text]) for text in TEXTS])
    assert found == pytest.approx(alone, abs=1e-5)
    torch.manual_seed(4)
    plain = empty_body(SIZES).train(mode=False)
    by_hand = plain(input_ids=torch.tensor([TEXTS[0]])).last_hidden_state[0].mean(dim=0)
    assert found[0] == pytest.approx(by_hand.detach().numpy(), abs=1e-5)


def test_the_order_of_tokens_matters() -> None:
    found = body().means(TEXTS)
    assert np.abs(found[0] - found[3]).max() > 1e-3


def test_no_text_no_vector() -> None:
    assert body().means([]).shape == (0, SIZES["width"])


@given(st.lists(st.integers(2, 160), max_size=80))
def test_batches_hold_every_text_once_and_no_more_than_fits(lengths: list[int]) -> None:
    batches = batches_of_like_length(lengths)
    assert sorted(number for batch in batches for number in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[number] for number in batch) <= TOKENS_AT_ONCE for batch in batches)
