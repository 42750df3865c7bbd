"""Scale the inputs, by whichever library the script uses."""

from __future__ import annotations

from services.tweaker.codemods import scale_keras, scale_sklearn
from services.tweaker.codemods.edit import Edit, Setting
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.script import Script


def _apply(script: Script, largest: Setting) -> bytes:
    """Scale inside the network if there is one, else in front of the estimator."""
    try:
        return scale_keras.scale(script, float(largest) if isinstance(largest, int | float) else None)
    except NotUnderstoodError as no_network:
        try:
            return scale_sklearn.scale(script)
        except NotUnderstoodError as no_estimator:
            raise NotUnderstoodError(f"{no_network}, and {no_estimator}") from no_estimator


EDIT = Edit("scale_inputs", _apply)
