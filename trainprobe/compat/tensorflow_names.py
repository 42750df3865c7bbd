"""Names of TensorFlow 1 that TensorFlow 2 has in ``compat.v1`` only, and ``tensorflow.keras``."""

from __future__ import annotations

import importlib
import sys
from functools import partial
from typing import Dict

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import GoneError, fill

#: Modules of which TensorFlow 2 keeps the old names apart, too.
MODULES = ("math", "nn", "summary", "train")
#: What no version of TensorFlow 2 has, with the remedy.
GONE: Dict[str, str] = {
    "contrib": "Use its replacement in TensorFlow 2 or in a package of its own.",
    "estimator": "Use a Keras model.",
    "examples": "Load MNIST by keras.datasets.mnist.load_data().",
}
_OLD_COPY = "tensorflow.python.keras"  # what TensorFlow keeps for itself; scripts mean the public one


def install(shims: Shims, tensorflow: Foreign) -> None:
    """Make ``tensorflow.keras`` the same as ``keras``, and restore ``tensorflow.Session`` and the like."""
    if "keras" in vars(tensorflow):  # it would load a copy of its own
        del tensorflow.keras
    fill(tensorflow, partial(_name, shims, tensorflow))
    for name in [name for name in sys.modules if name == _OLD_COPY or name.startswith(_OLD_COPY + ".")]:
        del sys.modules[name]
    for name in MODULES:
        fill(getattr(tensorflow, name), partial(_old_name, shims, tensorflow, name + "."))
    private: Foreign = sys.modules[_OLD_COPY.rpartition(".")[0]]
    if "keras" in vars(private):
        del private.keras
    fill(private, _python_name)
    shims.tensorflow = True


def _name(shims: Shims, tensorflow: Foreign, name: str) -> object:
    if name == "keras":
        return importlib.import_module("tensorflow.keras")
    if name in GONE:
        raise GoneError(f"tensorflow.{name} was removed in TensorFlow 2. {GONE[name]}")
    return _old_name(shims, tensorflow, "", name)


def _old_name(shims: Shims, tensorflow: Foreign, module: str, name: str) -> object:
    old = tensorflow.compat.v1
    found = getattr(getattr(old, module[:-1]) if module else old, name)
    shims.used("tensorflow." + module + name)
    return found


def _python_name(name: str) -> object:
    if name != "keras":
        raise AttributeError(name)
    return importlib.import_module(_OLD_COPY)
