"""Stage two of the transformer: it learns the sentiment of every text that the fast model learnt from."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.pieces import Pieces
from models.small_transformer import WORD_TABLE, mean_of_tokens
from models.training.distillation import set_dropout
from models.training.gathering import Gathered
from models.training.opinions import OPINION_SETS

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Linear
    from transformers import BertModel


MOST: Mapping[str, int] = {"judged": 40_000, "zhen_dialogue_sentiment": 25_000, "parallel_en_zh": 6_000}
"""Texts of a set at most: these are many and say little, and a step costs a hundred times the fast model's."""

TOKENS_AT_ONCE, FEWEST_TEXTS, MOST_TEXTS = 3_500, 16, 128
"""Of a step: as many tokens as two cores take in well under a second, in batches neither noisy nor too few."""
BODY_RATE, WORD_RATE, HEAD_RATE = 1e-4, 3e-4, 2e-3
"""As the English teacher of the fast model is tuned (`opinion_teacher.py`); the words between body and head."""
WARM_UP = 100
DROPOUT = 0.1
LONGEST_STEP = 1.0
"""Norm that the gradient of the body, but for its words, is cut to: one odd batch then undoes nothing."""


def tune(
    body: "BertModel",
    pieces: Pieces,
    gathered: Gathered,
    *,
    numbers: NDArray[np.int64],
    seed: int,
    report: Callable[[str], None],
) -> "Linear":
    """Change the body and return the head that gives logits of the three classes; 40 minutes on two cores.

    `numbers` are the texts that may be seen.
    """
    import torch

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    chosen = _chosen(gathered, numbers, random)
    read = pieces.rows([gathered.texts[number] for number in chosen])
    rows = dict(zip(chosen.tolist(), read, strict=True))
    set_dropout(body, DROPOUT)
    head = torch.nn.Linear(body.config.hidden_size, 3)
    others = [weights for name, weights in body.named_parameters() if name != WORD_TABLE]
    adam = torch.optim.AdamW(
        [{"params": others}, {"params": [body.get_parameter(WORD_TABLE)]}, {"params": list(head.parameters())}],
        weight_decay=0.01,
    )
    batches = _batches(chosen, np.array([len(rows[number]) for number in chosen.tolist()]), random)
    report(f"tuning on {len(chosen):,} texts in {len(batches):,} steps")
    targets, weights = torch.from_numpy(gathered.targets), torch.from_numpy(gathered.weights)
    body.train()
    losses: list[float] = []
    for step, some in enumerate(batches):
        rate = min(1, (step + 1) / WARM_UP) * max(0.02, 1 - step / len(batches))
        for group, highest in zip(adam.param_groups, (BODY_RATE, WORD_RATE, HEAD_RATE), strict=True):
            group["lr"] = highest * rate
        said = torch.log_softmax(_logits(body, head, [rows[number] for number in some.tolist()]), dim=1)
        loss = -(weights[some] * (targets[some] * said).sum(dim=1)).mean()
        adam.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(others, LONGEST_STEP)
        adam.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0:
            report(f"tuning: step {step + 1:>5}/{len(batches)}  loss {np.mean(losses[-100:]):.3f}")
    body.train(mode=False)
    return head


def _chosen(gathered: Gathered, numbers: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    names = [*(found.name for found in OPINION_SETS), "phrases", "judged"]
    kept = np.zeros(len(gathered.texts), dtype=np.bool_)
    kept[numbers] = True
    for name, most in MOST.items():
        inside = np.flatnonzero(kept & (gathered.sets == names.index(name)))
        kept[random.permutation(inside)[most:]] = False
    return np.flatnonzero(kept)


def _batches(
    chosen: NDArray[np.int64], lengths: NDArray[np.int64], random: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return texts of about one length together, in random order: few tokens are padding, and steps cost alike."""
    order = np.argsort(lengths + random.random(len(lengths)) * 6, kind="stable")
    batches: list[NDArray[np.int64]] = []
    start = 0
    while start < len(order):
        typical = lengths[order[min(start + MOST_TEXTS // 2, len(order) - 1)]]
        size = int(np.clip(TOKENS_AT_ONCE // typical, FEWEST_TEXTS, MOST_TEXTS))
        batches.append(chosen[order[start : start + size]])
        start += size
    return [batches[number] for number in random.permutation(len(batches))]


def _logits(body: "BertModel", head: "Linear", texts: list[list[int]]) -> "Tensor":
    import torch

    # Half precision is three times faster on processors that have it.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        means = mean_of_tokens(body, texts)
    logits: Tensor = head(torch.nn.functional.dropout(means, DROPOUT)).float()
    return logits
