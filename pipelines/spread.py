"""Spread: the same pure function over many items, by whatever does the work — this process, several, or a cluster.

A stage that treats its items one by one asks for a `Spread` and gives it plain functions and plain records. What comes
back is the same whoever does it; the engines with side effects (processes, Ray) are in `app/engines/`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Spread(Protocol):
    """Applies a function of a module to every item; the results come in the items' order.

    An engine with other hands begins at once, so that they work while the caller goes on.
    """

    def __call__(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Return the results, one per item, in order."""
        ...


def in_turn(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
    """Apply the function here, one item after the other, each when its result is asked for."""
    return map(function, items)


def blocks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Return the items in blocks of at most `size`, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))
