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

BATCH = 64
MAX_TOKENS = 256
"""An opinion unit is far shorter; a whole interview turn is cut here rather than run out of memory."""


class MeanPoolingEncoder:
    """A transformers model and its tokenizer behind the Encoder protocol."""

    def __init__(self, *, model: Any, tokenizer: Any, setting: str) -> None:
        self.name = f"transformers:{setting}+{fingerprint(model)}"
        self.dim = int(model.config.hidden_size)
        self._model = model
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length per text, float32 of shape (len(texts), dim)."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        # Texts of one length beside each other: next to nothing is spent on padding.
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            vectors[some] = self._encode([texts[number] for number in some])
        return vectors

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        import torch
        from torch.nn.functional import normalize

        limit = min(MAX_TOKENS, self._tokenizer.model_max_length)
        tokens = self._tokenizer(texts, padding=True, truncation=True, max_length=limit, return_tensors="pt")
        tokens = tokens.to(self._model.device)
        with torch.inference_mode():
            hidden = self._model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        vectors = normalize((hidden * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1), dim=1)
        return np.asarray(vectors.float().cpu().numpy(), dtype=np.float32)


@cache
def load(name_or_folder: str) -> MeanPoolingEncoder:
    """Return the encoder; raises ValueError where no model was named or where it cannot be loaded."""
    if not name_or_folder:
        raise ValueError("name a model or a folder after the colon, as in transformers:hfl/chinese-roberta-wwm-ext")
    import torch
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name_or_folder)
        model = AutoModel.from_pretrained(name_or_folder)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"transformers cannot load {name_or_folder!r}: {error}. Give the folder of a downloaded model, or a name"
            " on the Hugging Face hub and a connection"
        ) from error
    model = model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    return MeanPoolingEncoder(model=model, tokenizer=tokenizer, setting=name_or_folder)


FAMILY = EncoderFamily(prefix="transformers", title="A transformers model, mean of its tokens", load=load)
