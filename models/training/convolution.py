"""Fitting the convolution of the shipped sentiment model, with torch, from the vectors of the shipped encoder."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.embedding.shipped import StaticEncoder
from models.sentiment.convolution import KINDS, LAST_WORDS, SUM_SCALE, WIDTHS, ConvolutionWeights
from models.training.export import quantise
from models.training.start import principal_axes, unit_rows

if TYPE_CHECKING:
    from torch import Tensor

AXES = 128
FILTERS = 64
TABLE_SIZE = 0.5
"""Root mean square of the first vectors' numbers."""

EPOCHS = 2
TABLE_RATE = 2e-3
RATE = 1.5e-3
DROPPED = 0.3
WORDS_HIDDEN = 0.1
"""Share of the words that are hidden in each step, so that no single one is relied upon."""

WORDS_AT_ONCE = 6000
TEXTS_AT_ONCE = 160
"""Texts of a step at most. At 512 there were so few steps of short texts that those were learnt 4 to 8 points worse."""

STEP = 128
"""What the losses of a step's texts are divided by: every text counts alike, in a full step or in one of long texts."""

MOST_WORDS = 200
"""Words of a text that training reads: longer ones cost most and are few."""

WARM_UP = 200
"""Steps in which the rates rise from nothing: Adam's first steps are wild."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Texts as sequences: text i has `words[offsets[i] : offsets[i + 1]]`, numbers into `pieces`.

    Word w is the weighted sum of the vocabulary's rows `rows[pieces[w] : pieces[w + 1]]`.
    """

    words: NDArray[np.int64]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]
    weights: NDArray[np.float32]
    pieces: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def sentences(texts: Sequence[Sequence[str]], encoder: StaticEncoder) -> Sentences:
    """Return texts that are cut into words as sequences over the encoder's vocabulary."""
    numbers: dict[str, int] = {}
    words = [numbers.setdefault(word, len(numbers)) for text in texts for word in text]
    bags = encoder.vocabulary.bags_of_words([[word] for word in numbers])
    return Sentences(
        words=np.array(words, dtype=np.int64),
        offsets=np.concatenate([[0], np.cumsum([len(text) for text in texts], dtype=np.int64)]),
        rows=bags.rows.astype(np.int64),
        weights=bags.weights,
        pieces=bags.offsets,
    )


def fit_convolution(
    texts: Sentences,
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    shares: NDArray[np.float32],
    *,
    encoder: StaticEncoder,
    numbers: NDArray[np.int64],
    seed: int,
    report: Callable[[str], None],
) -> ConvolutionWeights:
    """Return the weights fitted by Adam to some of the texts.

    `targets` (len(texts), 3) are their probabilities, `shares` (len(texts), domains) how far each is of each domain.
    The same seed gives the same weights on the same number of threads; on another, sums differ in their last places.
    """
    import torch

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = _start(encoder, random, domains=shares.shape[1])
    table_adam: torch.optim.Optimizer = torch.optim.SparseAdam([net["table"]], lr=TABLE_RATE)
    adam = torch.optim.AdamW([each for name, each in net.items() if name != "table"], lr=RATE, weight_decay=0.01)
    steps = EPOCHS * sum(1 for _ in _batches(texts, numbers, np.random.default_rng(seed)))
    step, losses = 0, []
    for _ in range(EPOCHS):
        for some in _batches(texts, numbers, random):
            rate = min(1, step / WARM_UP) * max(0.02, 1 - step / steps)
            for optimiser, highest in ((table_adam, TABLE_RATE), (adam, RATE)):
                for group in optimiser.param_groups:
                    group["lr"] = highest * rate
            logits = _logits(net, texts, some, shares[some], hide=random)
            each = -(torch.from_numpy(targets[some]) * torch.log_softmax(logits, dim=1)).sum(dim=1)
            loss = (each * torch.from_numpy(weights[some])).sum() / STEP
            table_adam.zero_grad()
            adam.zero_grad()
            torch.autograd.backward(loss)
            table_adam.step()
            adam.step()
            step += 1
            losses.append(float(loss.detach()))
            if step % 500 == 0 or step == steps:
                report(f"step {step:>5}/{steps}  loss {np.mean(losses[-500:]):.3f}")
    return _weights(net)


