"""Names that NumPy removed."""

from __future__ import annotations

import builtins
import os
import sys
from functools import partial
from typing import Dict

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import fill
from trainprobe.patching.wrap import Function, around, replace

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

#: Names that are not NumPy's any more: types of Python, and a function of ours.
BUILT: Dict[str, object] = {
    **{name: getattr(builtins, name) for name in ("bool", "complex", "float", "int", "object", "str")},
    "asscalar": lambda array: array.item(),
}

_STACKING = ("column_stack", "concatenate", "dstack", "hstack", "stack", "vstack")
_NOT_AUTHORS = ("site-packages", os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def install(shims: Shims, numpy: Foreign) -> None:
    """Restore ``numpy.float`` and the like."""
    fill(numpy, partial(_name, shims, numpy))
    for name in ("array", "asarray"):
        replace(numpy, name, around(_array, shims))
    for name in _STACKING:
        replace(numpy, name, around(_stack, shims))
    replace(numpy, "load", around(_load))
    if hasattr(numpy, "_core"):  # NumPy 2 writes numbers within lists as np.float64(0.5)
        numpy.set_printoptions(legacy="1.25")


def _name(shims: Shims, numpy: Foreign, name: str) -> object:
    if name not in BUILT and name not in NAMES:
        raise AttributeError(name)
    shims.used("numpy." + name)
    return BUILT[name] if name in BUILT else getattr(numpy, NAMES[name])


def _array(shims: Shims, original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    """Make an array of lists of unequal length, as NumPy did before 1.24; libraries still get the error."""
    try:
        return original(*args, **kwargs)
    except ValueError as error:
        caller = sys._getframe(2).f_code.co_filename  # noqa: SLF001 - there is no other way to know
        librarys = any(part in caller for part in _NOT_AUTHORS)
        if "inhomogeneous" not in str(error) or "dtype" in kwargs or len(args) != 1 or librarys:
            raise
    shims.used("numpy.array of lists of unequal length")
    return original(*args, dtype=object, **kwargs)


def _stack(shims: Shims, original: Function, arrays: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
    """Stack what a ``map`` or a generator yields, as NumPy did before 1.24, and with the lists of Python 2."""
    if hasattr(arrays, "__iter__") and not hasattr(arrays, "__getitem__"):
        shims.used("numpy.{} of an iterator".format(original.__name__))
        arrays = list(arrays)
    return original(arrays, *args, **kwargs)


def _load(original: Function, file: Foreign, mmap_mode: Foreign = None, *args: Foreign, **kwargs: Foreign) -> Foreign:
    """Load arrays of objects, as NumPy did before 1.16.3."""
    return original(file, mmap_mode, *args, **(kwargs if args else {"allow_pickle": True, **kwargs}))
