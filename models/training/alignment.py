"""The training itself: Chinese and English texts of one meaning are drawn together in one table of word vectors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.training.lazy_adam import Gradient, LazyAdam
from models.training.losses import Loss, apart, contrast, leaning
from models.training.start import bag_sums, unit_rows
from models.vocabulary import Bags

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is set by hand; the values are those that did best in the comparison of `models/weights/encoder/README.md`.

    `pull` keeps English words near their start, `teacher` weighs the teacher's sentences, `topics` the pairs of one
    theme, `opinions` good against bad, `halves` the two halves of one review; `scale` is the inverse temperature of
    InfoNCE, `opinion_scale` that of the reading of good against bad: the higher, the less room an opinion takes.
    `word_drop` is the share of the words of a pair that are not read, `dictionary` the share of the dictionary that an
    epoch sees, `one_source` the share of batches that hold pairs of one source, whose negatives are harder.
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
    opinions: float = 0.1
    opinion_batch: int = 512
    opinion_scale: float = 20.0
    halves: float = 0.02
    halves_batch: int = 512
    word_drop: float = 0.1
    dictionary: float = 0.4
    one_source: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Texts that mean the same: bag i of `english` and bag i of `chinese`; equal numbers mark equal texts.

    `source` numbers where a pair is from; DICTIONARY stands for all dictionaries.
    """

    english: Bags
    chinese: Bags
    english_text: NDArray[np.int64]
    chinese_text: NDArray[np.int64]
    source: NDArray[np.int64]


DICTIONARY = -1
"""The source of dictionary pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Bags with the number of their theme; a set of twice the `share` is drawn from twice as often."""

    bags: Bags
    labels: NDArray[np.int64]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Bags with what they say: 0 negative, 0.5 neutral, 1 positive."""

    bags: Bags
    said: NDArray[np.float32]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """All that one training sees; `teacher_vectors` has a row of unit length per bag of `teacher_bags`.

    Bag i of either of `halves` is half of one text.
    """

    pairs: Pairs
    teacher_bags: Bags
    teacher_vectors: NDArray[np.float32]
    topics: tuple[Topics, ...]
    opinions: tuple[Opinions, ...]
    halves: tuple[Bags, Bags]


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
    adam = LazyAdam(start)
    batches = [batch for _ in range(recipe.epochs) for batch in _epoch(lessons.pairs.source, recipe, random)]
    direction = _good_from_bad(start, lessons.opinions)
    with torch.no_grad():
        for step, numbers in enumerate(batches):
            parts = [*_parts(lessons, numbers, recipe, torch.from_numpy(direction), random)]
            gradient, losses = _slope(adam.table, start, parts, pulled=pulled, pull=recipe.pull)
            adam.step(gradient, learning_rate=recipe.learning_rate * _rate(step, len(batches), recipe.warm_up))
            if step % 100 == 0 or step == len(batches) - 1:
                report(step + 1, len(batches), losses)
    return adam.table


def take(bags: Bags, numbers: NDArray[np.int64]) -> Bags:
    """Return some of the bags, in the order asked for."""
    lengths = np.diff(bags.offsets)[numbers]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    places = np.repeat(bags.offsets[numbers], lengths) + within
    return Bags(rows=bags.rows[places], weights=bags.weights[places], offsets=offsets)


def thin(bags: Bags, share: float, random: np.random.Generator) -> Bags:
    """Return the bags without a share of their words, drawn at random; a bag keeps its first word if none is left."""
    kept = random.random(len(bags.rows)) >= share
    before = np.concatenate([[0], np.cumsum(kept)])
    lost = (before[bags.offsets[1:]] == before[bags.offsets[:-1]]) & (np.diff(bags.offsets) > 0)
    kept[bags.offsets[:-1][lost]] = True
    offsets = np.concatenate([[0], np.cumsum(kept)])[bags.offsets]
    return Bags(rows=bags.rows[kept], weights=bags.weights[kept], offsets=offsets)


def _epoch(source: NDArray[np.int64], recipe: Recipe, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield the batches of one epoch in random order, a share of them of one source each."""
    is_dictionary = source == DICTIONARY
    glosses = random.permutation(np.flatnonzero(is_dictionary))
    glosses = glosses[: int(recipe.dictionary * len(glosses))]
    order = random.permutation(np.concatenate([np.flatnonzero(~is_dictionary), glosses]))
    together, mixed = np.split(order, [int(recipe.one_source * len(order))])
    together = together[np.argsort(source[together], kind="stable")]
    batches = [
        part[start : start + recipe.batch]
        for part in (together, mixed)
        for start in range(0, len(part) - recipe.batch + 1, recipe.batch)
    ]
    for number in random.permutation(len(batches)):
        yield batches[number]


