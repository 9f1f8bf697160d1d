"""The training itself: Chinese and English texts of one meaning are drawn together in one table of word vectors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.training.lazy_adam import Gradient, LazyAdam
from models.vocabulary import Bags

if TYPE_CHECKING:
    from torch import Tensor


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
    random = np.random.default_rng(seed)
    adam = LazyAdam(start)
    steps = recipe.epochs * (len(lessons.pairs.english) // recipe.batch)
    for step, numbers in enumerate(_batches(len(lessons.pairs.english), recipe, random)):
        batch = _draw(lessons, numbers, recipe, random)
        rows, losses = _losses(adam.table, start, lessons, batch, pulled=pulled, recipe=recipe)
        adam.step(rows, learning_rate=recipe.learning_rate * _rate(step, steps, recipe.warm_up))
        if step % 100 == 0 or step == steps - 1:
            report(step + 1, steps, losses)
    return adam.table


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one step looks at: pairs, teacher sentences, and themes as two texts of the same label."""

    pairs: NDArray[np.int64]
    teacher: NDArray[np.int64]
    topic: Topics
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def _draw(lessons: Lessons, numbers: NDArray[np.int64], recipe: Recipe, random: np.random.Generator) -> Batch:
    teacher = random.choice(len(lessons.teacher_bags), size=recipe.teacher_batch, replace=False)
    # Themes of one set a step: negatives from within a set teach what tells its themes apart.
    shares = np.array([topic.share for topic in lessons.topics])
    topic = lessons.topics[random.choice(len(shares), p=shares / shares.sum())]
    first = random.choice(len(topic.labels), size=min(recipe.topic_batch, len(topic.labels)), replace=False)
    order = np.argsort(topic.labels, kind="stable")
    starts = np.searchsorted(topic.labels[order], topic.labels[first], side="left")
    ends = np.searchsorted(topic.labels[order], topic.labels[first], side="right")
    return Batch(pairs=numbers, teacher=teacher, topic=topic, first=first, second=order[random.integers(starts, ends)])


def _losses(
    table: NDArray[np.float32],
    start: NDArray[np.float32],
    lessons: Lessons,
    batch: Batch,
    *,
    pulled: int,
    recipe: Recipe,
) -> tuple[Gradient, dict[str, float]]:
    """Return the gradient of one step and its losses by name; only the rows in the batch are ever copied."""
    import torch

    pairs, topic = lessons.pairs, batch.topic
    bags = [
        take(pairs.english, batch.pairs),
        take(pairs.chinese, batch.pairs),
        take(lessons.teacher_bags, batch.teacher),
        take(topic.bags, batch.first),
        take(topic.bags, batch.second),
    ]
    rows, local = np.unique(np.concatenate([some.rows for some in bags]), return_inverse=True)
    offsets = np.cumsum(np.concatenate([[0], *(np.diff(some.offsets) for some in bags)]))[:-1]
    words = torch.from_numpy(table[rows]).requires_grad_()
    sums = torch.nn.functional.embedding_bag(torch.from_numpy(local), words, torch.from_numpy(offsets), mode="sum")
    vectors = torch.split(torch.nn.functional.normalize(sums, dim=1), [len(some) for some in bags])
    english, chinese, taught, first, second = vectors
    same = _equal(pairs.english_text[batch.pairs]) | _equal(pairs.chinese_text[batch.pairs])
    held = int(np.searchsorted(rows, pulled))
    target = torch.from_numpy(lessons.teacher_vectors[batch.teacher])
    losses = {
        "pairs": _info_nce(english, chinese, scale=recipe.scale, same=same),
        "pull": recipe.pull * (words[:held] - torch.from_numpy(start[rows[:held]])).square().sum(dim=1).mean(),
        "teacher": recipe.teacher * (1 - (taught * target).sum(dim=1)).mean(),
        "topics": recipe.topics * _info_nce(first, second, scale=recipe.scale, same=_equal(topic.labels[batch.first])),
    }
    torch.autograd.backward(list(losses.values()))
    if words.grad is None:
        raise RuntimeError("no gradient reached the word vectors: the batch held no known word")
    slope = np.asarray(words.grad.numpy(), dtype=np.float32)
    return Gradient(rows=rows, slope=slope), {name: float(loss.detach()) for name, loss in losses.items()}


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
