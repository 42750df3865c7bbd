"""Switches the shims on."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Sequence

from trainprobe.compat import numpy_names, pandas_calls, scikit_names, tensorflow_names
from trainprobe.compat.keras_names import KerasNames
from trainprobe.compat.removed_arguments import removed_argument_steps
from trainprobe.compat.shims import Shims
from trainprobe.patching.imports import ModuleAliases, Steps, merged
from trainprobe.watch import Watch

#: The shims for modules, by the library that a script needs in an older version.
_SHIMS = (
    ("keras", "tensorflow", tensorflow_names.install),
    ("numpy", "numpy", numpy_names.install),
    ("pandas", "pandas", pandas_calls.install),
    ("sklearn", "sklearn.preprocessing", scikit_names.install_preprocessing),
    ("sklearn", "sklearn.utils.class_weight", scikit_names.install_class_weight),
)


def compat_steps(watch: Watch, libraries: Sequence[str], why: str = "") -> Steps:
    """Return what to do after the import of each module that has shims.

    Removed arguments are translated in every script. *libraries* are served with their older names and behaviour; with
    "keras" among them, tf-keras is served as ``keras`` and ``tensorflow.keras``, and neither may be imported yet.
    *why* is the reason, where that is an attempt that failed.
    """
    shims = Shims(watch, libraries, why)
    if "sklearn" in libraries:
        sys.meta_path.insert(0, ModuleAliases(partial(scikit_names.find, shims)))
    if "keras" in libraries:
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        sys.meta_path.insert(0, ModuleAliases(KerasNames(shims).find))
    return merged(
        removed_argument_steps(shims),
        {module: partial(shims.install, install) for library, module, install in _SHIMS if library in libraries},
    )
