"""Replaces ``google.colab``: its functions do nothing, and uploaded files are those beside the script."""

from __future__ import annotations

import os
import sys
from functools import partial
from types import ModuleType
from typing import Callable, Dict, Optional

from trainprobe.foreign import Foreign
from trainprobe.patching.imports import ModuleAliases

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


def install_colab() -> None:
    """Serve the package and any module of it from now on; the finder is the last one, so that the real package wins."""
    sys.meta_path.append(ModuleAliases(_find))


def _find(name: str) -> Optional[Callable[[], ModuleType]]:
    return partial(_module, name) if name in ("google", NAME) or name.startswith(NAME + ".") else None


def _module(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = []
    if name not in ("google", NAME):
        module.__getattr__ = _function  # type: ignore[method-assign]
    return module


def _function(name: str) -> Foreign:
    if name.startswith("__"):
        raise AttributeError(name)
    return UploadedFiles if name == "upload" else lambda *_, **__: None  # nothing is mounted, downloaded or shown
