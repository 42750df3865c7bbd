"""Finds modules where a script that runs beside a library would not: the library's, and the author's with new paths."""

from __future__ import annotations

import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Optional, Sequence

from trainprobe.environment.paths import PathMap
from trainprobe.run.source import compiled


def find_first(finder: MetaPathFinder) -> None:
    """Let *finder* look for modules before the ordinary finder, from now on."""
    ordinary = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else len(sys.meta_path)
    sys.meta_path.insert(ordinary, finder)


class OthersModules(MetaPathFinder):
    """Finds a library in spite of a script of the same name: a script is no module of its own.

    A ``keras.py`` that imports keras means the library, and a library that imports the standard ``code`` does not mean
    the author's ``code.py``.
    """

    def __init__(self, script: Path) -> None:
        """Look past *script* for a module of its name."""
        self._name = script.stem
        self._folder = str(script.parent)

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """Return what there is of that name beside the script; None where there is nothing, or for another name."""
        if fullname != self._name or path is not None:
            return None
        return PathFinder.find_spec(fullname, [folder for folder in sys.path if folder != self._folder], target)


class AuthorsModules(MetaPathFinder):
    """Finds what the ordinary finder finds, and has the author's own modules compiled with the paths replaced."""

    def __init__(self, code: Path, places: PathMap) -> None:
        """Take modules below *code* for the author's own."""
        self._code = str(code) + os.sep
        self._places = places

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """Return the ordinary spec, with a loader of ours for a source file of the author's."""
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            origin = str(spec.origin)
            if os.path.abspath(origin).startswith(self._code) and "site-packages" not in origin:
                spec.loader = _Loader(fullname, origin, self._places)
        return spec


class _Loader(SourceFileLoader):
    """Loads a module from its source alone: what lies compiled beside it has the author's paths."""

    def __init__(self, fullname: str, path: str, places: PathMap) -> None:
        super().__init__(fullname, path)
        self._places = places

    def get_code(self, fullname: str) -> CodeType:
        """Return the module's code."""
        path = self.get_filename(fullname)
        return compiled(self.get_data(path), path, self._places)
