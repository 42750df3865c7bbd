"""Switches the old names on."""

from __future__ import annotations

import os
import sys
from functools import partial
from types import ModuleType
from typing import Callable, Optional

from trainprobe.compat import numpy_names, pandas_calls, scikit_names, tensorflow_names
from trainprobe.compat.keras_names import KerasNames
from trainprobe.compat.shims import Served
from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport, Steps
from trainprobe.patching.module_finder import OldNames
from trainprobe.watch import Watch


def serve(watch: Watch) -> Steps:
    """Serve tf-keras as ``keras`` and ``tensorflow.keras`` from now on; nothing of them may be imported yet.

    Returns:
        What to do after the import of other libraries, so that they know their old names.
    """
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    served = Served(watch)
    keras = KerasNames(served)

    def find(name: str) -> Optional[Callable[[], ModuleType]]:
        return keras.find(name) or scikit_names.find(served, name)

    sys.meta_path.insert(0, OldNames(find))
    return {
        "numpy": _step(served, numpy_names.apply),
        "pandas": _step(served, pandas_calls.apply),
        "sklearn.model_selection": _step(served, scikit_names.apply_selection),
        "sklearn.preprocessing": _step(served, scikit_names.apply_preprocessing),
        "sklearn.utils.class_weight": _step(served, scikit_names.apply_class_weight),
        "tensorflow": _step(served, tensorflow_names.apply),
    }


def _step(served: Served, shims: Callable[[Served, Foreign], None]) -> AfterImport:
    return partial(served.apply, shims)
