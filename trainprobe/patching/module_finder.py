"""Serves modules and their contents under old names."""

from __future__ import annotations

import importlib
import importlib.abc
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Callable, Optional, Sequence

Find = Callable[[str], Optional[Callable[[], ModuleType]]]


class ModuleAliases(importlib.abc.MetaPathFinder):
    """Finds modules by *find*, which returns a function that imports one; None leaves a name to other finders."""

    def __init__(self, find: Find) -> None:
        """Serve what *find* finds."""
        self._find = find

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]],  # noqa: ARG002 - the import system calls it so
        target: Optional[ModuleType] = None,  # noqa: ARG002 - the same
    ) -> Optional[ModuleSpec]:
        """Return a spec whose loader hands over the existing module."""
        imported = self._find(fullname)
        return None if imported is None else ModuleSpec(fullname, _Handover(imported))


class _Handover(importlib.abc.Loader):
    """Serves the same module object under a second name, so that its classes keep their identity."""

    def __init__(self, imported: Callable[[], ModuleType]) -> None:
        self._imported = imported
        self._own: Optional[ModuleSpec] = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002 - the import system calls it so
        module = self._imported()
        self._own = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own  # the import system has just put the second name's there


class GoneError(AttributeError):
    """A name was removed; the message has the replacement."""


def fill(module: ModuleType, find: Callable[[str], object]) -> None:
    """Make ``module.name`` return *find(name)* where the module has no such name; *find* may raise `AttributeError`."""
    own = module.__dict__.get("__getattr__")

    def missing(name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return find(name)
        except GoneError:
            raise
        except AttributeError:
            if own is None:
                msg = "module {!r} has no attribute {!r}".format(module.__name__, name)
                raise AttributeError(msg) from None
            return own(name)

    module.__getattr__ = missing  # type: ignore[method-assign]


def is_real(name: str) -> bool:
    """Return whether the module *name* is in a file, and not only served."""
    parent = name.rpartition(".")[0]
    try:
        path = importlib.import_module(parent).__path__ if parent else None
    except (ImportError, AttributeError):  # no such parent, or one that is no package
        return False
    return PathFinder.find_spec(name, path) is not None
