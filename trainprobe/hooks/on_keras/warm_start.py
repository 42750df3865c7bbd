"""A ``fit`` of Keras that starts from the weights of an earlier trial."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from trainprobe.foreign import Foreign
from trainprobe.hooks.on_keras.callbacks import AuthorsCallbacks, without_params
from trainprobe.hooks.on_keras.state import UnfitError, optimizers_of
from trainprobe.task import WarmStart
from trainprobe.training.checkpoint import Checkpoint, State
from trainprobe.training.net2net import Layer, mapped
from trainprobe.watch import Watch

CHECKPOINT = "checkpoint.npz"
MISSING = "its checkpoint is missing or belongs to another fit"
_SETTINGS = ("strides", "padding", "dilation_rate", "groups", "data_format", "use_bias", "axis", "target_shape")
_FIRST = "channels_first"  # flattening then orders a map's values differently


class StartingPoint:
    """What fit number *number* takes over from the trial that the task names, if any; the outcome becomes a fact."""

    def __init__(self, watch: Watch, number: int) -> None:
        self._watch = watch
        self._number = number
        self._warm: Optional[WarmStart] = watch.training.warm

    def checkpoint(self, fresh: State, model: Foreign, authors: AuthorsCallbacks) -> Optional[Checkpoint]:
        """Return the checkpoint that a fit in the state *fresh* continues from; None where it can't, or is not to."""
        if self._warm is None or self._warm.how != "continue":
            return None
        found = self._found()
        why = MISSING if found is None else _hindrance(found.state, fresh, model, authors)
        if found is None or why:
            self.cold(fresh, why)
            return None
        self._watch.checkpoints.take_files(self._number, self._warm.path)
        found.state.warm = self._fact("continue", "it continues after {} epochs".format(found.state.epoch))
        found.state.epochs, found.state.finished = fresh.epochs, False
        found.state.history = without_params(found.state.history)
        return found

    def inherit(self, fresh: State, model: Foreign) -> None:
        """Give *model* what it can inherit of the other trial's weights, where it is to."""
        if self._warm is None or self._warm.how != "inherit":
            return
        found = self._found()
        if found is None:
            self.cold(fresh, MISSING)
            return
        try:
            done = _inherit(model, found, seed=self._watch.training.seed)
        except Exception as error:  # the script trains from random weights then, as it would without the probe
            self.cold(fresh, "{}: {}".format(type(error).__name__, error))
            return
        fresh.warm = self._fact("inherit", done)
        self._watch.events.write("inherited", fit=self._number, trial=self._warm.trial, what=done)

    def cold(self, state: State, why: str) -> None:
        """Note that the fit starts from random weights after all."""
        if self._warm is not None:
            state.warm = self._fact("cold", why)

    def _fact(self, how: str, why: str) -> Dict[str, object]:
        return {"trial": self._warm.trial if self._warm else 0, "how": how, "why": why}

    def _found(self) -> Optional[Checkpoint]:
        found = self._watch.checkpoints.read_from(self._warm.path) if self._warm is not None else None
        return found if found is not None and found.state.fit == self._number else None


def recipe_of(model: Foreign) -> str:
    """Return the configuration of the optimizers of *model*, the schedules of their rates included."""
    configs = [[type(optimizer).__name__, optimizer.get_config()] for optimizer in optimizers_of(model)]
    return json.dumps(configs, default=repr, sort_keys=True)


def keep_for_others(watch: Watch, run_dir: Path) -> List[Dict[str, object]]:
    """Copy the checkpoint of the script's only fit to *run_dir*; return its entry in result.json, if there is one.

    Of several fits, it would not be known which one a longer training continues.
    """
    fits = [fit for fit in watch.trace.fits if fit.library == "keras"]
    if not watch.training.keeps_checkpoint or len(fits) != 1:
        return []
    state = watch.checkpoints.state(0)
    if state is None or not state.finished:
        return []
    target = run_dir / CHECKPOINT
    watch.checkpoints.copy_to(0, target)
    return [{"path": "run:" + CHECKPOINT, "kind": "checkpoint", "bytes": target.stat().st_size}]


