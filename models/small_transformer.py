"""The body of the shipped transformers: six layers of BERT over words and word pieces, stored in four bits a number.

Run by the transformers library on single precision, so that a text gets the same vector on every processor but for its
last digits. Trained by `python -m models.training.transformer`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.pieces import MOST_TOKENS

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertModel

WORD_TABLE = "embeddings.word_embeddings.weight"
POSITION_TABLE = "embeddings.position_embeddings.weight"
LAYERS = "encoder.layer."
"""How the names of the layers' weights begin."""

GROUP = 64
"""Numbers of a row that share one scale. Groups of 32, or eight bits in place of four for the layers, take megabytes
and bring no figure of the model card anything."""

TOKENS_AT_ONCE = 4096
"""Of a batch, padding counted: more of them are no faster on two cores, and a long text still fits."""


class SmallTransformer:
    """The body and, per text, the mean of its last layer over the text's tokens."""

    def __init__(self, body: "BertModel") -> None:
        self._body = body.train(mode=False)
        self.width = int(body.config.hidden_size)

    def means(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return one row per text given as rows of tokens, float32 of shape (len(texts), width).

        Texts of like length are read together; a row does not depend on the others but for its last digits.
        """
        import torch

        found = np.zeros((len(texts), self.width), dtype=np.float32)
        with torch.inference_mode():
            for some in batches_of_like_length([len(text) for text in texts]):
                found[some] = mean_of_tokens(self._body, [texts[number] for number in some]).numpy()
        return found


def mean_of_tokens(body: "BertModel", texts: Sequence[Sequence[int]]) -> "Tensor":
    """Return the mean of the last layer over each text's tokens, of shape (len(texts), width); padding is left out."""
    import torch

    longest = max(len(text) for text in texts)
    rows = torch.zeros((len(texts), longest), dtype=torch.long)
    mask = torch.zeros((len(texts), longest), dtype=torch.long)
    for number, text in enumerate(texts):
        rows[number, : len(text)] = torch.tensor(text, dtype=torch.long)
        mask[number, : len(text)] = 1
    words = body(input_ids=rows, attention_mask=mask).last_hidden_state.float()
    shown = mask[..., None].float()
    mean: Tensor = (words * shown).sum(dim=1) / shown.sum(dim=1)
    return mean


def batches_of_like_length(lengths: Sequence[int]) -> list[list[int]]:
    """Return the numbers of the texts in batches of at most `TOKENS_AT_ONCE` tokens, the shortest texts first."""
    order = sorted(range(len(lengths)), key=lambda number: (lengths[number], number))
    batches: list[list[int]] = [[]]
    for number in order:
        if batches[-1] and (len(batches[-1]) + 1) * lengths[number] > TOKENS_AT_ONCE:
            batches.append([])
        batches[-1].append(number)
    return [batch for batch in batches if batch]


def empty_body(sizes: Mapping[str, Any]) -> "BertModel":
    """Return a body with random weights; `sizes` are the config's `tokens`, `width`, `layers`, `heads`, `inner`."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=sizes["tokens"],
        hidden_size=sizes["width"],
        num_hidden_layers=sizes["layers"],
        num_attention_heads=sizes["heads"],
        intermediate_size=sizes["inner"],
        max_position_embeddings=MOST_TOKENS,
    )
    return BertModel(config, add_pooling_layer=False)


def read_body(tensors: Mapping[str, NDArray[Any]], sizes: Mapping[str, Any]) -> SmallTransformer:
    """Return the body whose weights are stored as `models/training/export.py` does it."""
    import torch

    body = empty_body(sizes)
    state = {}
    for name in body.state_dict():
        if in_four_bits(name, tensors[name].ndim):
            found = from_four_bits(tensors[name], tensors[f"{name}.scales"])
        elif f"{name}.scales" in tensors:
            found = tensors[name].astype(np.float32) * tensors[f"{name}.scales"][:, None]
        else:
            found = np.array(tensors[name], dtype=np.float32)
        state[name] = torch.from_numpy(found)
    body.load_state_dict(state)
    return SmallTransformer(body)


def in_four_bits(name: str, dimensions: int) -> bool:
    """Say whether weights of a body are stored in four bits: the word table, and the matrices of the layers."""
    return name == WORD_TABLE or (dimensions == 2 and name.startswith(LAYERS))


def from_four_bits(packed: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return the table that `to_four_bits` packed, float32."""
    flat = np.empty((len(packed), packed.shape[1] * 2), dtype=np.float32)
    flat[:, 0::2] = (packed & 15).astype(np.float32) - 8
    flat[:, 1::2] = (packed >> 4).astype(np.float32) - 8
    groups = flat.reshape(len(packed), -1, GROUP) * scales[..., None].astype(np.float32)
    table: NDArray[np.float32] = groups.reshape(len(packed), -1)
    return table