def _rate(step: int, steps: int, warm_up: float) -> float:
    first = max(1, int(steps * warm_up))
    return (step + 1) / first if step < first else max(0.0, (steps - step) / (steps - first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One lesson of a step: its bags, and the loss of their vectors, weighing `weight`."""

    name: str
    weight: float
    bags: tuple[Bags, ...]
    loss: Callable[..., Loss]


def _parts(
    lessons: Lessons, numbers: NDArray[np.int64], recipe: Recipe, direction: "Tensor", random: np.random.Generator
) -> Iterator[Part]:
    import torch

    pairs = lessons.pairs
    same = _equal(pairs.english_text[numbers]) | _equal(pairs.chinese_text[numbers])
    yield Part(
        name="pairs",
        weight=1.0,
        bags=(
            thin(take(pairs.english, numbers), recipe.word_drop, random),
            thin(take(pairs.chinese, numbers), recipe.word_drop, random),
        ),
        loss=partial(contrast, scale=recipe.scale, same=same),
    )
    chosen = random.choice(len(lessons.teacher_bags), size=recipe.teacher_batch, replace=False)
    yield Part(
        name="teacher",
        weight=recipe.teacher,
        bags=(take(lessons.teacher_bags, chosen),),
        loss=partial(apart, target=torch.from_numpy(lessons.teacher_vectors[chosen])),
    )
    # Themes of one set a step: negatives from within a set teach what tells its themes apart.
    topic = lessons.topics[_draw([topic.share for topic in lessons.topics], random)]
    first, second = _of_one_label(topic.labels, recipe.topic_batch, random)
    yield Part(
        name="topics",
        weight=recipe.topics,
        bags=(take(topic.bags, first), take(topic.bags, second)),
        loss=partial(contrast, scale=recipe.scale, same=_equal(topic.labels[first])),
    )
    opinions = lessons.opinions[_draw([found.share for found in lessons.opinions], random)]
    chosen = _as_many_of_each(opinions.said, recipe.opinion_batch, random)
    said = torch.from_numpy(opinions.said[chosen])
    yield Part(
        name="opinions",
        weight=recipe.opinions,
        bags=(take(opinions.bags, chosen),),
        loss=partial(leaning, direction=direction, said=said, scale=recipe.opinion_scale),
    )
    chosen = random.choice(len(lessons.halves[0]), size=recipe.halves_batch, replace=False)
    yield Part(
        name="halves",
        weight=recipe.halves,
        bags=(take(lessons.halves[0], chosen), take(lessons.halves[1], chosen)),
        loss=partial(contrast, scale=recipe.scale, same=_equal(chosen)),
    )


def _draw(shares: list[float], random: np.random.Generator) -> int:
    return int(random.choice(len(shares), p=np.array(shares) / sum(shares)))


def _of_one_label(
    labels: NDArray[np.int64], most: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first = random.choice(len(labels), size=min(most, len(labels)), replace=False)
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], labels[first], side="left")
    ends = np.searchsorted(labels[order], labels[first], side="right")
    return first, order[random.integers(starts, ends)]


def _as_many_of_each(said: NDArray[np.float32], most: int, random: np.random.Generator) -> NDArray[np.int64]:
    classes = [np.flatnonzero(said == value) for value in np.unique(said)]
    size = most // len(classes)
    return np.concatenate([random.choice(rows, size=min(size, len(rows)), replace=False) for rows in classes])


def _good_from_bad(start: NDArray[np.float32], opinions: tuple[Opinions, ...]) -> NDArray[np.float32]:
    """Return the direction from negative to positive texts at the start of training, averaged over the sets."""
    total = np.zeros(start.shape[1], dtype=np.float32)
    for found in opinions:
        vectors = unit_rows(bag_sums(start, found.bags))
        away = vectors[found.said == 1].mean(axis=0) - vectors[found.said == 0].mean(axis=0)
        total += away / np.linalg.norm(away)
    return total / np.linalg.norm(total)


def _slope(
    table: NDArray[np.float32], start: NDArray[np.float32], parts: list[Part], *, pulled: int, pull: float
) -> tuple[Gradient, dict[str, float]]:
    """Return the gradient of one step and its losses by name; only the rows in the batch are ever copied."""
    import torch
    from torch.nn.functional import embedding_bag

    bags = [some for part in parts for some in part.bags]
    rows, local = np.unique(np.concatenate([some.rows for some in bags]), return_inverse=True)
    lengths = np.concatenate([np.diff(some.offsets) for some in bags])
    words = torch.from_numpy(table[rows])
    sums = embedding_bag(torch.from_numpy(local), words, torch.from_numpy(np.cumsum(lengths) - lengths), mode="sum")
    norms = sums.norm(dim=1, keepdim=True).clamp_min(1e-8)
    vectors = sums / norms
    by_bag = iter(torch.split(vectors, [len(some) for some in bags]))
    losses, slopes = {}, []
    for part in parts:
        loss = part.loss(*(next(by_bag) for _ in part.bags))
        losses[part.name] = part.weight * loss.value
        slopes += [part.weight * slope for slope in loss.slopes]
    slope = torch.cat(slopes)
    # Back through the division by the norm, and from each text to each of its words.
    slope = (slope - vectors * (slope * vectors).sum(dim=1, keepdim=True)) / norms
    order = np.argsort(local, kind="stable")
    text = torch.from_numpy(np.repeat(np.arange(len(lengths)), lengths)[order])
    by_word = embedding_bag(
        text, slope, torch.from_numpy(np.searchsorted(local[order], np.arange(len(rows)))), mode="sum"
    )
    held = int(np.searchsorted(rows, pulled))
    moved = words[:held] - torch.from_numpy(start[rows[:held]])
    losses["pull"] = pull * float(moved.square().sum(dim=1).mean())
    by_word[:held] += moved * (2 * pull / max(1, held))
    return Gradient(rows=rows, slope=by_word.numpy()), losses


def _equal(numbers: NDArray[np.int64]) -> "Tensor":
    import torch

    return torch.from_numpy(numbers[:, None] == numbers[None, :])
