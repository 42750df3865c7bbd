"""Calls a function right after a module was imported, and serves modules and their contents under old names."""

from __future__ import annotations

import importlib
import importlib.abc
import sys
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Callable, Dict, List, Optional

from trainprobe.foreign import Foreign

AfterImport = Callable[[Foreign], object]
Steps = Dict[str, AfterImport]
Find = Callable[[str], Optional[Callable[[], ModuleType]]]


def merged(*groups: Steps) -> Steps:
    """Return one table of all *groups*; where several have a step for a module, they are done in that order."""
    steps: Dict[str, List[AfterImport]] = {}
    for group in groups:
        for name, step in group.items():
            steps.setdefault(name, []).append(step)
    return {name: partial(_do_all, several) for name, several in steps.items()}


def _do_all(steps: List[AfterImport], module: ModuleType) -> None:
    for step in steps:
        step(module)


class ImportWatcher(importlib.abc.MetaPathFinder):
    """Runs ``steps[name]`` once after the module *name* was executed, by adding it to the loader that others find."""

    def __init__(self, steps: Dict[str, AfterImport]) -> None:
        self._steps = steps

    def install(self) -> None:
        """Watch imports from now on; modules that are imported already are handled at once."""
        for name in list(self._steps):
            if name in sys.modules:  # one step may take away what another waits for
                self._step(name, sys.modules[name])
        sys.meta_path.insert(0, self)

    def find_spec(self, fullname: str, path: Foreign, target: Foreign = None) -> Optional[ModuleSpec]:
        """Return the ordinary spec of a watched module with its step added, and None for all others."""
        if fullname not in self._steps:
            return None
        spec = self._ordinary_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            _append_step(spec.loader, lambda module: self._step(fullname, module))
        return spec

    def _step(self, fullname: str, module: ModuleType) -> None:
        # Only now is the step used up: a library may ask for the spec alone, to see whether the module exists.
        step = self._steps.pop(fullname, None)
        if step is not None:
            step(module)

    def _ordinary_spec(self, fullname: str, path: Foreign, target: Foreign) -> Optional[ModuleSpec]:
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(fullname, path, target) if find is not None and finder is not self else None
            if isinstance(spec, ModuleSpec):
                return spec
        return None


def _append_step(loader: object, step: AfterImport) -> None:
    # A loader object belongs to one module, so its own attribute does what a wrapping class would, and the module's
    # __loader__ stays what the libraries expect there.
    execute = loader.exec_module  # type: ignore[attr-defined]

    def exec_module(module: ModuleType) -> None:
        del loader.exec_module  # type: ignore[attr-defined]
        execute(module)
        step(module)

    loader.exec_module = exec_module  # type: ignore[attr-defined]


class ModuleAliases(importlib.abc.MetaPathFinder):
    """Finds modules by *find*, which returns a function that imports one; None leaves a name to other finders."""

    def __init__(self, find: Find) -> None:
        self._find = find

    def find_spec(self, fullname: str, path: Foreign, target: Foreign = None) -> Optional[ModuleSpec]:  # noqa: ARG002 - the import system calls it so
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
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}") from None
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
