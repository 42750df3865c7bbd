"""Records the activations of a trained network, to see which units are dead and which saturated."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Callable, ContextManager, Dict, Iterator

from trainprobe.data.arrays import TABLE, as_array
from trainprobe.facts.model import MOST_LAYERS, torch_layers
from trainprobe.foreign import Foreign, numpy, torch

FLAT = 0.98  # from here on the activation function is nearly flat
_BOUNDED = ("tanh", "sigmoid", "softmax", "hard_sigmoid", "softsign")
Record = Callable[[Foreign], None]


class Activations:
    """The activations of one layer."""

    def __init__(self, activation: str) -> None:
        self._bounded = activation if activation in _BOUNDED else ""
        self._alive: Foreign = None
        self._flat = 0
        self._values = 0

    def record(self, output: Foreign) -> None:
        """Add the *output* for some rows; the last axis is that of the units."""
        values = as_numbers(output)
        if values is None or values.ndim < TABLE or not values.size:
            return
        values = values.reshape(-1, values.shape[-1])
        alive = (values != 0).any(axis=0)
        self._alive = alive if self._alive is None else self._alive | alive
        self._values += values.size
        if self._bounded:
            flat = abs(values) > FLAT
            if "sigmoid" in self._bounded:
                flat = flat | (values < 1 - FLAT)
            if self._bounded == "softmax":
                flat = flat.any(axis=1).repeat(values.shape[1])
            self._flat += int(flat.sum())

    def facts(self) -> Dict[str, object]:
        """Return the shares of dead units and of saturated values."""
        if self._alive is None:
            return {}
        facts: Dict[str, object] = {"dead": round(float((~self._alive).mean()), 4)}
        if self._bounded:
            facts["saturated"] = round(self._flat / self._values, 4)
        return facts


@dataclass
class Network:
    """A network that can predict, and while it is *recording* keeps the activations of its layers, by their number."""

    outputs: Callable[[Foreign], Foreign]
    layers: Dict[int, Activations]
    recording: Callable[[], ContextManager[None]]


def keras_network(model: Foreign) -> Network:
    """Return a model of Keras as a network that can predict."""
    listed = list(model.layers[:MOST_LAYERS])
    layers = {number: Activations(_activation(layer)) for number, layer in enumerate(listed)}

    @contextmanager
    def recording() -> Iterator[None]:
        with ExitStack() as undo:
            for number, layer in enumerate(listed):
                vars(layer)["call"] = _recorded(layer.call, layers[number].record)
                undo.callback(vars(layer).pop, "call", None)
            yield

    return Network(lambda rows: as_numbers(model(_arrays(rows), training=False)), layers, recording)


def torch_network(model: Foreign) -> Network:
    """Return a module of PyTorch as a network that can predict."""
    listed = torch_layers(model)
    layers = {number: Activations(type(layer).__name__.lower()) for number, layer in enumerate(listed)}
    device = next((weight.device for weight in model.parameters()), "cpu")

    @contextmanager
    def recording() -> Iterator[None]:
        with ExitStack() as undo, torch.no_grad():
            for module in model.modules():
                undo.callback(setattr, module, "training", module.training)
            for number, module in enumerate(listed):
                record = layers[number].record
                hook = module.register_forward_hook(lambda _module, _inputs, output, record=record: record(output))
                undo.callback(hook.remove)
            model.eval()
            yield

    return Network(lambda rows: as_numbers(model(rows.to(device))), layers, recording)


def _recorded(call: Callable[..., Foreign], record: Record) -> Callable[..., Foreign]:
    def recorded(*args: Foreign, **kwargs: Foreign) -> Foreign:
        output = call(*args, **kwargs)
        record(output)
        return output

    return recorded


def _activation(layer: Foreign) -> str:
    function = getattr(layer, "activation", None)
    return str(getattr(function, "__name__", type(layer).__name__)).lower()


def as_numbers(output: Foreign) -> Foreign:
    """Return a tensor of any library as an array of numbers, None where it is none or several."""
    if isinstance(output, (list, tuple, dict)):
        return None
    output = output.detach().cpu() if hasattr(output, "detach") else output
    array = numpy.asarray(output)
    return array.astype("float32") if array.dtype.kind in "biuf" else None


def _arrays(rows: Foreign) -> Foreign:
    if isinstance(rows, dict):
        return {name: _arrays(value) for name, value in rows.items()}
    if isinstance(rows, list) and rows and hasattr(rows[0], "shape"):
        return [_arrays(value) for value in rows]
    array = as_array(rows)
    return array.astype("float32") if array.dtype.name == "float64" else array
