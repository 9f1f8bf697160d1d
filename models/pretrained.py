"""What the adapters of the transformers library share: loading a named model, and texts in batches of one length."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.families import folder_of

BATCH = 64
"""Texts at once: opinion units are short, and at 64 of them both a processor and a graphics card are kept busy."""
MAX_TOKENS = 256
"""An opinion unit is far shorter; a whole interview turn is cut here rather than run out of memory."""


def load_pretrained(name_or_folder: str, *, head: str) -> tuple[Any, Any]:
    """Return (model, tokenizer) on the best device there is; `head` is a class such as AutoModel.

    A folder is read from disk; a name is looked up on the Hugging Face hub, which happens only where a person has set
    one. Raises ValueError where none was named or it cannot be loaded.
    """
    folder = folder_of(name_or_folder)
    import transformers

    place = name_or_folder if folder is None else str(folder)
    with quietly():
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(place)
            model = getattr(transformers, head).from_pretrained(place)
        # A damaged file ends in whatever its reader raises; which one it was does not help a person.
        except Exception as error:
            raise cannot_load("transformers", name_or_folder, error) from error
    return model.to(best_device()).eval(), tokenizer


def best_device() -> str:
    """Return "cuda" where there is a graphics card that torch can use, else "cpu"."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def cannot_load(library: str, name_or_folder: str, error: Exception) -> ValueError:
    """Return one sentence about a model that could not be loaded, with the first line of what its library says."""
    if folder_of(name_or_folder) is None:
        reason = "it is not on this machine, and the Hugging Face hub could not be asked or does not know it"
        return ValueError(f"{library} cannot load {name_or_folder!r}: {reason}. Give the folder of a downloaded model")
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return ValueError(f"{library} cannot load the folder {name_or_folder!r}: {said.rstrip('.')}. Download it again")


@contextmanager
def quietly() -> Iterator[None]:
    """Keep transformers from drawing bars and reports of its own while a model loads."""
    import transformers

    logging: Any = transformers.utils.logging
    before = logging.get_verbosity()
    bars = logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        if bars:
            logging.enable_progress_bar()


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
