"""Watches Keras: every ``fit`` of the script, and its measurements."""

from __future__ import annotations

from functools import partial
from typing import Dict, List, Sequence

from trainprobe.foreign import Foreign
from trainprobe.hooks.held_out import of_network
from trainprobe.hooks.observe import Call, observe
from trainprobe.hooks.on_keras.fit import KerasFit
from trainprobe.hooks.on_keras.measures import watch_measures
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, around, wrap
from trainprobe.watch import KERAS_FIT, Watch


def keras_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of Keras, under each of its names; ``tensorflow.keras`` is one of them."""
    return {"keras": partial(_watch_models, watch), "tf_keras": partial(_watch_models, watch)}


def _watch_models(watch: Watch, keras: Foreign) -> None:
    with watch.guard("watching Keras"):
        model = getattr(keras, "Model", None) or keras.models.Model
        for owner in _owners(model, keras.__name__):
            wrap(owner, "fit", observe(watch, KERAS_FIT, before=partial(_fit_begins, keras)))
        watch_measures(watch, keras, _owners(model, keras.__name__))
    with watch.guard("letting loaded optimizers wait"):
        if keras.__name__ == "keras":  # tf-keras builds its optimizers otherwise
            for owner in _owners(keras.optimizers.Optimizer, "keras"):
                wrap(owner, "build", around(_build_optimizer))


def _owners(model: Foreign, library: str) -> List[Foreign]:
    # Model inherits fit from the trainer of the backend in use; patched where it is defined, all subclasses have it.
    return [owner for owner in model.__mro__ if owner.__module__.split(".")[0] == library]


def _fit_begins(keras: Foreign, call: Call) -> None:
    if call.given:
        fit = KerasFit(call.watch, keras.callbacks.Callback, call.function, call.given)
        call.instead = fit.run
        call.watch.trace.add_validation_data(call.watch.trace.fits[-1], call.given.get("validation_data"))
        if call.watch.holdout:
            fit.train_on(of_network(call.watch, call.given))


def _build_optimizer(original: Function, self: Foreign, variables: Sequence[Foreign]) -> Foreign:
    """Make an optimizer that is built without variables wait for the first step, which has them.

    Keras 3 builds the optimizer of a model that was loaded from a ``.h5`` file only for the variables of the model
    itself. Where all are in its layers, there are none, and the first step then raises "Unknown variable".
    """
    return original(self, variables) if len(variables) else None
