"""Kinds of models as files in a folder: each ends in one FAMILY, found by looking, named by a setting's prefix."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar, runtime_checkable

Model = TypeVar("Model")


class NoSuchModel(ValueError):
    """A setting that names no model: `code` says in which way, `values` what was given; its text is English."""

    def __init__(self, message: str, *, code: str, values: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.values = dict(values or {})


@runtime_checkable
class Travelling(Protocol):
    """A model that pickles as its name and is cheap to load again elsewhere; one on a graphics card is not."""

    travels: Literal[True]


# Without slots: a frozen, slotted, generic dataclass cannot be made through its alias.
@dataclass(frozen=True, kw_only=True)
class Family(Generic[Model]):
    """A kind of model: the prefix that names it in a setting, and how one is loaded from what follows the colon.

    `weights` is the folder of shipped weights that an empty name stands for, None where a name must follow.
    """

    prefix: str
    title: str
    load: Callable[[str], Model]
    weights: Path | None = None


def find_families(package: str, path: Iterable[str]) -> dict[str, Any]:
    """Return the FAMILY of every module of a package that has one, by prefix."""
    modules = (importlib.import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(path))
    return {module.FAMILY.prefix: module.FAMILY for module in modules if hasattr(module, "FAMILY")}


def load_named(setting: str, families: Mapping[str, Family[Model]], *, kind: str) -> Model:
    """Return the model that a setting `prefix:rest` names. Raises NoSuchModel for an unknown prefix."""
    prefix, _, rest = setting.partition(":")
    return only_family(prefix, families, kind=kind).load(rest)


def only_family(prefix: str, families: Mapping[str, Family[Model]], *, kind: str) -> Family[Model]:
    """Return the family with this prefix. Raises NoSuchModel, naming the known ones, where there is none."""
    family = families.get(prefix)
    if family is None:
        known = ", ".join(sorted(families))
        raise NoSuchModel(
            f"no kind of {kind} is called {prefix!r}; known kinds: {known}",
            code="unknown_kind",
            values={"given": prefix, "known": known},
        )
    return family


def folder_of(name: str) -> Path | None:
    """Return the folder that a name stands for, None where it can only be a name on a hub (`owner/model`).

    Raises NoSuchModel where nothing was named, or where what is written as a path leads nowhere.
    """
    if not name:
        raise NoSuchModel(
            "name a model or a folder after the colon, as in sentence-transformers:BAAI/bge-m3", code="nothing_named"
        )
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or name[0] in ".~" or "\\" in name or name.count("/") > 1 or path.exists():
        raise NoSuchModel(
            f"there is no folder {name!r} with a model; give the folder of a downloaded one",
            code="no_folder",
            values={"folder": name},
        )
    return None
