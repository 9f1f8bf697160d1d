"""The start of the transformer: an English body that finds Chinese words where it knows their English neighbours.

Each Chinese word gets the word vector that its nearest English words have in the body, by their likeness in the shipped
bilingual encoder (WECHSEL, Minixhofer et al. 2022). Before any training, 88 % of 1,000 everyday Chinese sentences then
lie nearest to their own translation.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.embedding.shipped import StaticEncoder
from models.pieces import MOST_TOKENS, SPECIAL, Pieces
from models.tokens import is_chinese

if TYPE_CHECKING:
    from transformers import BertModel

CHINESE_WORDS = 30_000
"""Most frequent words of the encoder that may become tokens, beside all single characters it knows."""

FEWEST_SEEN = 12
"""Times that training meets a word or piece which stays a token; a rarer one is spelt with others. That leaves some
44,000 of 57,000 and keeps all shipped weights together below 60 MB."""

NEIGHBOURS = 10
SHARPNESS = 0.1
"""English words a Chinese one is mixed of, and the temperature of the mixture: WECHSEL's choice."""

ENGLISH_WORDS = 20_000
"""Most frequent English words that count as neighbours; names and rare words are poor ones."""

WORDS_AT_ONCE = 2_000
TEXTS_AT_ONCE = 4_096


def bilingual_start(
    teacher: "BertModel", pieces: Sequence[str], texts: Sequence[str], *, encoder: StaticEncoder
) -> tuple["BertModel", Pieces]:
    """Return a copy of the teacher that also has Chinese words, and its tokens: those that `texts` hold.

    `pieces` are the teacher's word pieces in row order.
    """
    import torch

    from models.small_transformer import POSITION_TABLE, WORD_TABLE, empty_body

    state = {name: tensor.detach() for name, tensor in teacher.state_dict().items() if not name.startswith("pooler")}
    english = state[WORD_TABLE].numpy()
    chinese = _chinese_words(encoder)
    known = [piece for piece in pieces if not is_chinese(piece)]
    numbers = {piece: number for number, piece in enumerate(pieces)}
    kept = _kept([*known, *chinese], texts)
    of_pieces = english[[numbers[piece] for piece in known]]
    mixed = dict(zip(chinese, _mixed(chinese, Pieces(known), of_pieces, encoder=encoder), strict=True))
    rows = [mixed[token] if token in mixed else english[numbers[token]] for token in kept]
    state[WORD_TABLE] = torch.from_numpy(np.stack(rows).astype(np.float32))
    state[POSITION_TABLE] = state[POSITION_TABLE][:MOST_TOKENS]
    config = teacher.config
    body = empty_body(
        {
            "tokens": len(kept),
            "width": config.hidden_size,
            "layers": config.num_hidden_layers,
            "heads": config.num_attention_heads,
            "inner": config.intermediate_size,
        }
    )
    body.load_state_dict({name: tensor for name, tensor in state.items() if name in body.state_dict()})
    return body, Pieces(kept)


def _chinese_words(encoder: StaticEncoder) -> list[str]:
    words, _ = encoder.words("zh")
    return [*words[:CHINESE_WORDS], *(word for word in words[CHINESE_WORDS:] if len(word) == 1)]


def _kept(tokens: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the tokens that texts hold, and the single signs that any other word can be spelt with."""
    times = np.zeros(len(tokens), dtype=np.int64)
    pieces = Pieces(tokens)
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        rows = pieces.rows(texts[start : start + TEXTS_AT_ONCE])
        times += np.bincount(np.concatenate(rows), minlength=len(tokens))
    return [
        token
        for token, count in zip(tokens, times, strict=True)
        if token in SPECIAL or len(token.removeprefix("##")) == 1 or count >= FEWEST_SEEN
    ]


def _mixed(
    chinese: Sequence[str], pieces: Pieces, table: NDArray[np.float32], *, encoder: StaticEncoder
) -> NDArray[np.float32]:
    words, vectors = encoder.words("en")
    words, vectors = words[:ENGLISH_WORDS], vectors[:ENGLISH_WORDS]
    of_words = np.stack([table[rows[1:-1] or rows].mean(axis=0) for rows in pieces.rows(words)])
    meanings = encoder.encode_words([[word] for word in chinese])
    found = np.empty((len(chinese), table.shape[1]), dtype=np.float32)
    for start in range(0, len(chinese), WORDS_AT_ONCE):
        likeness = meanings[start : start + WORDS_AT_ONCE] @ vectors.T
        nearest = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        near = np.take_along_axis(likeness, nearest, axis=1)
        shares = np.exp((near - near.max(axis=1, keepdims=True)) / SHARPNESS)
        shares /= shares.sum(axis=1, keepdims=True)
        found[start : start + WORDS_AT_ONCE] = np.einsum("ij,ijk->ik", shares, of_words[nearest])
    return found
