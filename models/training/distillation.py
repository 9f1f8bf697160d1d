"""Stage one of the transformer: a Chinese sentence gets the vector that the teacher gives its English translation.

Reimers and Gurevych, *Making Monolingual Sentence Embeddings Multilingual using Knowledge Distillation* (2020). The
teacher is all-MiniLM-L6-v2 (Apache-2.0), whose body the transformer starts from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.pieces import Pieces
from models.small_transformer import WORD_TABLE, mean_of_tokens
from models.training.reading import held_out, read_rows

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertModel

SHARES: Mapping[str, float] = {
    "flickr8k-caption-mt": 0.5,
    "docs-python": 0.3,
    "academic-book": 0.6,
    "3am-caption": 0.6,
    "ui-ecommerce": 0.6,
    "ui-software": 0.6,
}
"""Of the sources least like feedback, how much is read; of the others all."""

MOST_WORDS = 45
"""Of an English sentence: one sentence in a hundred is longer, and costs as much as ten others."""
TOKENS_TAUGHT = 40
"""Read of either side: what the teacher reads of a sentence for the encoder too (`teacher.py`)."""
BATCH = 256
BODY_RATE, WORD_RATE = 1.5e-4, 2e-3
"""The body knows its work and moves little; the Chinese words are new to it. Not searched."""
WARM_UP = 60
SCALE = 20
"""Of the likeness in the contrast with the other sentences of a batch, as in the encoder's training."""
NEARNESS, CONTRAST = 5.0, 0.5
"""Weights of the likeness to the teacher, the goal, and of the contrast, which keeps texts apart. Not searched."""
ENGLISH_EVERY, ENGLISH_AT_ONCE = 4, 64
"""So that English is not forgotten, a quarter of a batch in each fourth step is read in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Sentence i in both languages."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]


def read_pairs(data: Path, *, seed: int) -> Pairs:
    """Return the parallel sentences of training. Raises FileNotFoundError where they are missing."""
    random = np.random.default_rng(seed)
    english, chinese = [], []
    for row in read_rows(data, "parallel_en_zh"):
        fits = 2 <= len(row["en"].split()) <= MOST_WORDS and len(row["zh"]) > 1 and not held_out(row["en"])
        if fits and random.random() < SHARES.get(row["source"], 1):
            english.append(row["en"])
            chinese.append(row["zh"])
    return Pairs(english=tuple(english), chinese=tuple(chinese))


def distil(
    body: "BertModel",
    pieces: Pieces,
    pairs: Pairs,
    *,
    teacher: "BertModel",
    teacher_rows: Sequence[Sequence[int]],
    seed: int,
    report: Callable[[str], None],
) -> None:
    """Change the body so that it agrees with the teacher; half an hour on two cores.

    `teacher_rows` are the English sentences as the teacher's tokens.
    """
    import torch

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    rows = {"zh": pieces.rows(pairs.chinese, most=TOKENS_TAUGHT), "en": pieces.rows(pairs.english, most=TOKENS_TAUGHT)}
    set_dropout(body, 0)
    body.train()
    others = [weights for name, weights in body.named_parameters() if name != WORD_TABLE]
    adam = torch.optim.AdamW([{"params": others}, {"params": [body.get_parameter(WORD_TABLE)]}], weight_decay=0.0)
    batches = shuffled_batches(np.array([len(text) for text in rows["zh"]]), random, size=BATCH)
    losses: list[float] = []
    for step, some in enumerate(batches):
        rate = min(1, (step + 1) / WARM_UP) * max(0.02, 1 - step / len(batches))
        for group, highest in zip(adam.param_groups, (BODY_RATE, WORD_RATE), strict=True):
            group["lr"] = highest * rate
        with torch.no_grad():
            goal = unit_means(teacher, [teacher_rows[number] for number in some])
        found = unit_means(body, [rows["zh"][number] for number in some])
        loss = NEARNESS * (1 - (found * goal).sum(dim=1)).mean()
        own = torch.arange(len(some))
        loss = loss + CONTRAST * torch.nn.functional.cross_entropy(SCALE * found @ goal.T, own)
        if step % ENGLISH_EVERY == 0:
            english = unit_means(body, [rows["en"][number] for number in some[:ENGLISH_AT_ONCE]])
            loss = loss + NEARNESS * (1 - (english * goal[:ENGLISH_AT_ONCE]).sum(dim=1)).mean()
        adam.zero_grad()
        torch.autograd.backward(loss)
        adam.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0:
            report(f"distillation: step {step + 1:>5}/{len(batches)}  loss {np.mean(losses[-100:]):.3f}")


def set_dropout(body: "BertModel", share: float) -> None:
    """Set the share of numbers that the body drops at random while it learns."""
    import torch

    for module in body.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = share


def shuffled_batches(lengths: NDArray[np.int64], random: np.random.Generator, *, size: int) -> list[NDArray[np.int64]]:
    """Return the numbers of texts in batches of about one length, in random order; what fills no batch is left out."""
    order = np.argsort(lengths + random.random(len(lengths)) * 4, kind="stable")
    starts = random.permutation(np.arange(0, len(order) - size + 1, size))
    return [order[start : start + size] for start in starts]


def unit_means(body: "BertModel", texts: Sequence[Sequence[int]]) -> "Tensor":
    """Return the texts' mean vectors, of unit length."""
    import torch

    return torch.nn.functional.normalize(half_precise_means(body, texts), dim=1)


def half_precise_means(body: "BertModel", texts: Sequence[Sequence[int]]) -> "Tensor":
    """Return the texts' mean vectors, computed in half precision: three times faster on processors that have it."""
    import torch

    with torch.autocast("cpu", dtype=torch.bfloat16):
        return mean_of_tokens(body, texts)
