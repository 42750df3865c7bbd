"""The state of a Keras model in training: saved as arrays, and restored."""

from __future__ import annotations

from typing import Dict, Iterator, List, Mapping

from trainprobe.foreign import Foreign
from trainprobe.hooks.on_keras.build import build, optimizers_of


class UnfitError(Exception):
    """The checkpoint does not fit this model."""


def arrays_of(model: Foreign) -> Dict[str, Foreign]:
    """Return weights, random state and optimizer state of *model* as NumPy arrays."""
    return {name: _plain(variable.numpy()) for name, variable in _variables(model).items()}


def size_of(model: Foreign) -> int:
    """Return how many bytes `arrays_of` takes."""
    return sum(_bytes(variable) for variable in _variables(model).values())


def restore(model: Foreign, arrays: Mapping[str, Foreign], plan: Mapping[str, Foreign]) -> None:
    """Give *model* and its optimizers the state in *arrays*; *plan* is how to build their variables.

    Raises:
        UnfitError: the checkpoint is of another model.
    """
    try:
        build(model, plan)
        _assign(_variables(model), {name: array for name, array in arrays.items() if name[0] in "wo"})
    except UnfitError:
        raise
    except Exception as error:
        raise UnfitError(f"{type(error).__name__}: {error}") from error


def forget_backup(model: Foreign) -> None:
    """Let ``fit`` begin with the epoch that it is given, whatever the author's ``BackupAndRestore`` has found."""
    if getattr(model, "_initial_epoch", None):
        model._initial_epoch = 0  # noqa: SLF001 - the callback sets it there
    if getattr(model, "_training_state", None) is not None:
        model._training_state = None  # noqa: SLF001 - the same


def _assign(variables: Dict[str, Foreign], arrays: Dict[str, Foreign]) -> None:
    if set(variables) != set(arrays):
        raise UnfitError(f"the model has {len(variables)} variables, and the checkpoint has {len(arrays)}")
    for name, variable in variables.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise UnfitError(
                f"the shape of {name} is {tuple(variable.shape)}, but {arrays[name].shape} in the checkpoint"
            )
    for name, variable in variables.items():
        variable.assign(arrays[name])


def _variables(model: Foreign) -> Dict[str, Foreign]:
    slots: List[Foreign] = []
    for optimizer in optimizers_of(model):
        kept = getattr(optimizer, "variables", [])
        slots.extend(kept() if callable(kept) else kept)
        slots.extend(_beside(optimizer, slots))
    weights = {"w{}".format(index): variable for index, variable in enumerate(model.variables)}
    return {**weights, **{"o{}".format(index): variable for index, variable in enumerate(slots)}}


def _beside(optimizer: Foreign, slots: List[Foreign]) -> Iterator[Foreign]:
    """Yield what Keras 2 leaves out of an optimizer's variables: its learning rate, and the scale of the loss."""
    known = {id(variable) for variable in slots}
    scale = getattr(optimizer, "_loss_scale", None)
    for owner, name in ((optimizer, "learning_rate"), (scale, "current_loss_scale"), (scale, "counter")):
        found = getattr(owner, name, None)
        if hasattr(found, "assign") and hasattr(found, "numpy") and id(found) not in known:
            yield found


def _bytes(variable: Foreign) -> int:
    size = 4
    for length in variable.shape:
        size *= length
    return size


def _plain(array: Foreign) -> Foreign:
    # NumPy's file format has no bfloat16 and no float8; float32 represents both exactly
    return (
        array.astype("float32")
        if array.dtype.kind == "V" or array.dtype.name.startswith(("bfloat", "float8"))
        else array
    )
