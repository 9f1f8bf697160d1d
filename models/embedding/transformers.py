"""Any encoder of the transformers library, its last layer averaged over the tokens: `transformers:NAME_OR_FOLDER`.

For models without a pooling of their own. A folder is read from disk; a name is looked up on the Hugging Face hub.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.embedding import EncoderFamily
from models.fingerprint import fingerprint
from models.pretrained import in_batches, load_pretrained, tokens_of


class MeanPoolingEncoder:
    """A transformers model and its tokenizer behind the Encoder protocol."""

    def __init__(self, *, model: Any, tokenizer: Any, setting: str) -> None:
        self.name = f"transformers:{setting}+{fingerprint(model)}"
        self.dim = int(model.config.hidden_size)
        self._model = model
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length per text, float32 of shape (len(texts), dim)."""
        return in_batches(texts, self._encode, width=self.dim)

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        import torch
        from torch.nn.functional import normalize

        tokens = tokens_of(texts, self._model, tokenizer=self._tokenizer)
        with torch.inference_mode():
            hidden = self._model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        vectors = normalize((hidden * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1), dim=1)
        return np.asarray(vectors.float().cpu().numpy(), dtype=np.float32)


@cache
def load(name_or_folder: str) -> MeanPoolingEncoder:
    """Return the encoder; raises ValueError where no model was named or where it cannot be loaded."""
    model, tokenizer = load_pretrained(name_or_folder, head="AutoModel")
    return MeanPoolingEncoder(model=model, tokenizer=tokenizer, setting=name_or_folder)


FAMILY = EncoderFamily(prefix="transformers", title="A transformers model, mean of its tokens", load=load)
