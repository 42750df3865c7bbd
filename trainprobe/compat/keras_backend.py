"""Functions of ``keras.backend`` that were removed or took other arguments."""

from __future__ import annotations

import sys
from functools import partial
from typing import Dict

from trainprobe.compat.keras_keywords import ORDERINGS
from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, replace


def install(shims: Shims, keras: Foreign) -> None:
    """Let ``K.function`` take ``K.learning_phase()``, which is a number today, among the inputs."""
    replace(keras.backend, "function", partial(_with_phase, shims, keras))


def additions(keras: Foreign) -> Dict[str, Dict[str, object]]:
    """Return the functions that were removed, by module."""
    backend = keras.backend

    def image_dim_ordering() -> str:
        return "th" if backend.image_data_format() == "channels_first" else "tf"

    def set_image_dim_ordering(dim_ordering: str) -> None:
        backend.set_image_data_format(ORDERINGS.get(dim_ordering) or dim_ordering)

    return {
        "backend": {
            "get_variable_shape": backend.int_shape,
            "image_dim_ordering": image_dim_ordering,
            "set_image_dim_ordering": set_image_dim_ordering,
            "tf": sys.modules["tensorflow"],
        }
    }


def _with_phase(shims: Shims, keras: Foreign, original: Function) -> Function:
    def function(inputs: Foreign, outputs: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        phases = [index for index, one in enumerate(inputs) if isinstance(one, int)] if _is_listed(inputs) else []
        if not phases:
            return original(inputs, outputs, *args, **kwargs)
        shims.used("K.function(inputs with K.learning_phase())")
        model = keras.Model([one for index, one in enumerate(inputs) if index not in phases], outputs)

        def run(values: Foreign) -> Foreign:
            given = [one for index, one in enumerate(values) if index not in phases]
            found = model(given, training=bool(values[phases[0]]))
            arrays = [one.numpy() for one in (found if _is_listed(found) else [found])]
            return arrays if _is_listed(outputs) else arrays[0]

        return run

    return function


def _is_listed(given: Foreign) -> bool:
    return isinstance(given, (list, tuple))
