"""Calibration (Guo et al. 2017): the texts set aside of training, and the temperature found on them."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from models.training.gathering import Gathered
from models.training.opinions import CUT_IN_CLAUSES, FRAGMENTS, NEUTRAL_BY_KIND, OPINION_SETS
from models.training.reading import HELD_OUT_PERCENT, held_out

CALIBRATION_PERCENT = 4
"""Share of all texts that is set aside of training to find the temperature on, with their copies in other sets."""


def set_aside(gathered: Gathered) -> NDArray[np.bool_]:
    """Return for each text whether it is left out of the fit, to calibrate on."""
    percent = HELD_OUT_PERCENT + CALIBRATION_PERCENT
    return np.array([held_out(text, percent=percent) and not held_out(text) for text in gathered.texts])


def best_temperature(
    logits: NDArray[np.float32], gathered: Gathered, aside: NDArray[np.bool_], *, without: Collection[str] = ()
) -> float:
    """Return the number to divide logits by: the likelihood is highest there, each set of opinions counting alike.

    Clauses and fragments are left out, for the rest of their text may be in training, and so are the sets `without`.
    """
    from scipy.optimize import minimize_scalar

    labels, sets = gathered.targets[aside].argmax(axis=1), gathered.sets[aside]
    left_out = {*NEUTRAL_BY_KIND, *CUT_IN_CLAUSES, *FRAGMENTS, *without}
    kept = [number for number, found in enumerate(OPINION_SETS) if found.name not in left_out]
    weights = np.isin(sets, kept) / np.bincount(sets)[sets]

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        top = scaled.max(axis=1)
        total = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float((weights * (total - scaled[np.arange(len(labels)), labels])).sum())

    return float(minimize_scalar(loss, bounds=(0.3, 5), method="bounded").x)
