"""Lets a model of Keras 3 that was loaded from a ``.h5`` file be trained further, as Keras 2 did.

Keras 3 builds the optimizer of such a model for those variables only that stand on the model itself. Where all are in
its layers these are none, and the first step then raises "Unknown variable".
"""

from __future__ import annotations

from functools import partial
from typing import Dict, Sequence

from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, wrap
from trainprobe.watch import Watch


def keras_load_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of Keras; tf-keras builds its optimizers otherwise."""
    return {"keras": partial(_let_optimizers_wait, watch)}


def _let_optimizers_wait(watch: Watch, keras: Foreign) -> None:
    with watch.guard("mending what Keras loads"):
        for owner in keras.optimizers.Optimizer.__mro__:
            if owner.__module__.startswith("keras."):
                wrap(owner, "build", _for_some)


def _for_some(original: Function) -> Function:
    """Make an optimizer that is built for no variables wait for the first step, which names them."""

    def build(self: Foreign, variables: Sequence[Foreign]) -> Foreign:
        return original(self, variables) if len(variables) else None

    return build