def _hindrance(before: State, fresh: State, model: Foreign, authors: AuthorsCallbacks) -> str:
    """Return why a fit can't continue where another one ended; empty if it can."""
    if not before.finished or before.epoch != before.epochs:
        return "it ended before its last epoch"
    if before.start != fresh.start or before.epochs >= fresh.epochs:
        done, wanted = f"{before.start} to {before.epochs}", f"{fresh.start} to {fresh.epochs}"
        return f"it trained from epoch {done}, and this one trains from {wanted}"
    if before.plan.get("recipe") != recipe_of(model):
        return "the optimizer is configured differently, perhaps because of the number of epochs"
    if any(getattr(optimizer, "use_ema", False) for optimizer in optimizers_of(model)):
        return "the optimizer replaced the last weights with averages"
    return authors.hindrance()


def layers_of(model: Foreign) -> List[Dict[str, object]]:
    """Return what to know of *model*'s layers to inherit from them, as JSON; weights by their position among all."""
    places = {id(variable): place for place, variable in enumerate(model.variables)}
    if not all(id(one) in places for layer in _layers(model) for one in layer.weights):
        return []
    return [{**_described(layer), "weights": [places[id(one)] for one in layer.weights]} for layer in _layers(model)]


def _inherit(model: Foreign, checkpoint: Checkpoint, *, seed: int) -> str:
    """Give *model* the weights in *checkpoint* that fit, and return a sentence about them.

    Raises:
        UnfitError: none of them fits the model.
    """
    old = [_read(layer, checkpoint.arrays) for layer in checkpoint.state.plan.get("layers") or ()]  # type: ignore[attr-defined]
    layers = _layers(model)
    new = [_layer(_described(layer), layer.get_weights()) for layer in layers]
    found = mapped(old, new, seed=seed, is_chain=_is_chain(model))
    if not found.weights:
        raise UnfitError("none of its layers matches a layer of that trial")
    if any(_shapes(weights) != _shapes(new[number].weights) for number, weights in found.weights.items()):
        raise UnfitError("the shapes of a layer differ")
    for number, weights in found.weights.items():
        layers[number].set_weights(weights)
    return str(found)


def _shapes(weights: Sequence[Foreign]) -> List[Tuple[int, ...]]:
    return [tuple(array.shape) for array in weights]


def _layers(model: Foreign) -> List[Foreign]:
    return [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]


def _described(layer: Foreign) -> Dict[str, object]:
    activation = getattr(layer, "activation", None)
    settings = [[name, str(getattr(layer, name))] for name in _SETTINGS if hasattr(layer, name)]
    name = getattr(activation, "__name__", None) or (type(activation).__name__ if activation is not None else "linear")
    return {"class": type(layer).__name__, "activation": name, "settings": settings}


def _layer(described: Mapping[str, Foreign], weights: List[Foreign]) -> Layer:
    settings = tuple((name, value) for name, value in described["settings"])
    return Layer(described["class"], described["activation"], settings, tuple(weights))


def _read(described: Mapping[str, Foreign], arrays: Mapping[str, Foreign]) -> Layer:
    return _layer(described, [arrays["w{}".format(place)] for place in described["weights"]])


def _is_chain(model: Foreign) -> bool:
    """Return whether each layer reads the one before, and no other."""
    layers = _layers(model)
    if any(getattr(layer, "data_format", None) == _FIRST or hasattr(layer, "layers") for layer in layers):
        return False
    if "Sequential" in [parent.__name__ for parent in type(model).__mro__]:
        return True
    try:
        return all(layers[at].input is layers[at - 1].output for at in range(1, len(layers)))
    except (AttributeError, ValueError, RuntimeError):  # a subclassed model does not tell
        return False
