"""The state of a Keras model in training: saved as arrays, and restored."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Dict, Iterator, List, Mapping, Optional

from trainprobe.foreign import Foreign
from trainprobe.training.arrays_in_json import Arrays, UnplainError, decoded, encoded


class UnfitError(Exception):
    """The checkpoint does not fit this model."""


def arrays_of(model: Foreign) -> Dict[str, Foreign]:
    """Return weights, random state and optimizer state of *model* as NumPy arrays."""
    return {name: _plain(variable.numpy()) for name, variable in _variables(model).items()}


def size_of(model: Foreign) -> int:
    """Return how many bytes `arrays_of` takes."""
    return sum(4 * int(sys.modules["numpy"].prod(tuple(variable.shape))) for variable in _variables(model).values())


def restore(model: Foreign, arrays: Mapping[str, Foreign], plan: Mapping[str, Foreign]) -> None:
    """Give *model* and its optimizers the state in *arrays*; *plan* is how to build their variables.

    Raises:
        UnfitError: the checkpoint is of another model.
    """
    try:
        _build(model, plan)
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


def plan_of(model: Foreign) -> Dict[str, object]:
    """Return what `restore` needs to know of *model* to build it, as JSON."""
    variables = list(model.variables)
    return {"inputs": _inputs_of(model), "steps": [_stepped(one, variables) for one in optimizers_of(model)]}


def optimizers_of(model: Foreign) -> List[Foreign]:
    """Return the optimizer that ``compile`` got, and those that the author's own ``compile`` keeps beside it."""
    first = getattr(model, "optimizer", None)
    found = [first] if first is not None else []
    for value in vars(model).values():
        if hasattr(value, "apply_gradients") and hasattr(value, "variables") and not any(value is one for one in found):
            found.append(value)
    return found


def is_keras_2(model: Foreign) -> bool:
    """Return whether *model* is one of Keras 2."""
    return hasattr(model, "save_spec")


def _build(model: Foreign, plan: Mapping[str, Foreign]) -> None:
    """Make the variables that *model* had when *plan* was made of it, before Keras does at the first batch.

    A model that can't be built this way may not need it: its variables are compared afterwards.
    """
    inputs, steps = plan["inputs"], plan["steps"]
    if inputs is not None and not getattr(model, "built", True):
        if is_keras_2(model):
            with suppress(NotImplementedError):
                model(_zeros(inputs))
        else:
            model.build_from_config(decoded(inputs, {}))
    for optimizer, stepped in zip(optimizers_of(model), steps):  # noqa: B905 - Python 3.7 has no strict
        if stepped is not None and not getattr(optimizer, "built", False):
            _build_optimizer(optimizer, [model.variables[index] for index in stepped])


def _build_optimizer(optimizer: Foreign, variables: List[Foreign]) -> None:
    make = getattr(optimizer, "build", None) or getattr(optimizer, "_create_all_weights", None)
    if make is not None:
        make(variables)


def _inputs_of(model: Foreign) -> object:
    """Return shapes and types of the inputs that *model* was called with, in the form of its library."""
    if not is_keras_2(model):
        with suppress(UnplainError):
            return encoded(model.get_build_config(), Arrays("").keep)
        return None
    spec = model.save_spec(dynamic_batch=False)
    return _described(spec[0][0]) if spec and spec[0] else None


def _stepped(optimizer: Foreign, variables: List[Foreign]) -> Optional[List[int]]:
    """Return the positions of the *variables* that *optimizer* updates, in its order; None if it was never used."""
    inner: Foreign = getattr(optimizer, "inner_optimizer", optimizer)
    if hasattr(inner, "_index_dict"):  # Keras 2
        keys = list(inner._index_dict)  # noqa: SLF001 - there is no public way
        key_of = inner._var_key  # noqa: SLF001 - the same
        positions = {key_of(variable): index for index, variable in enumerate(variables)}
    else:
        keys = [id(variable) for variable in getattr(inner, "_trainable_variables", [])]
        positions = {id(variable): index for index, variable in enumerate(variables)}
    return [positions[key] for key in keys] if keys else None


def _described(spec: Foreign) -> object:
    if isinstance(spec, dict):
        return {"dict": [[key, _described(item)] for key, item in spec.items()]}
    if isinstance(spec, (list, tuple)):
        return [_described(item) for item in spec]
    return {"shape": [size or 1 for size in spec.shape], "type": spec.dtype.name}


def _zeros(described: Foreign) -> Foreign:
    if isinstance(described, list):
        return [_zeros(item) for item in described]
    if "dict" in described:
        return {key: _zeros(item) for key, item in described["dict"]}
    tensorflow: Foreign = sys.modules["tensorflow"]
    return tensorflow.zeros([1, *described["shape"][1:]], described["type"])


def _assign(variables: Dict[str, Foreign], arrays: Dict[str, Foreign]) -> None:
    if set(variables) != set(arrays):
        raise UnfitError(f"the model has {len(variables)} variables, but the checkpoint has {len(arrays)}")
    for name, variable in variables.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise UnfitError(f"{name} has the shape {tuple(variable.shape)}, in the checkpoint {arrays[name].shape}")
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


def _plain(array: Foreign) -> Foreign:
    # NumPy's file format has no bfloat16 and no float8; float32 represents both exactly
    is_unknown = array.dtype.kind == "V" or array.dtype.name.startswith(("bfloat", "float8"))
    return array.astype("float32") if is_unknown else array
