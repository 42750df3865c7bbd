"""Builds a Keras model and its optimizers before the first batch, which is when Keras would do it."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Dict, List, Mapping, Optional

from trainprobe.foreign import Foreign
from trainprobe.training.arrays_in_json import Arrays, UnplainError, decoded, encoded


def plan_of(model: Foreign) -> Dict[str, object]:
    """Return what `build` needs to know of *model*, as JSON."""
    variables = list(model.variables)
    return {"inputs": _inputs_of(model), "steps": [_stepped(one, variables) for one in optimizers_of(model)]}


def build(model: Foreign, plan: Mapping[str, Foreign]) -> None:
    """Make the variables that *model* had when *plan* was made of it.

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
        make = getattr(optimizer, "build", None) or getattr(optimizer, "_create_all_weights", None)
        if stepped is not None and make is not None and not getattr(optimizer, "built", False):
            make([model.variables[index] for index in stepped])


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
