"""Several processes of this machine: the parts of a stage go to whichever is free, results come in order."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import TypeVar

from pipelines.spread import Spread, in_turn

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 4
"""Processes at most where nobody said how many: each holds the dictionaries and models anew, about 250 MB."""
WORTH = 200_000
"""Letters or bytes of text: a smaller file is read and analysed before other processes have started."""


def how_many(asked: int, *, size: int) -> int:
    """Return the number of processes for a setting and a size of text in letters or bytes.

    0 is one per processor, but not more than `MOST`, and one alone where the text is not worth more.
    """
    if not asked and size < WORTH:
        return 1
    return asked or min(MOST, len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)


@contextmanager
def processes(count: int) -> Iterator[Spread]:
    """Give a Spread over that many processes for the length of a block; with one, the caller does it all in turn.

    They start at once, beside what the caller does, and end with the block, or when the caller is killed. A process
    that dies (out of memory, most likely) takes no result with it: the functions are pure, the caller does its part.
    """
    if count < 2:
        yield in_turn
        return
    pool = ProcessPoolExecutor(max_workers=count, mp_context=get_context("spawn"), initializer=_start)
    for _ in range(count):
        pool.submit(_warm)

    def spread(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        # Submitted now, not when the first result is asked for.
        asked: list[tuple[Item, Future[Result] | None]] = [(item, _submitted(pool, function, item)) for item in items]
        asked.reverse()
        return _results(function, asked)

    try:
        yield spread
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, function: Callable[[Item], Result], item: Item) -> Future[Result] | None:
    try:
        return pool.submit(function, item)
    except BrokenProcessPool:
        return None


def _results(function: Callable[[Item], Result], asked: list[tuple[Item, Future[Result] | None]]) -> Iterator[Result]:
    while asked:
        # Popped, so that a part is given back as soon as its result is taken.
        item, future = asked.pop()
        try:
            yield function(item) if future is None else future.result()
        except BrokenProcessPool:
            yield function(item)


def _start() -> None:
    """Set up a process: one thread each, deaf to Ctrl-C, which the caller hears, and gone when the caller is."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    caller = parent_process()
    if caller is not None:
        threading.Thread(target=_end_with, args=(caller.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _warm() -> None:
    """Load what every part needs, while the caller still reads its file."""
    import hdbscan  # noqa: F401 - density needs it, and it takes a second to load

    import pipelines.analyse
    from pipelines.records import Verbatim

    sample = Verbatim(id="", source_id="", row=0, text="物流太慢了，but the food is good.", language="mixed")
    pipelines.analyse.split_some([sample])
