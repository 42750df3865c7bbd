"""Lets a script import its neighbours by relative names, as one does that is started by ``python -m``."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

_RELATIVE = re.compile(rb"^\s*from\s+\.", re.MULTILINE)
ROOT = "trainyard_package"  # what the folder of the code is called as a package; its own name may be a library's


def belong_to_package(module: ModuleType, source: bytes, script: Path, code: Path) -> None:
    """Make *module*, in which the *source* of a *script* below *code* is to run, a part of the package of its folder.

    Nothing is done for a script without a relative import.
    """
    if not _RELATIVE.search(source):
        return
    parts = script.parent.relative_to(code).parts
    if parts:
        sys.path.insert(1, str(code))
        importlib.import_module(".".join(parts))
    else:
        package = ModuleType(ROOT)
        package.__path__ = [str(code)]
        sys.modules[ROOT] = package
    module.__package__ = ".".join(parts) or ROOT