def _start(encoder: StaticEncoder, random: np.random.Generator, *, domains: int) -> "dict[str, Tensor]":
    """Return the parameters before the first step: the encoder's vectors on their main axes, small random filters."""
    import torch

    rows = unit_rows(encoder.rows(np.arange(len(encoder.vocabulary), dtype=np.int32)))
    table = (rows - rows.mean(axis=0)) @ principal_axes(rows, dim=AXES)
    table *= TABLE_SIZE / table.std()
    filters = np.concatenate([_uniform(random, (width, AXES, FILTERS), inputs=width * AXES) for width in WIDTHS])
    inputs = KINDS * len(WIDTHS) * FILTERS
    start = {
        "table": table,
        "filters": filters,
        "offsets": np.zeros((len(WIDTHS), FILTERS)),
        "head": _uniform(random, (inputs, 3), inputs=inputs),
        "bias": np.zeros(3),
        "domain_heads": np.zeros((domains, inputs, 3)),
        "domain_bias": np.zeros((domains, 3)),
    }
    return {
        name: torch.nn.Parameter(torch.from_numpy(np.asarray(value, dtype=np.float32))) for name, value in start.items()
    }


def _uniform(random: np.random.Generator, shape: tuple[int, ...], *, inputs: int) -> NDArray[np.float32]:
    return np.asarray(random.uniform(-1, 1, shape) / np.sqrt(inputs), dtype=np.float32)


def _batches(texts: Sentences, numbers: NDArray[np.int64], random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield texts of about one length together, in random order: padding is the larger part of the cost otherwise."""
    lengths = np.minimum(np.diff(texts.offsets), MOST_WORDS)[numbers]
    order = np.argsort(lengths + random.random(len(numbers)) * 3, kind="stable")
    batches, start = [], 0
    while start < len(order):
        room = max(16, WORDS_AT_ONCE // max(1, int(lengths[order[start]]) + 1))
        batches.append(numbers[order[start : start + min(TEXTS_AT_ONCE, room)]])
        start += len(batches[-1])
    for chosen in random.permutation(len(batches)):
        yield batches[chosen]


def _logits(
    net: "dict[str, Tensor]",
    texts: Sentences,
    some: NDArray[np.int64],
    shares: NDArray[np.float32],
    *,
    hide: np.random.Generator,
) -> "Tensor":
    import torch
    from torch.nn import functional

    lengths = np.minimum(np.diff(texts.offsets)[some], MOST_WORDS)
    longest = max(1, int(lengths.max()))
    inside = np.arange(longest)[None] < lengths[:, None]
    places = (texts.offsets[some][:, None] + np.arange(longest)[None])[inside]
    distinct, order = np.unique(texts.words[places], return_inverse=True)
    grid = np.full(inside.shape, len(distinct))
    grid[inside] = np.where(hide.random(len(order)) < WORDS_HIDDEN, len(distinct), order)
    vectors = _word_vectors(net["table"], texts, distinct)[torch.from_numpy(grid)]
    mask = torch.from_numpy(inside)[..., None]
    ending = torch.from_numpy(inside & (np.arange(longest)[None] >= lengths[:, None] - LAST_WORDS))[..., None]
    roots = torch.from_numpy(np.sqrt(np.maximum(lengths, 1)).astype(np.float32))[:, None]
    features, first = [], 0
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for number, width in enumerate(WIDTHS):
            filters = net["filters"][first : first + width].permute(2, 1, 0)
            first += width
            heard = functional.conv1d(vectors.transpose(1, 2), filters, net["offsets"][number], padding=width // 2)[
                :, :, :longest
            ]
            heard = heard.transpose(1, 2).relu() * mask
            features += [heard.amax(dim=1), heard.float().sum(dim=1) / roots * SUM_SCALE, (heard * ending).amax(dim=1)]
    found = functional.dropout(torch.cat([each.float() for each in features], dim=1), DROPPED)
    of_domains = torch.from_numpy(shares)
    said = torch.einsum("nf,kfc->nkc", found, net["domain_heads"]) + net["domain_bias"]
    return found @ net["head"] + net["bias"] + (said * of_domains[:, :, None]).sum(dim=1)


def _word_vectors(table: "Tensor", texts: Sentences, words: NDArray[np.int64]) -> "Tensor":
    """Return the vector of each word, and one of zeros behind them."""
    import torch
    from torch.nn import functional

    counts = texts.pieces[words + 1] - texts.pieces[words]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    places = np.repeat(texts.pieces[words] - offsets[:-1], counts) + np.arange(offsets[-1])
    vectors = functional.embedding_bag(
        torch.from_numpy(texts.rows[places]),
        table,
        torch.from_numpy(offsets[:-1]),
        mode="sum",
        per_sample_weights=torch.from_numpy(texts.weights[places]),
        sparse=True,
    )
    return torch.cat([vectors, torch.zeros(1, vectors.shape[1])])


def _weights(net: "dict[str, Tensor]") -> ConvolutionWeights:
    found = {name: each.detach().numpy() for name, each in net.items()}
    table, scales = quantise(found["table"])
    return ConvolutionWeights(
        table=table,
        scales=scales,
        filters=found["filters"],
        offsets=found["offsets"],
        head=found["head"],
        bias=found["bias"],
        domain_heads=found["domain_heads"],
        domain_bias=found["domain_bias"],
    )
