"""Facts about a model that was fitted."""

from __future__ import annotations

from typing import Dict, Optional

from trainprobe.foreign import Foreign
from trainprobe.numeric import as_number

MOST_LAYERS = 64
MOST_PARAMS = 64
_SETTINGS = ("units", "filters", "rate", "kernel_size", "strides", "pool_size", "padding")


def describe_network(model: Foreign) -> Dict[str, object]:
    """Return class, size, layers, optimizer and loss of a Keras model."""
    return {
        "library": "keras",
        "class": type(model).__name__,
        "parameters": int(model.count_params()) if getattr(model, "built", False) else None,
        "layers": [_layer(layer) for layer in model.layers[:MOST_LAYERS]],
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": _learning_rate(model.optimizer),
        "loss": _name(getattr(model, "loss", None)),
    }


def describe_estimator(model: Foreign) -> Dict[str, object]:
    """Return class and plain settings of a scikit-learn estimator; of a pipeline, those of its steps too."""
    params = model.get_params(deep=True) if hasattr(model, "get_params") else {}
    plain = {name: value for name, value in params.items() if isinstance(value, (bool, int, float, str, type(None)))}
    facts: Dict[str, object] = {"library": "sklearn", "class": type(model).__name__}
    facts["params"] = dict(sorted(plain.items())[:MOST_PARAMS])
    if hasattr(model, "steps"):
        facts["layers"] = [{"class": type(step).__name__} for _, step in model.steps]
    return facts


def _layer(layer: Foreign) -> Dict[str, object]:
    facts: Dict[str, object] = {"class": type(layer).__name__}
    for setting in _SETTINGS:
        value = getattr(layer, setting, None)
        if isinstance(value, (int, float, str, tuple)):
            facts[setting] = list(value) if isinstance(value, tuple) else value
    activation = _name(getattr(layer, "activation", None))
    return {**facts, "activation": activation} if activation else facts


def _learning_rate(optimizer: Foreign) -> Optional[float]:
    rate: Foreign = getattr(optimizer, "learning_rate", None)
    number = as_number(rate.numpy()) if hasattr(rate, "numpy") else as_number(rate)
    return None if number is None else round(number, 10)


def _name(value: Foreign) -> Optional[str]:
    if value is None or isinstance(value, str):
        return value
    return getattr(value, "__name__", None) or type(value).__name__
