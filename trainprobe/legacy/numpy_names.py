"""Names that NumPy dropped."""

from __future__ import annotations

import builtins
from functools import partial
from typing import Dict

from trainprobe.foreign import Foreign
from trainprobe.legacy.finder import fill
from trainprobe.legacy.served import Served

#: Names that were Python's own types.
TYPES = ("bool", "complex", "float", "int", "object", "str")
#: Names that are spelt otherwise, by what they are now.
NAMES: Dict[str, str] = {
    "Inf": "inf",
    "Infinity": "inf",
    "NaN": "nan",
    "PINF": "inf",
    "alltrue": "all",
    "bool8": "bool_",
    "complex_": "complex128",
    "cumproduct": "cumprod",
    "float_": "float64",
    "in1d": "isin",
    "infty": "inf",
    "long": "int_",
    "object0": "object_",
    "product": "prod",
    "round_": "round",
    "row_stack": "vstack",
    "sometrue": "any",
    "string_": "bytes_",
    "trapz": "trapezoid",
    "unicode": "str_",
    "unicode_": "str_",
}


def apply(served: Served, numpy: Foreign) -> None:
    """Let ``numpy.float`` and the like be what they were."""
    fill(numpy, partial(_name, served, numpy))


def _name(served: Served, numpy: Foreign, name: str) -> object:
    if name in TYPES:
        found: object = getattr(builtins, name)
    elif name in NAMES:
        found = getattr(numpy, NAMES[name])
    elif name == "asscalar":
        found = _asscalar
    else:
        raise AttributeError(name)
    served.used("numpy." + name)
    return found


def _asscalar(array: Foreign) -> object:
    return array.item()
