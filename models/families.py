"""Kinds of models as files in a folder: each ends in one FAMILY, found by looking, named by a setting's prefix."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Model = TypeVar("Model")


# Without slots: a frozen, slotted, generic dataclass cannot be made through its alias.
@dataclass(frozen=True, kw_only=True)
class Family(Generic[Model]):
    """A kind of model: the prefix that names it in a setting, and how one is loaded from what follows the colon."""

    prefix: str
    title: str
    load: Callable[[str], Model]


def find_families(package: str, path: Iterable[str]) -> dict[str, Any]:
    """Return the FAMILY of every module of a package that has one, by prefix."""
    modules = (importlib.import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(path))
    return {module.FAMILY.prefix: module.FAMILY for module in modules if hasattr(module, "FAMILY")}


def load_named(setting: str, families: Mapping[str, Family[Model]], *, kind: str) -> Model:
    """Return the model that a setting `prefix:rest` names. Raises ValueError for an unknown prefix."""
    prefix, _, rest = setting.partition(":")
    family = families.get(prefix)
    if family is None:
        raise ValueError(f"no kind of {kind} is called {prefix!r}; known kinds: {', '.join(sorted(families))}")
    return family.load(rest)
