"""Stands in for ``google.colab``: what mounts, downloads or shows does nothing, and what is uploaded is there."""

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


class Uploaded(Dict[str, bytes]):
    """The files that somebody would choose: those beside the script, each read when it is asked for."""

    def __init__(self) -> None:
        names = sorted(name for name in os.listdir(os.curdir) if os.path.isfile(name) and not name.endswith(_CODE))
        super().__init__({name: b"" for name in names if not name.startswith(".")})

    def __getitem__(self, name: str) -> bytes:
        with open(name, "rb") as stream:
            return stream.read()


class Colab(MetaPathFinder, Loader):
    """Finds the package and whatever module of it is asked for; the last of all finders, so that the real one wins."""

    def install(self) -> None:
        """Answer what nobody else does, from now on."""
        sys.meta_path.append(self)

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]],  # noqa: ARG002 - the protocol names it
        target: Optional[ModuleType] = None,  # noqa: ARG002 - the same
    ) -> Optional[ModuleSpec]:
        """Return a spec of Colab's package, its parts and its parent; None for all others."""
        ours = fullname in ("google", NAME) or fullname.startswith(NAME + ".")
        return ModuleSpec(fullname, self, is_package=True) if ours else None

    def create_module(self, spec: ModuleSpec) -> Optional[ModuleType]:  # noqa: ARG002 - the same
        """Have Python make an ordinary module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Give a part of Colab's package every function that it may be asked for."""
        if module.__name__ not in ("google", NAME):
            module.__dict__["__getattr__"] = _function


def _function(name: str) -> Foreign:
    if name.startswith("__"):
        raise AttributeError(name)
    return Uploaded if name == "upload" else _nothing


def _nothing(*_: Foreign, **__: Foreign) -> None:
    """Do what Colab would do, outside of Colab."""
