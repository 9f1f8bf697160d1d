"""The last stage: copies of a body's layers learn to give its vectors at four bits a number, over a stored word table.

The accurate sentiment model has changed the body's words a little, and the base encoder uses that table, for two would
be nine megabytes more. The rounding is part of the learning: each step computes with the rounded weights and moves the
whole ones (Bengio et al. 2013, "Estimating or propagating gradients through stochastic neurons").
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.pieces import Pieces
from models.small_transformer import GROUP, WORD_TABLE, in_four_bits
from models.training.distillation import Pairs, half_precise_means, set_dropout, shuffled_batches

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Linear
    from transformers import BertModel

TEXTS = 80_000
"""40,000 bring the base encoder to .985 of the goal's cosine, and no figure of its card asks for more."""
TOKENS_TAUGHT = 64
"""Read of a text: more cost more, and units are shorter."""
BATCH = 128
RATE = 1e-4
HEARD = 0.1
"""Weight of the squared differences of logits, which then count about as much as the direction. Not searched."""
WARM_UP = 30


def drawn_texts(texts: Sequence[str], pairs: Pairs, *, seed: int) -> list[str]:
    """Return `TEXTS` texts to learn from, half of them of `texts` and half parallel sentences of either language."""
    random = np.random.default_rng(seed)
    sources = (texts, [*pairs.english, *pairs.chinese])
    return [source[number] for source in sources for number in random.permutation(len(source))[: TEXTS // 2]]


def fit_layers(
    goal: "BertModel",
    goal_pieces: Pieces,
    *,
    table: NDArray[np.float32],
    pieces: Pieces,
    texts: Sequence[str],
    head: "Linear | None",
    seed: int,
    report: Callable[[str], None],
) -> "BertModel":
    """Return a body over `table`, the rows of `pieces`, that gives the goal's vectors; ten minutes on two cores.

    Any texts do, for there is nothing to know of them but what the goal says. Without a `head` only the direction of a
    vector is learnt, with one what the head reads in it too; the head itself stays.
    """
    import torch

    torch.manual_seed(seed)
    goal = goal.train(mode=False)
    body = deepcopy(goal)
    set_dropout(body, 0)
    body.embeddings.word_embeddings.weight = torch.nn.Parameter(torch.from_numpy(table), requires_grad=False)
    rounded = {name: part for name, part in body.named_parameters() if in_four_bits(name, part.ndim)}
    del rounded[WORD_TABLE]
    whole = {name: torch.nn.Parameter(part.detach().clone()) for name, part in rounded.items()}
    others = [part for name, part in body.named_parameters() if name not in rounded and name != WORD_TABLE]
    adam = torch.optim.AdamW([*whole.values(), *others], weight_decay=0.0)
    rows, goal_rows = (known.rows(texts, most=TOKENS_TAUGHT) for known in (pieces, goal_pieces))
    batches = shuffled_batches(np.array([len(text) for text in rows]), np.random.default_rng(seed), size=BATCH)
    losses: list[float] = []
    for step, some in enumerate(batches):
        rate = min(1, (step + 1) / WARM_UP) * max(0.02, 1 - step / len(batches))
        for group in adam.param_groups:
            group["lr"] = RATE * rate
        with torch.no_grad():
            for name, part in rounded.items():
                part.copy_(as_stored(whole[name]))
            wanted = half_precise_means(goal, [goal_rows[number] for number in some])
        found = half_precise_means(body, [rows[number] for number in some])
        loss = (1 - torch.nn.functional.cosine_similarity(found, wanted)).mean()
        if head is not None:
            loss = loss + HEARD * (head(found.float()) - head(wanted.float()).detach()).square().mean()
        body.zero_grad()
        torch.autograd.backward(loss)
        for name, part in rounded.items():
            whole[name].grad = part.grad
        adam.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0:
            report(f"fitting: step {step + 1:>5}/{len(batches)}  loss {np.mean(losses[-100:]):.4f}")
    with torch.no_grad():
        for name, part in rounded.items():
            part.copy_(as_stored(whole[name]))
    body.train(mode=False)
    return body


def as_stored(weights: "Tensor") -> "Tensor":
    """Return a matrix as `to_four_bits` would give it back."""
    groups = weights.reshape(len(weights), -1, GROUP)
    scales = (groups.abs().amax(dim=2, keepdim=True) / 7).clamp_min(1e-4).half().float()
    return ((groups / scales).round().clamp(-7, 7) * scales).reshape(weights.shape)
