"""The training itself: Chinese and English texts of one meaning are drawn together in one table of word vectors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.vocabulary import Bags

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import EmbeddingBag


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is set by hand; the values are those that did best in the comparison of `models/weights/encoder/README.md`.

    `pull` keeps English words near their start, `teacher` weighs the teacher's sentences, `topics` the pairs of one
    theme; `scale` is the inverse temperature of InfoNCE.
    """

    epochs: int = 3
    batch: int = 2048
    learning_rate: float = 5e-3
    warm_up: float = 0.05
    scale: float = 20.0
    pull: float = 3.0
    teacher: float = 5.0
    teacher_batch: int = 1024
    topics: float = 0.3
    topic_batch: int = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Texts that mean the same: bag i of `english` and bag i of `chinese`; equal numbers mark equal texts."""

    english: Bags
    chinese: Bags
    english_text: NDArray[np.int64]
    chinese_text: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Bags with the number of their theme; a set of twice the `share` is drawn from twice as often."""

    bags: Bags
    labels: NDArray[np.int64]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """All that one training sees; `teacher_vectors` has a row of unit length per bag of `teacher_bags`."""

    pairs: Pairs
    teacher_bags: Bags
    teacher_vectors: NDArray[np.float32]
    topics: tuple[Topics, ...]


def train(
    start: NDArray[np.float32],
    lessons: Lessons,
    *,
    pulled: int,
    recipe: Recipe,
    seed: int,
    report: Callable[[int, int, dict[str, float]], None],
) -> NDArray[np.float32]:
    """Return the table after training; rows below `pulled` are held near their start.

    `report` is called with (step, steps, losses) now and then.
    """
    import torch

    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    table = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start.copy()), freeze=False, mode="sum", sparse=True)
    anchor = torch.from_numpy(start.copy())
    optimizer: torch.optim.Optimizer = torch.optim.SparseAdam(table.parameters(), lr=recipe.learning_rate)
    steps = recipe.epochs * (len(lessons.pairs.english) // recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps, recipe.warm_up))
    for step, numbers in enumerate(_batches(len(lessons.pairs.english), recipe, random)):
        losses = {
            "pairs": _pair_loss(table, lessons.pairs, numbers, recipe.scale),
            "pull": recipe.pull * _pull_loss(table, anchor, lessons.pairs.english, numbers, pulled),
            "teacher": recipe.teacher * _teacher_loss(table, lessons, recipe, random),
            "topics": recipe.topics * _topic_loss(table, lessons.topics, recipe, random),
        }
        optimizer.zero_grad()
        torch.autograd.backward(list(losses.values()))
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            report(step + 1, steps, {name: float(loss.detach()) for name, loss in losses.items()})
    return np.asarray(table.weight.detach().numpy(), dtype=np.float32)


def take(bags: Bags, numbers: NDArray[np.int64]) -> Bags:
    """Return some of the bags, in the order asked for."""
    lengths = np.diff(bags.offsets)[numbers]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    places = np.repeat(bags.offsets[numbers], lengths) + within
    return Bags(rows=bags.rows[places], weights=bags.weights[places], offsets=offsets)


def _batches(pairs: int, recipe: Recipe, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(recipe.epochs):
        order = random.permutation(pairs)
        for start in range(0, pairs - recipe.batch + 1, recipe.batch):
            yield order[start : start + recipe.batch]


def _rate(step: int, steps: int, warm_up: float) -> float:
    first = max(1, int(steps * warm_up))
    return (step + 1) / first if step < first else max(0.0, (steps - step) / (steps - first))


def _vectors(table: "EmbeddingBag", bags: Bags) -> "Tensor":
    import torch
    from torch.nn.functional import normalize

    sums = table(torch.from_numpy(bags.rows).long(), torch.from_numpy(bags.offsets[:-1]))
    vectors: Tensor = normalize(sums, dim=1)
    return vectors


def _pair_loss(table: "EmbeddingBag", pairs: Pairs, numbers: NDArray[np.int64], scale: float) -> "Tensor":
    english = _vectors(table, take(pairs.english, numbers))
    chinese = _vectors(table, take(pairs.chinese, numbers))
    same = _equal(pairs.english_text[numbers]) | _equal(pairs.chinese_text[numbers])
    return _info_nce(english, chinese, scale=scale, same=same)


def _pull_loss(
    table: "EmbeddingBag", anchor: "Tensor", english: Bags, numbers: NDArray[np.int64], pulled: int
) -> "Tensor":
    import torch
    from torch.nn.functional import embedding

    rows = take(english, numbers).rows
    words = torch.from_numpy(np.unique(rows[rows < pulled])).long()
    return (embedding(words, table.weight, sparse=True) - anchor[words]).square().sum(dim=1).mean()


def _teacher_loss(table: "EmbeddingBag", lessons: Lessons, recipe: Recipe, random: np.random.Generator) -> "Tensor":
    import torch

    numbers = random.choice(len(lessons.teacher_bags), size=recipe.teacher_batch, replace=False)
    target = torch.from_numpy(lessons.teacher_vectors[numbers])
    return (1 - (_vectors(table, take(lessons.teacher_bags, numbers)) * target).sum(dim=1)).mean()


def _topic_loss(
    table: "EmbeddingBag", topics: tuple[Topics, ...], recipe: Recipe, random: np.random.Generator
) -> "Tensor":
    # One set a step: negatives from within a set teach what tells its themes apart.
    shares = np.array([topic.share for topic in topics])
    topic = topics[random.choice(len(topics), p=shares / shares.sum())]
    first = random.choice(len(topic.labels), size=min(recipe.topic_batch, len(topic.labels)), replace=False)
    order = np.argsort(topic.labels, kind="stable")
    starts = np.searchsorted(topic.labels[order], topic.labels[first], side="left")
    ends = np.searchsorted(topic.labels[order], topic.labels[first], side="right")
    second = order[random.integers(starts, ends)]
    left, right = _vectors(table, take(topic.bags, first)), _vectors(table, take(topic.bags, second))
    return _info_nce(left, right, scale=recipe.scale, same=_equal(topic.labels[first]))


def _equal(numbers: NDArray[np.int64]) -> "Tensor":
    import torch

    return torch.from_numpy(numbers[:, None] == numbers[None, :])


def _info_nce(left: "Tensor", right: "Tensor", *, scale: float, same: "Tensor") -> "Tensor":
    """Return the two-sided InfoNCE loss; off the diagonal, what is `same` is no negative."""
    import torch
    from torch.nn.functional import cross_entropy

    diagonal = torch.eye(len(left), dtype=torch.bool)
    similarity = (scale * left @ right.T).masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(left))
    return (cross_entropy(similarity, target) + cross_entropy(similarity.T, target)) / 2
