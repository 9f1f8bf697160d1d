"""What a setting names, told without loading it: name, version, files and their digests, size, and what is wrong."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from models.embedding import all_families as encoders
from models.families import Family, NoSuchModel, folder_of, only_family
from models.sentiment import all_families as sentiment_models
from models.shipped_weights import WEIGHTS

Role = Literal["encoder", "sentiment"]
CARD = "README.md"
CLASSES = ("negative", "neutral", "positive")

MARKS = {"accurate": {"beside"}, "base": {"encoder", "table_of"}}
"""What the config of this kind of folder has and no other one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a model cannot be used: a code, and the values at fault; whoever shows it has the words.

    `unknown_kind` (given, known), `nothing_named`, `no_folder` (folder), `no_json` (file), `no_digests` (folder),
    `file_missing` (file), `file_damaged` (file), `nothing_there` (folder), `other_kind` (folder, given),
    `other_encoder`, `other_fast` and `other_table` (folder, trained_on, beside).
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """A file of a model; `verified` says whether it has the digest that config.json states, None: it states none."""

    name: str
    bytes: int
    sha256: str
    verified: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """A model that a setting names.

    `name` is what results are stored under, None where only loading tells; `network` says whether loading it would ask
    a hub; `problem` says why it cannot be used. `classes` are those of a sentiment model as its head has
    them, `trained_on` is the encoder, or the shipped fast model, that a sentiment model belongs to.
    """

    role: Role
    setting: str
    title: str
    name: str | None = None
    version: str | None = None
    folder: Path | None = None
    card: Path | None = None
    files: tuple[FileFacts, ...] = ()
    dim: int | None = None
    classes: tuple[str, ...] = ()
    trained_on: str | None = None
    network: bool = False
    problem: Problem | None = None

    @property
    def bytes(self) -> int:
        """Size of all its files."""
        return sum(file.bytes for file in self.files)

    @property
    def verified(self) -> bool | None:
        """Whether every file has the digest stated for it; None where none is stated."""
        stated = [file.verified for file in self.files if file.verified is not None]
        return all(stated) if stated else None


def describe(setting: str, role: Role) -> ModelFacts:
    """Return what is known of the model that a setting names; what is wrong with it is told, not raised."""
    families: Mapping[str, Family[Any]] = encoders() if role == "encoder" else sentiment_models()
    prefix, _, rest = setting.partition(":")
    try:
        family = only_family(prefix, families, kind="encoder" if role == "encoder" else "sentiment model")
        folder = family.weights if family.weights is not None and not rest else folder_of(rest)
    except NoSuchModel as error:
        problem = Problem(code=error.code, values=error.values)
        return ModelFacts(role=role, setting=setting, title=prefix, problem=problem)
    if folder is None:
        return ModelFacts(role=role, setting=setting, title=family.title, network=True)
    sealed = family.weights is not None
    found = _of_folder(folder, ModelFacts(role=role, setting=setting, title=family.title), sealed=sealed)
    if found.problem is None and found.trained_on is not None:
        shipped = describe("shipped", "sentiment" if prefix == "accurate" else "encoder")
        values = {"folder": str(folder), "trained_on": found.trained_on, "beside": shipped.name or "shipped"}
        fast, encoder = Problem(code="other_fast", values=values), Problem(code="other_encoder", values=values)
        found = _beside(found, shipped, found.trained_on, other=fast if prefix == "accurate" else encoder)
    if found.problem is None and prefix == "base":
        # The table alone is needed: what the accurate model stands beside is nothing to an encoder.
        accurate = ModelFacts(role="sentiment", setting="accurate", title=family.title)
        shipped = _of_folder(WEIGHTS / "accurate", accurate, sealed=True)
        values = {"folder": str(folder), "trained_on": _table_of(folder), "beside": shipped.name or "accurate"}
        other = Problem(code="other_table", values=values)
        found = _beside(found, shipped, _table_of(folder), other=other)
    return found


def _beside(found: ModelFacts, shipped: ModelFacts, trained_on: str, *, other: Problem) -> ModelFacts:
    """Return a model with what is wrong with the shipped one it needs: damaged, or another one."""
    if shipped.problem is not None or shipped.name != trained_on:
        return replace(found, problem=shipped.problem or other)
    return found


def _table_of(folder: Path) -> str:
    return str(json.loads((folder / "config.json").read_text("utf-8"))["table_of"])


def _of_folder(folder: Path, known: ModelFacts, *, sealed: bool) -> ModelFacts:
    told: dict[str, Any] = {"role": known.role, "setting": known.setting, "title": known.title, "folder": folder}
    config_path = folder / "config.json"
    card = folder / CARD
    told["card"] = card if card.is_file() else None
    kind = known.setting.partition(":")[0]
    try:
        config = json.loads(config_path.read_text("utf-8")) if config_path.is_file() else {}
    except ValueError:
        return ModelFacts(**told, problem=Problem(code="no_json", values={"file": str(config_path)}))
    if sealed and "sha256" not in config:
        return ModelFacts(**told, problem=Problem(code="no_digests", values={"folder": str(folder)}))
    stated: Mapping[str, str] = config.get("sha256", {}) if sealed else {}
    files = _files(folder, stated)
    missing = sorted(set(stated) - {file.name for file in files})
    damaged = [file.name for file in files if file.verified is False]
    problem = None
    if missing:
        problem = Problem(code="file_missing", values={"file": str(folder / missing[0])})
    elif damaged:
        problem = Problem(code="file_damaged", values={"file": str(folder / damaged[0])})
    elif not files:
        problem = Problem(code="nothing_there", values={"folder": str(folder)})
    elif sealed and [name for name, marks in MARKS.items() if marks <= set(config)] != [
        name for name in MARKS if name == kind
    ]:
        problem = Problem(code="other_kind", values={"folder": str(folder), "given": kind})
    name = version = None
    if sealed:
        together = "".join(stated[name] for name in sorted(stated))
        version = str(config["version"])
        name = f"{config['name']}-{version}+{hashlib.sha256(together.encode()).hexdigest()[:8]}"
    return ModelFacts(
        **told,
        name=name,
        version=version,
        files=files,
        dim=_number(config.get("dim", config.get("hidden_size"))) if known.role == "encoder" else None,
        classes=(CLASSES if sealed else _labels(config)) if known.role == "sentiment" else (),
        trained_on=config.get("encoder", config.get("beside")) if sealed else None,
        problem=problem,
    )


def _files(folder: Path, stated: Mapping[str, str]) -> tuple[FileFacts, ...]:
    """Return the files that hold the model: those with a stated digest, or all that hold weights."""
    names = sorted(stated) or sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.suffix in (".safetensors", ".bin", ".npy", ".npz", ".onnx") and path.is_file()
    )
    found = []
    for name in names:
        path = folder / name
        if path.is_file():
            state = path.stat()
            digest = _digest(path, state.st_mtime_ns, state.st_size)
            found.append(
                FileFacts(
                    name=name,
                    bytes=state.st_size,
                    sha256=digest,
                    verified=digest == stated[name] if name in stated else None,
                )
            )
    return tuple(found)


@lru_cache(maxsize=64)
def _digest(path: Path, changed: int, size: int) -> str:
    """Return the SHA-256 of a file; time and size of its last change tell one state of it from the next."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _labels(config: Mapping[str, Any]) -> tuple[str, ...]:
    named = config.get("id2label", {})
    return tuple(str(named[key]) for key in sorted(named, key=lambda key: (len(str(key)), str(key))))
