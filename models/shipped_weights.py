"""The folders of shipped weights: their config.json, and the check that the files are the ones it describes."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedWeights:
    """A folder whose files have the digests its config.json states."""

    folder: Path
    name: str
    config: dict[str, Any]


def open_weights(folder: Path) -> ShippedWeights:
    """Return a folder of weights after checking every file against the SHA-256 in its config.json.

    `name` is the config's name and version with the first eight digits of the digest of all files, so it changes
    when the weights do. Raises FileNotFoundError where the folder is not one of weights, ValueError where a file
    differs from what the config says.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise FileNotFoundError(f"{folder} holds no config.json: it is not a folder of shipped weights")
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    together = hashlib.sha256()
    for name, expected in sorted(config["sha256"].items()):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{folder / name} is missing; copy the whole folder or train the model again")
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if digest != expected:
            raise ValueError(
                f"{folder / name} has SHA-256 {digest[:12]}…, its config.json says {expected[:12]}…: the file is"
                " damaged or from another training; restore it (a Git LFS pointer?) or train the model again"
            )
        together.update(digest.encode())
    name = f"{config['name']}-{config['version']}+{together.hexdigest()[:8]}"
    return ShippedWeights(folder=folder, name=name, config=config)


def seal_weights(folder: Path, config: dict[str, Any], files: tuple[str, ...]) -> None:
    """Write config.json with the SHA-256 of the named files."""
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    text = json.dumps(config | {"sha256": digests}, ensure_ascii=False, indent=2)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
