"""Replaces ``google.colab``: its functions do nothing, and uploaded files are those beside the script."""

from __future__ import annotations

import os
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Dict, Optional, Sequence

from trainprobe.foreign import Foreign

NAME = "google.colab"
_CODE = (".py", ".ipynb", ".md", ".toml", ".yml", ".yaml")


class UploadedFiles(Dict[str, bytes]):
    """The files that somebody would upload: those beside the script, each read on access."""

    def __init__(self) -> None:
        names = sorted(name for name in os.listdir(os.curdir) if os.path.isfile(name) and not name.endswith(_CODE))
        super().__init__({name: b"" for name in names if not name.startswith(".")})

    def __getitem__(self, name: str) -> bytes:
        with open(name, "rb") as stream:
            return stream.read()


class ColabStub(MetaPathFinder, Loader):
    """Finds the package and any module of it; the last of all finders, so that the real package wins."""

    def install(self) -> None:
        """Serve what no other finder finds, from now on."""
        sys.meta_path.append(self)

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]],  # noqa: ARG002 - the protocol names it
        target: Optional[ModuleType] = None,  # noqa: ARG002 - the same
    ) -> Optional[ModuleSpec]:
        """Return a spec of Colab's package, its modules and its parent; None for all others."""
        ours = fullname in ("google", NAME) or fullname.startswith(NAME + ".")
        return ModuleSpec(fullname, self, is_package=True) if ours else None

    def create_module(self, spec: ModuleSpec) -> Optional[ModuleType]:  # noqa: ARG002 - the same
        """Let Python make an ordinary module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Give a module of Colab's package any function that a script imports."""
        if module.__name__ not in ("google", NAME):
            module.__dict__["__getattr__"] = _function


def _function(name: str) -> Foreign:
    if name.startswith("__"):
        raise AttributeError(name)
    return UploadedFiles if name == "upload" else _nothing


def _nothing(*_: Foreign, **__: Foreign) -> None:
    """Mount, download or show nothing."""
