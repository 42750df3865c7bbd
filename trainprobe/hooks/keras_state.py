"""The state of a Keras model in training: taken as arrays, and put back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, Iterator, List, Optional

from trainprobe.checkpoint import Checkpoint
from trainprobe.data import as_array
from trainprobe.foreign import Foreign

_NOT_COUNTERS = {"model", "params", "epochs", "verbose", "seen"}


class UnfitError(Exception):
    """The checkpoint does not belong to this model."""


def arrays_of(model: Foreign) -> Dict[str, Foreign]:
    """Return weights, random state and optimizer state of *model* as NumPy arrays."""
    return {name: _plain(variable.numpy()) for name, variable in _variables(model).items()}


def input_shape_of(model: Foreign) -> Optional[List[Optional[int]]]:
    """Return the shape that a sequential model was built for by its first batch; None where it knows none."""
    shape = getattr(model, "input_shape", None) if hasattr(model, "layers") else None
    return list(shape) if isinstance(shape, tuple) and not any(isinstance(size, tuple) for size in shape) else None


def restore(model: Foreign, checkpoint: Checkpoint, inputs: Foreign) -> None:
    """Give *model* and its optimizer the checkpoint's state; *inputs* tell the shape of a model not yet built.

    Raises:
        UnfitError: the model is another one than the checkpoint's.
    """
    try:
        _build(model, checkpoint.state.input_shape, inputs)
        _assign(_variables(model), {name: array for name, array in checkpoint.arrays.items() if name[0] != "c"})
    except UnfitError:
        raise
    except Exception as error:
        raise UnfitError(f"{type(error).__name__}: {error}") from error


def _build(model: Foreign, shape: Optional[List[Optional[int]]], inputs: Foreign) -> None:
    # With TensorFlow, Keras makes the variables of model and optimizer at the first batch only.
    if not getattr(model, "built", True):
        first = as_array(inputs)
        if shape:
            model.build(tuple(shape))
        elif first is not None:
            model(first[:1])
    if not getattr(model.optimizer, "built", True):
        model.optimizer.build(model.trainable_variables)


def _assign(variables: Dict[str, Foreign], arrays: Dict[str, Foreign]) -> None:
    if set(variables) != set(arrays):
        raise UnfitError(f"the model has {len(variables)} variables, the checkpoint {len(arrays)}")
    for name, variable in variables.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise UnfitError(f"{name} has the shape {tuple(variable.shape)}, in the checkpoint {arrays[name].shape}")
    for name, variable in variables.items():
        variable.assign(arrays[name])


def counters_of(callbacks: List[Foreign]) -> List[Dict[str, object]]:
    """Return the plain attributes of the author's callbacks (how long they have waited, the best so far)."""
    return [{"class": type(callback).__name__, "counters": _counters(callback)} for callback in callbacks]


def restore_counters(callbacks: List[Foreign], saved: List[Dict[str, Foreign]]) -> None:
    """Give callbacks of the same classes, in the same order, the attributes that were saved."""
    for callback, state in zip(callbacks, saved):  # noqa: B905 - Python 3.7 has no strict
        if type(callback).__name__ == state["class"]:
            for name, value in state["counters"].items():
                setattr(callback, name, value)


def best_weights_of(callbacks: List[Foreign]) -> Dict[str, Foreign]:
    """Return the weights that early stopping keeps to go back to, by callback and position."""
    kept = ((index, getattr(callback, "best_weights", None)) for index, callback in enumerate(callbacks))
    return {
        "c{}_{}".format(index, position): _plain(array)
        for index, weights in kept
        if isinstance(weights, list)
        for position, array in enumerate(weights)
    }


def restore_best_weights(callbacks: List[Foreign], arrays: Dict[str, Foreign]) -> None:
    """Give early stopping the weights back that it kept."""
    for index, callback in enumerate(callbacks):
        prefix = "c{}_".format(index)
        names = sorted((name for name in arrays if name.startswith(prefix)), key=lambda name: int(name[len(prefix) :]))
        if names:
            callback.best_weights = [arrays[name] for name in names]


def files_of(callbacks: List[Foreign]) -> Iterator[Path]:
    """Yield the files that the author's callbacks write under a fixed name (``ModelCheckpoint``)."""
    for callback in callbacks:
        path: Optional[object] = getattr(callback, "filepath", None)
        if isinstance(path, (str, os.PathLike)) and "{" not in str(path):
            yield Path(str(path))


def _variables(model: Foreign) -> Dict[str, Foreign]:
    optimizer = getattr(model, "optimizer", None)
    kept = getattr(optimizer, "variables", [])
    weights = {"w{}".format(index): variable for index, variable in enumerate(model.variables)}
    slots = {"o{}".format(index): variable for index, variable in enumerate(kept() if callable(kept) else kept)}
    return {**weights, **slots}


def _counters(callback: Foreign) -> Dict[str, object]:
    return {
        name: value.item() if hasattr(value, "item") else value
        for name, value in vars(callback).items()
        if name not in _NOT_COUNTERS and not name.startswith("_") and _is_plain(value)
    }


def _is_plain(value: Foreign) -> bool:
    scalar = getattr(value, "shape", None) == () and getattr(getattr(value, "dtype", None), "kind", "") in (
        "b",
        "i",
        "f",
    )
    return value is None or isinstance(value, (bool, int, float)) or scalar


def _plain(array: Foreign) -> Foreign:
    # NumPy's file format knows no bfloat16 and no float8; float32 holds both exactly
    return (
        array.astype("float32")
        if array.dtype.kind == "V" or array.dtype.name.startswith(("bfloat", "float8"))
        else array
    )
