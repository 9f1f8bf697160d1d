"""A short name for the weights of a model that came from anywhere: it changes when they do."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch.nn import Module

SAMPLED = 256
"""Numbers read from each tensor: another training differs in nearly all, and a large model is named at once."""


def fingerprint(model: "Module") -> str:
    """Return eight hex digits from the names, shapes and a sample of the numbers of a model's tensors."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().flatten()
        sample = flat[:: max(1, len(flat) // SAMPLED)].float().cpu().numpy()
        digest.update(f"{name} {tuple(tensor.shape)}".encode() + sample.tobytes())
    return digest.hexdigest()[:8]
