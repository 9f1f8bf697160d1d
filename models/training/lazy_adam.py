"""Adam for a table of which each step touches few rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradient:
    """The rows of the table that a step touched, and the slope of the loss along each."""

    rows: NDArray[np.int32]
    slope: NDArray[np.float32]


class LazyAdam:
    """Adam (Kingma and Ba 2015) in which the rows that a step does not touch, and their state, lie still."""

    def __init__(self, start: NDArray[np.float32]) -> None:
        self.table = start.copy()
        self._mean = np.zeros_like(start)
        self._square = np.zeros_like(start)
        self._steps = 0

    def step(self, gradient: Gradient, *, learning_rate: float) -> None:
        """Move the touched rows."""
        rows, slope = gradient.rows, gradient.slope
        self._steps += 1
        self._mean[rows] = mean = np.float32(0.9) * self._mean[rows] + np.float32(0.1) * slope
        self._square[rows] = square = np.float32(0.999) * self._square[rows] + np.float32(0.001) * slope**2
        size = np.float32(learning_rate * (1 - 0.999**self._steps) ** 0.5 / (1 - 0.9**self._steps))
        self.table[rows] -= size * mean / (np.sqrt(square) + np.float32(1e-8))
