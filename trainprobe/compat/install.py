"""Switches the shims on."""

from __future__ import annotations

import os
import sys
from functools import partial
from types import ModuleType
from typing import Callable, Dict, Optional, Sequence

from trainprobe.compat import numpy_names, pandas_calls, scikit_names, tensorflow_names
from trainprobe.compat.boosting_arguments import boosting_argument_steps
from trainprobe.compat.keras_names import KerasNames
from trainprobe.compat.scikit_arguments import scikit_argument_steps
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport, Steps, merged
from trainprobe.patching.module_finder import ModuleAliases
from trainprobe.watch import Watch

Install = Callable[[Shims, Foreign], None]
_SHIMS: Dict[str, Dict[str, Install]] = {
    "keras": {"tensorflow": tensorflow_names.install},
    "numpy": {"numpy": numpy_names.install},
    "pandas": {"pandas": pandas_calls.install},
    "sklearn": {
        "sklearn.preprocessing": scikit_names.install_preprocessing,
        "sklearn.utils.class_weight": scikit_names.install_class_weight,
    },
}
"""The shims for modules, by the library that a script needs in an older version."""


def compat_steps(watch: Watch, libraries: Sequence[str]) -> Steps:
    """Return what to do after the import of each module that has shims.

    Removed arguments are translated in every script. *libraries* are served with their older names and behaviour; with
    "keras" among them, tf-keras is served as ``keras`` and ``tensorflow.keras``, and neither may be imported yet.
    """
    shims = Shims(watch, libraries)
    if "keras" in libraries:
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
    if libraries:
        sys.meta_path.insert(0, ModuleAliases(_finder(shims, libraries)))
    chosen = (_SHIMS.get(library, {}) for library in libraries)
    return merged(
        boosting_argument_steps(shims),
        scikit_argument_steps(shims),
        {module: _step(shims, install) for each in chosen for module, install in each.items()},
    )


def _finder(shims: Shims, libraries: Sequence[str]) -> Callable[[str], Optional[Callable[[], ModuleType]]]:
    keras = KerasNames(shims)

    def find(name: str) -> Optional[Callable[[], ModuleType]]:
        found = keras.find(name) if "keras" in libraries else None
        return scikit_names.find(shims, name) if found is None and "sklearn" in libraries else found

    return find


def _step(shims: Shims, install: Install) -> AfterImport:
    return partial(shims.install, install)
