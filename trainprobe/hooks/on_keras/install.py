"""Watches Keras: every ``fit`` of the script, and what measures."""

from __future__ import annotations

from functools import partial
from typing import Dict, List

from trainprobe.foreign import Foreign
from trainprobe.hooks.held_out import of_network
from trainprobe.hooks.on_keras.fit import KerasFit
from trainprobe.hooks.on_keras.measures import watch_measures
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, arguments, wrap
from trainprobe.watch import KERAS_FIT, Watch


def keras_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of Keras, under each of its names; ``tensorflow.keras`` is one of them."""
    return {"keras": partial(_watch_models, watch), "tf_keras": partial(_watch_models, watch)}


def _watch_models(watch: Watch, keras: Foreign) -> None:
    with watch.guard("watching Keras"):
        model = getattr(keras, "Model", None) or keras.models.Model
        for owner in _owners(model, keras.__name__):
            wrap(owner, "fit", partial(_fit, watch, keras))
        watch_measures(watch, keras, _owners(model, keras.__name__))


def _owners(model: Foreign, library: str) -> List[Foreign]:
    # Model inherits fit from the trainer of the backend in use; patched where it is defined, all subclasses have it.
    return [owner for owner in model.__mro__ if owner.__module__.split(".")[0] == library]


def _fit(watch: Watch, keras: Foreign, original: Function) -> Function:
    def fit(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside(KERAS_FIT) as outermost:
            given = arguments(original, (self, *args), kwargs)
            session = None
            if outermost and given:
                with watch.guard("fit"):
                    session = KerasFit(watch, keras.callbacks.Callback, original, given)
                    watch.trace.validated_with(watch.trace.fits[-1], given.get("validation_data"))
                    if watch.holdout:
                        session.train_on(of_network(watch, given))
            return session.run() if session is not None else original(self, *args, **kwargs)

    return fit
