"""The losses of the encoder's training, each with its slope written out: twice as fast as having it derived."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A loss, and its slope along each of the rows of vectors that went in, in their order."""

    value: float
    slopes: "tuple[Tensor, ...]"


def contrast(left: "Tensor", right: "Tensor", *, scale: float, same: "Tensor") -> Loss:
    """Return the two-sided InfoNCE loss of rows of unit length; off the diagonal, what is `same` is no negative.

    Van den Oord, Li and Vinyals (2018), "Representation Learning with Contrastive Predictive Coding".
    """
    import torch

    size = len(left)
    # Half precision: the cosine to three digits, at a third of the time.
    left, right = left.bfloat16(), right.bfloat16()
    likeness = (left @ right.T).float()
    likeness.masked_fill_(same & ~torch.eye(size, dtype=torch.bool), float("-inf"))
    # The cosine is at most one, so nothing overflows without a maximum being taken off.
    odds = likeness.sub_(1).mul_(scale).exp_()
    by_row, by_column = odds.sum(dim=1), odds.sum(dim=0)
    value = float((by_row.log() + by_column.log()).mean() / 2 - odds.diagonal().log().mean())
    slope = odds.mul_(by_row.reciprocal()[:, None] + by_column.reciprocal()[None, :])
    slope.diagonal().sub_(2)
    half = slope.mul_(scale / (2 * size)).bfloat16()
    return Loss(value=value, slopes=((half @ right).float(), (half.T @ left).float()))


def apart(vectors: "Tensor", target: "Tensor") -> Loss:
    """Return the mean of one minus the cosine to the target, both of unit length."""
    value = float(1 - (vectors * target).sum(dim=1).mean())
    return Loss(value=value, slopes=(target / -len(target),))


def leaning(vectors: "Tensor", direction: "Tensor", said: "Tensor", *, scale: float) -> Loss:
    """Return the cross entropy of a logistic reading along one direction; `said` is 0 for negative, 1 for positive."""
    import torch

    believed = torch.sigmoid(scale * (vectors @ direction))
    value = float(torch.nn.functional.binary_cross_entropy(believed, said))
    return Loss(value=value, slopes=((believed - said)[:, None] * direction * (scale / len(said)),))
