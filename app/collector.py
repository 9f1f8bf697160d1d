"""Python's cycle collector, out of the way while an analysis builds a few million records that form no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector for a block; afterwards its own count makes it look through what the block left behind.

    It looks through all living objects again and again as they grow in number: a fifth of the time of 10,000 reviews
    went there, for 3 % of memory that it found to free (docs/benchmarks.md).
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
