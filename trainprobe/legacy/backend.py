"""Functions of ``keras.backend`` that are gone."""

from __future__ import annotations

import sys
from typing import Dict

from trainprobe.foreign import Foreign
from trainprobe.legacy.keywords import ORDERINGS


def made(keras: Foreign) -> Dict[str, Dict[str, object]]:
    """Return them by name."""
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
