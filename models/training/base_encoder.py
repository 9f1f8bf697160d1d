"""Train the base encoder: `python -m models.training.base_encoder --data DIR --cache DIR [--out DIR] [--seed N]`.

The bilingual body that the accurate sentiment model grew from (`bilingual_body.py`) knows what sentences mean and has
seen no label; it learns to work with that model's words (`fitting.py`). Ten minutes on two cores, and half an hour
before where the body is not in the cache. Protocol and figures: `models/weights/base/README.md`.
"""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from models.embedding.shipped import StaticEncoder
from models.embedding.shipped import load as load_static_encoder
from models.mapped import map_tensors
from models.pieces import Pieces, read_tokens
from models.shipped_weights import WEIGHTS, open_weights, seal_weights
from models.small_transformer import WORD_TABLE, from_four_bits
from models.training.bilingual_body import bilingual_body
from models.training.distillation import read_pairs
from models.training.export import stored_body
from models.training.fitting import drawn_texts, fit_layers
from models.training.gathering import all_texts

if TYPE_CHECKING:
    from transformers import BertModel

VERSION = "1.1"


def main() -> None:
    """Read the arguments, train, write the folder of weights."""
    parser = argparse.ArgumentParser(prog="python -m models.training.base_encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets (*.jsonl.gz)")
    parser.add_argument("--cache", type=Path, required=True, help="folder that the accurate model's training kept")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "base", help="folder to write the weights to")
    parser.add_argument("--encoder", default="", help="folder of the encoder that the body started from")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    train_base(options.data, options.out, encoder_folder=options.encoder, cache_folder=options.cache, seed=options.seed)


def train_base(data: Path, out: Path, *, encoder_folder: str, cache_folder: Path, seed: int) -> None:
    """Train beside the static encoder and the accurate model as shipped, and write the weights to `out`.

    Raises FileNotFoundError where a set or a model is missing, ImportError where the teacher is.
    """
    start = time.monotonic()

    def log(text: str) -> None:
        print(f"[{time.monotonic() - start:6.1f} s] {text}", flush=True)

    gathered = all_texts(data, cache_folder=cache_folder, seed=seed, report=log)
    pairs = read_pairs(data, seed=seed)
    origin = load_static_encoder(encoder_folder)
    goal, goal_pieces = bilingual_body(
        gathered.texts, pairs, encoder=origin, cache_folder=cache_folder, seed=seed, report=log
    )
    accurate = open_weights(WEIGHTS / "accurate")
    stored = map_tensors(accurate.folder / "weights.safetensors")
    body = fit_layers(
        goal,
        goal_pieces,
        table=from_four_bits(stored[WORD_TABLE], stored[f"{WORD_TABLE}.scales"]),
        pieces=Pieces(read_tokens(accurate.folder / "tokens.txt")),
        texts=drawn_texts(gathered.texts, pairs, seed=seed),
        head=None,
        seed=seed,
        report=log,
    )
    write_base(out, body, encoder=load_static_encoder(""), table_of=accurate.name, seed=seed)
    log(f"written to {out}")


def write_base(out: Path, body: "BertModel", *, encoder: StaticEncoder, table_of: str, seed: int) -> None:
    """Write layers.safetensors, all of the body but its word table, and config.json.

    `encoder` is the one it stands beside, `table_of` the name of the model whose words it reads. Both are told in the
    layers' file too, so that its digest, and with it the name that vectors are kept under, changes with them.
    """
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    tensors = stored_body({name: weights.detach().numpy() for name, weights in body.state_dict().items()})
    for name in (WORD_TABLE, f"{WORD_TABLE}.scales"):
        del tensors[name]
    beside = {"encoder": encoder.name, "table_of": table_of}
    save_file(tensors, out / "layers.safetensors", metadata=beside)
    (out / "layers.safetensors").chmod(0o644)
    config = {"name": "xinsheng-base", "version": VERSION, "dim": encoder.dim + body.config.hidden_size, "seed": seed}
    seal_weights(out, {**config, **beside}, ("layers.safetensors",))


if __name__ == "__main__":
    main()
