"""Train the accurate sentiment model: `python -m models.training.transformer --data DIR --cache DIR [--seed N]`.

A small bilingual transformer that stands beside the fast model. Four stages, on two cores some 80 minutes: an English
body finds its Chinese words (`bilingual_start.py`), learns that translations mean the same (`distillation.py`), learns
sentiment (`tuning.py`), and learns to do with four bits a number (`fitting.py`). What the second stage ends with is
kept in the cache, so that a training that was stopped goes on from there, and `base_encoder.py` starts from it.
Protocol and figures: `models/weights/accurate/README.md`.
"""

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.embedding.shipped import load as load_static_encoder
from models.pieces import Pieces, write_tokens
from models.sentiment.accurate import together
from models.sentiment.shipped import load as load_fast
from models.shipped_weights import WEIGHTS, seal_weights
from models.small_transformer import WORD_TABLE, SmallTransformer, from_four_bits
from models.training.bilingual_body import SIZES, bilingual_body
from models.training.calibration import best_temperature, set_aside
from models.training.distillation import read_pairs
from models.training.export import stored_body, to_four_bits
from models.training.fitting import drawn_texts, fit_layers
from models.training.gathering import all_texts
from models.training.tuning import tune

if TYPE_CHECKING:
    from torch.nn import Linear
    from transformers import BertModel

VERSION = "1.2"


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
    encoder = load_static_encoder(encoder_folder)
    pairs = read_pairs(data, seed=seed)
    log(f"{len(pairs.english):,} sentences in both languages")
    body, pieces = bilingual_body(
        gathered.texts, pairs, encoder=encoder, cache_folder=cache_folder, seed=seed, report=log
    )
    aside = set_aside(gathered)
    head = tune(body, pieces, gathered, numbers=np.flatnonzero(~aside), seed=seed, report=log)
    body = fit_layers(
        body,
        pieces,
        table=from_four_bits(*to_four_bits(body.get_parameter(WORD_TABLE).detach().numpy())),
        pieces=pieces,
        texts=drawn_texts([gathered.texts[number] for number in np.flatnonzero(~aside)], pairs, seed=seed),
        head=head,
        seed=seed,
        report=log,
    )
    unseen = [gathered.texts[number] for number in np.flatnonzero(aside)]
    by_body = _logits(SmallTransformer(body), head, pieces.rows(unseen))
    fast = load_fast("")
    logits = together(by_body, fast.predict(unseen), share=1.0)
    temperature = best_temperature(logits, gathered, aside)
    log(f"temperature {temperature:.3f}")
    config = {
        "started_from": encoder.name,
        "beside": fast.name,
        "seed": seed,
        "temperature": round(temperature, 4),
    }
    write_accurate(out, body, head, pieces=pieces, config={**SIZES, **config})
    log(f"written to {out}")


def _logits(body: SmallTransformer, head: "Linear", rows: list[list[int]]) -> NDArray[np.float32]:
    weights, bias = head.weight.detach().numpy(), head.bias.detach().numpy()
    found: NDArray[np.float32] = body.means(rows) @ weights.T + bias
    return found


def write_accurate(
    out: Path, body: "BertModel", head: "Linear", *, pieces: Pieces, config: Mapping[str, object]
) -> None:
    """Write weights.safetensors, tokens.txt and config.json; `config` has the sizes of the body among the rest."""
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    tensors = stored_body({name: weights.detach().numpy() for name, weights in body.state_dict().items()})
    tensors["head"], tensors["head_bias"] = head.weight.detach().numpy(), head.bias.detach().numpy()
    save_file(tensors, out / "weights.safetensors")
    (out / "weights.safetensors").chmod(0o644)
    write_tokens(out / "tokens.txt", pieces.tokens)
    told = {"name": "xinsheng-accurate", "version": VERSION, "tokens": len(pieces), **config}
    seal_weights(out, told, ("weights.safetensors", "tokens.txt"))


if __name__ == "__main__":
    main()
