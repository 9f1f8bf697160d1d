"""What the adapters of the transformers library share: loading a named model, and texts in batches of one length."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BATCH = 64
MAX_TOKENS = 256
"""An opinion unit is far shorter; a whole interview turn is cut here rather than run out of memory."""


def load_pretrained(name_or_folder: str, *, head: str) -> tuple[Any, Any]:
    """Return (model, tokenizer) on the best device there is; `head` is a class such as AutoModel.

    A folder is read from disk; a name is looked up on the Hugging Face hub, which happens only where a person has set
    one. Raises ValueError where none was named or it cannot be loaded.
    """
    if not name_or_folder:
        raise ValueError("name a model or a folder after the colon, as in transformers:hfl/chinese-roberta-wwm-ext")
    import torch
    import transformers

    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(name_or_folder)
        model = getattr(transformers, head).from_pretrained(name_or_folder)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"transformers cannot load {name_or_folder!r}: {error}. Give the folder of a downloaded model, or a name"
            " on the Hugging Face hub and a connection"
        ) from error
    return model.to("cuda" if torch.cuda.is_available() else "cpu").eval(), tokenizer


def tokens_of(texts: list[str], model: Any, *, tokenizer: Any) -> Any:
    """Return the texts as padded tokens on the model's device."""
    limit = min(MAX_TOKENS, tokenizer.model_max_length)
    return tokenizer(texts, padding=True, truncation=True, max_length=limit, return_tensors="pt").to(model.device)


def in_batches(
    texts: Sequence[str], compute: Callable[[list[str]], NDArray[np.float32]], *, width: int
) -> NDArray[np.float32]:
    """Return one row of `width` numbers per text, computed for texts of like length together: little is padding."""
    rows = np.zeros((len(texts), width), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        rows[some] = compute([texts[number] for number in some])
    return rows
