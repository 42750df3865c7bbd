"""Facts about a network of PyTorch."""

from __future__ import annotations

from typing import Dict, Optional

from trainprobe.facts.activations import torch_layers
from trainprobe.foreign import Foreign, as_number

_NAMED = {"units": "out_features", "filters": "out_channels", "rate": "p"}
_PASSED = ("squeeze", "view", "reshape", "alias", "unsqueeze", "clone", "slice")
_ENDS = {"softmax": "softmax", "logsoftmax": "log_softmax", "sigmoid": "sigmoid", "relu": "relu", "tanh": "tanh"}


def describe_module(model: Foreign, optimizer: Foreign) -> Dict[str, object]:
    """Return class, size, layers and optimizer of a module; the layers are those that hold no others."""
    parameters = list(model.parameters()) if hasattr(model, "parameters") else []
    rate = as_number(optimizer.param_groups[0].get("lr"))
    return {
        "library": "torch",
        "class": type(model).__name__,
        "parameters": sum(int(one.numel()) for one in parameters),
        "layers": [_layer(layer) for layer in torch_layers(model)] if hasattr(model, "modules") else [],
        "optimizer": type(optimizer).__name__,
        "learning_rate": None if rate is None else float("{:.6g}".format(rate)),
    }


def describe_output(output: Foreign) -> Dict[str, object]:
    """Return how many values a network puts out for a row, and what made them."""
    return {"units": int(output.shape[-1]) if output.ndim > 1 else 1, "activation": _made_by(output.grad_fn)}


def loss_made_by(step: Foreign) -> Optional[str]:
    """Return the name of the loss whose last *step* this is, where the script calls a function for it."""
    name = _name(step)
    return name if "loss" in name or "entropy" in name else None


def _layer(layer: Foreign) -> Dict[str, object]:
    facts: Dict[str, object] = {"class": type(layer).__name__}
    for name, attribute in _NAMED.items():
        value = getattr(layer, attribute, None)
        if isinstance(value, (int, float)):
            facts[name] = value
    facts["parameters"] = sum(int(one.numel()) for one in layer.parameters())
    return facts


def _made_by(step: Foreign) -> str:
    while step is not None and _name(step).startswith(_PASSED):
        step = step.next_functions[0][0] if step.next_functions else None
    return _ENDS.get(_name(step), "linear") if step is not None else "linear"


def _name(step: Foreign) -> str:
    """Return ``logsoftmax`` for LogSoftmaxBackward0."""
    return str(step.name()).partition("Backward")[0].lower() if hasattr(step, "name") else ""
