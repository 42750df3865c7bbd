"""Watches Keras: every ``fit`` and ``evaluate`` of the script."""

from __future__ import annotations

from functools import partial
from typing import Dict, List

from trainprobe.foreign import Foreign
from trainprobe.hooks.calls import Function, arguments, wrap
from trainprobe.hooks.keras_fit import KerasFit
from trainprobe.imports import AfterImport
from trainprobe.numeric import as_number
from trainprobe.watch import Watch


def keras_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of Keras, under each of its names; ``tensorflow.keras`` is one of them."""
    return {"keras": partial(_watch_models, watch), "tf_keras": partial(_watch_models, watch)}


def _watch_models(watch: Watch, keras: Foreign) -> None:
    with watch.guard("watching Keras"):
        model = getattr(keras, "Model", None) or keras.models.Model
        for owner in _owners(model, keras.__name__):
            wrap(owner, "fit", partial(_fit, watch, keras))
            wrap(owner, "evaluate", partial(_evaluate, watch))


def _owners(model: Foreign, library: str) -> List[Foreign]:
    # Model inherits fit from the trainer of the backend in use; patched where it is defined, all subclasses have it.
    return [owner for owner in model.__mro__ if owner.__module__.split(".")[0] == library]


def _fit(watch: Watch, keras: Foreign, original: Function) -> Function:
    def fit(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("fit") as outermost:
            given = arguments(original, (self, *args), kwargs)
            session = None
            if outermost and given:
                with watch.guard("fit"):
                    session = KerasFit(watch, keras.callbacks.Callback, original, given)
            return session.run() if session is not None else original(self, *args, **kwargs)

    return fit


def _evaluate(watch: Watch, original: Function) -> Function:
    def evaluate(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("evaluate") as outermost:
            value = original(self, *args, **kwargs)
            if outermost:
                with watch.guard("evaluate"):
                    given = arguments(original, (self, *args), kwargs)
                    data = watch.trace.data_for(self, given.get("x"))
                    for name, number in _results(self, value).items():
                        watch.trace.measured(name, number, data, "keras.evaluate")
            return value

    return evaluate


def _results(model: Foreign, value: Foreign) -> Dict[str, float]:
    if isinstance(value, dict):
        named = value
    elif hasattr(model, "get_metrics_result"):
        named = model.get_metrics_result()
    else:
        values = value if isinstance(value, list) else [value]
        named = dict(zip(model.metrics_names, values))  # noqa: B905 - Python 3.7 has no strict
    numbers = {
        str(name): as_number(result.numpy() if hasattr(result, "numpy") else result) for name, result in named.items()
    }
    return {name: number for name, number in numbers.items() if number is not None}
