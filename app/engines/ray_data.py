"""A Ray cluster: the parts of a stage become a Ray Data set, mapped wherever there is room, read back in order.

Optional (`pip install 'xinsheng[ray]'`). Without an address in `RAY_ADDRESS` a cluster is started on this machine for
the length of the block. Every machine of a cluster needs Xinsheng installed in the same version; the parts carry only
names of functions, records and models.
"""

import logging
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from app.errors import BadRequest
from pipelines.spread import Spread

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def ray_cluster(*, processors: int | None = None) -> Iterator[Spread]:
    """Give a Spread over a Ray cluster for the length of a block.

    `processors` limits a cluster started here (default: all there are). Raises BadRequest where Ray is not installed
    or the cluster at `RAY_ADDRESS` does not answer.
    """
    # Ray tells its makers how it is used unless this is said; nothing leaves the machine.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as error:
        raise BadRequest(code="no_ray") from error
    address = os.environ.get("RAY_ADDRESS")
    try:
        ray.init(
            address=address,
            num_cpus=None if address else processors,
            include_dashboard=None if address else False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except ConnectionError as error:
        raise BadRequest(code="no_ray_cluster", values={"address": address or "local"}) from error
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    # Its own account of every set would stand between the lines of the command.
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield _spread
    finally:
        ray.shutdown()


def _spread(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
    import ray

    # One block for each part: the parts are of a size to be one task each.
    parts = [{"given": pickle.dumps((function, item))} for item in items]
    if not parts:
        return
    for row in ray.data.from_items(parts, override_num_blocks=len(parts)).map(_done).iter_rows():
        yield pickle.loads(row["result"])  # noqa: S301 - written by our own function, on our own cluster


def _done(row: dict[str, Any]) -> dict[str, Any]:
    function, item = pickle.loads(row["given"])  # noqa: S301 - written above, by the process that asks
    return {"result": pickle.dumps(function(item))}
