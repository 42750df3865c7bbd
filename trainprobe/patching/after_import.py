"""Calls a function right after a module of a given name was imported."""

from __future__ import annotations

import importlib.abc
import sys
from functools import partial
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Callable, Dict, List, Optional, Sequence

from trainprobe.foreign import Foreign

AfterImport = Callable[[Foreign], object]
Steps = Dict[str, AfterImport]


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
    """Finds nothing itself: lets the other finders find a module, and adds a step to its loader."""

    def __init__(self, steps: Dict[str, AfterImport]) -> None:
        """Run ``steps[name]`` once after the module *name* was executed."""
        self._steps = steps

    def install(self) -> None:
        """Watch imports from now on; modules that are imported already are handled at once."""
        for name in list(self._steps):
            if name in sys.modules:  # one step may take away what another waits for
                self._step(name, sys.modules[name])
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
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

    def _ordinary_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType]
    ) -> Optional[ModuleSpec]:
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
