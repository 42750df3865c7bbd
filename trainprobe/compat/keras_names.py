"""Serves tf-keras as ``keras`` and ``tensorflow.keras``, with the modules and names that it no longer has."""

from __future__ import annotations

import importlib
from functools import partial
from operator import attrgetter
from types import ModuleType
from typing import Callable, Dict, Optional, Tuple

from trainprobe.compat import keras_functions, keras_layers, keras_optimizers, keras_training
from trainprobe.compat.keras_tables import GONE, MODULES, NAMES, PRIVATE, ROOTS
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import fill, is_real

LIBRARY = "tf_keras"
_FILLED = ("", "applications", "callbacks", "datasets", "mixed_precision", "models", "preprocessing", "src.engine")
MISSING = (
    "This script is written for Keras 1 or 2 and needs tf-keras, which is not installed. Install the "
    "release that fits TensorFlow (python -m pip install --no-deps tf-keras), or write keras = 3 into trainyard.toml."
)


def _package() -> ModuleType:
    package = ModuleType("tf_keras.wrappers")
    package.__path__ = []
    return package


#: Names that the shims make of others.
BUILT: Dict[str, object] = {**keras_functions.BUILT, **keras_layers.BUILT}
#: Modules that they make.
MADE: Dict[str, Callable[[], ModuleType]] = {
    "backend.tf": partial(importlib.import_module, "tensorflow"),
    "layers.merge": partial(keras_layers.MergeModule, "tf_keras.layers.merge"),
    "wrappers": _package,
    "wrappers.scikit_learn": partial(importlib.import_module, "trainprobe.compat.keras_wrappers"),
}


class KerasNames:
    """Finds the modules and names of Keras 1 and 2."""

    def __init__(self, shims: Shims) -> None:
        self._shims = shims
        self._ready = False

    def find(self, fullname: str) -> Optional[Callable[[], ModuleType]]:
        """Return a function that imports the module served as *fullname*; None where that is none of Keras."""
        root, path = _parted(fullname)
        if root is None or (root == LIBRARY and (not path or is_real(fullname))):
            return None
        if root.startswith("tensorflow.") and not self._shims.tensorflow:
            return None  # TensorFlow imports modules of its own under these names
        if not path:
            return partial(self._import_root, root)
        return self._module(path)

    def _import_root(self, root: str) -> ModuleType:
        self._shims.standalone = self._shims.standalone or root == "keras"
        return self._imported(ROOTS[root].partition(".")[2])

    def _module(self, path: str) -> Optional[Callable[[], ModuleType]]:
        self._prepare()
        if path in MADE:
            self._shims.used("keras." + path)
            return MADE[path]
        target = _target(path)
        if target is None:
            return None
        if target != path:
            self._shims.used("keras." + path)
        return partial(self._imported, target)

    def _imported(self, path: str) -> ModuleType:
        self._prepare()
        module = importlib.import_module(_full(path))
        public = MODULES.get(path.replace("src.", "", 1))
        if path.startswith("src.") and public not in (None, path) and "__getattr__" not in vars(module):
            fill(module, partial(getattr, importlib.import_module(_full(str(public)))))
        return module

    def _prepare(self) -> None:
        if self._ready:
            return
        self._ready = True
        if not is_real(LIBRARY):
            raise ImportError(MISSING)
        importlib.import_module("tensorflow")  # which imports tf-keras itself, half way through
        keras: Foreign = importlib.import_module(LIBRARY)
        self._shims.serve(keras.__version__)
        for path in dict.fromkeys((*_FILLED, *(name.rpartition(".")[0] for name in (*NAMES, *BUILT)))):
            fill(importlib.import_module(_full(path)), partial(self._name, keras, path))
        for shims in (keras_functions, keras_optimizers, keras_layers, keras_training):
            self._shims.install(shims.install, keras)

    def _name(self, keras: Foreign, path: str, name: str) -> object:
        full = "{}.{}".format(path, name).lstrip(".")
        if full in GONE:
            raise ImportError(f"keras.{full} was removed in Keras 2. {GONE[full]}")
        if full in BUILT:
            found = BUILT[full]
        elif full in NAMES:
            found = attrgetter(NAMES[full])(keras)
        else:
            module = self._module(full)
            if module is not None:
                return module()
            found = getattr(importlib.import_module(_full("src." + path if path else "src")), name)
        self._shims.used("keras." + full.replace("src.", "", 1))
        return found


def _parted(fullname: str) -> Tuple[Optional[str], str]:
    for root, library in ROOTS.items():
        if fullname == root or fullname.startswith(root + "."):
            parts = (library.partition(".")[2], fullname[len(root) + 1 :])
            return root, ".".join(part for part in parts if part) if fullname != root else ""
    return None, ""


def _target(path: str) -> Optional[str]:
    moved, private = MODULES.get(path), "src." + path
    if moved is not None and path.startswith(PRIVATE) and is_real(_full(private)):
        return private
    if moved is not None or is_real(_full(path)):
        return moved or path
    return private if is_real(_full(private)) else None


def _full(path: str) -> str:
    return LIBRARY + "." + path if path else LIBRARY
