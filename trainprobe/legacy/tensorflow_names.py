"""Names of TensorFlow 1 that TensorFlow 2 keeps apart, and ``tensorflow.keras``."""

from __future__ import annotations

import importlib
import sys
from functools import partial

from trainprobe.foreign import Foreign
from trainprobe.legacy.finder import fill
from trainprobe.legacy.served import Served

_OLD_COPY = "tensorflow.python.keras"  # what TensorFlow keeps for itself; scripts mean the public one


def apply(served: Served, tensorflow: Foreign) -> None:
    """Let ``tensorflow.keras`` be what ``keras`` is, and ``tensorflow.Session`` what it was in TensorFlow 1."""
    if "keras" in vars(tensorflow):  # it would load a copy of its own
        del tensorflow.keras
    fill(tensorflow, partial(_name, served, tensorflow))
    for name in [name for name in sys.modules if name == _OLD_COPY or name.startswith(_OLD_COPY + ".")]:
        del sys.modules[name]
    private: Foreign = sys.modules[_OLD_COPY.rpartition(".")[0]]
    if "keras" in vars(private):
        del private.keras
    fill(private, _python_name)
    served.tensorflow = True


def _name(served: Served, tensorflow: Foreign, name: str) -> object:
    if name == "keras":
        return importlib.import_module("tensorflow.keras")
    found = getattr(tensorflow.compat.v1, name)
    served.used("tensorflow." + name)
    return found


def _python_name(name: str) -> object:
    if name != "keras":
        raise AttributeError(name)
    return importlib.import_module(_OLD_COPY)
