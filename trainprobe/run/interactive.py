"""Lets a script run that was exported from a notebook, or is called like a library."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Callable, Dict, Optional, Sequence


class Shell:
    """What ``get_ipython()`` returns where there is no IPython: whatever it is asked for is not done."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Return a function that does nothing."""
        return lambda *_, **__: None


def exported(source: bytes) -> Dict[str, object]:
    """Return the names that a notebook gives to its cells, where the *source* of a script uses them."""
    given: Dict[str, object] = {"get_ipython": Shell, "display": print}
    return {name: value for name, value in given.items() if name.encode("ascii") + b"(" in source}


class NotItself(MetaPathFinder):
    """Finds a library in spite of a script that is called like it: a script is no module of its own.

    A ``keras.py`` that imports keras means the library, and a library that imports the standard ``code`` does not mean
    the author's ``code.py``.
    """

    def __init__(self, script: Path) -> None:
        """Look past *script* for a module of its name."""
        self._name = script.stem
        self._folder = str(script.parent)

    def install(self) -> None:
        """Take the ordinary finder's turn where such a module is imported, from now on."""
        ordinary = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else len(sys.meta_path)
        sys.meta_path.insert(ordinary, self)

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """Return what there is of that name beside the script; None where there is nothing, or for another name."""
        if fullname != self._name or path is not None:
            return None
        return PathFinder.find_spec(fullname, [folder for folder in sys.path if folder != self._folder], target)
