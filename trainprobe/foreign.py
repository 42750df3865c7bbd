"""The values of the author's libraries: the name of their type, and the numbers that they stand for."""

from __future__ import annotations

import sys
from typing import Any, Dict, Mapping, Optional

Foreign = Any  #: an array, a model, a module: whatever Keras, NumPy or scikit-learn hand over


class _Imported:
    """A library that the script has imported, looked up when it is used: the probe itself imports none."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Foreign:
        return getattr(sys.modules[self._name], attribute)


numpy: Foreign = _Imported("numpy")
torch: Foreign = _Imported("torch")


def deciding_class(model: Foreign) -> str:
    """Return the class of the estimator that decides: of a search what it is about, of a pipeline the last step."""
    if type(model).__name__.endswith("SearchCV") and hasattr(model, "estimator"):
        return deciding_class(model.estimator)
    steps = getattr(model, "steps", None)
    return deciding_class(steps[-1][-1]) if isinstance(steps, list) and steps else type(model).__name__


def as_number(value: Foreign) -> Optional[float]:
    """Return a Python, NumPy or tensor scalar as a float; None for everything else."""
    if isinstance(value, bool) or callable(value):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    try:
        scalar = getattr(value, "shape", None) == () and hasattr(value, "dtype") and hasattr(value, "__float__")
        return float(value) if scalar else None
    except (TypeError, ValueError, NotImplementedError):  # a symbol in a graph, or text
        return None


def rounded(number: float) -> float:
    """Return *number* with six digits, as many as facts have."""
    return float("{:.6g}".format(number))


def numbers_in(values: Mapping[str, Foreign]) -> Dict[str, float]:
    """Return those of the *values* that are numbers, tensors among them."""
    numbers = {name: as_number(value.numpy() if hasattr(value, "numpy") else value) for name, value in values.items()}
    return {name: number for name, number in numbers.items() if number is not None}
