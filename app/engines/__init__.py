"""Who does the work of a stage: this process in turn, several processes of this machine, or a Ray cluster.

An engine gives a `Spread` (`pipelines/spread.py`) for the length of a block. The functions and the results are the
same whichever it is.
"""

from contextlib import AbstractContextManager

from app.engines.processes import how_many, processes
from app.engines.ray_data import ray_cluster
from app.settings import Settings
from pipelines.spread import Spread


def hands(settings: Settings, *, size: int) -> AbstractContextManager[Spread]:
    """Return the engine that the settings ask for, for a size of text in letters or bytes.

    Raises BadRequest where it is Ray and that is not installed or does not answer.
    """
    return ray_cluster() if settings.engine == "ray" else processes(how_many(settings.processes, size=size))
