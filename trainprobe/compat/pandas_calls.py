"""Methods, names and arguments that pandas removed."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from typing import Dict

from trainprobe.compat.shims import Shims
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import fill
from trainprobe.patching.wrap import Function, around, replace

_DROPPED = ("infer_datetime_format", "mangle_dupe_cols", "warn_bad_lines")  # arguments of read_csv
_REPLACED = ("delim_whitespace", "error_bad_lines")


def install(shims: Shims, pandas: Foreign) -> None:
    """Restore the methods of frames and series that old scripts call most."""
    for kind in (pandas.DataFrame, pandas.Series):
        for name, method in METHODS.items():
            if not hasattr(kind, name):
                shims.add_method(kind, name, method, "pandas " + name)
        if not hasattr(kind, "ix"):
            kind.ix = property(partial(_Ix, shims))
    replace(pandas.DataFrame, "drop", around(_drop, shims))
    for name in ("read_csv", "read_table"):
        replace(pandas, name, around(_read, shims))
    fill(pandas, partial(_name, shims, pandas))
    with suppress(AttributeError, KeyError):  # a version that has no other texts than objects
        pandas.set_option("future.infer_string", False)


def _read(shims: Shims, original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    shims.used_keywords("pandas read_csv", [name for name in kwargs if name in _DROPPED or name in _REPLACED])
    if kwargs.pop("delim_whitespace", False):
        kwargs["sep"] = r"\s+"
    if kwargs.pop("error_bad_lines", True) is False:
        kwargs["on_bad_lines"] = "skip"
    return original(*args, **{name: value for name, value in kwargs.items() if name not in _DROPPED})


class _Ix:
    """``ix``: access by label, or by position where there is no such label."""

    def __init__(self, shims: Shims, data: Foreign) -> None:
        shims.used("pandas .ix")
        self._data = data

    def __getitem__(self, key: Foreign) -> Foreign:
        try:
            return self._data.loc[key]
        except (KeyError, TypeError):
            return self._data.iloc[key]

    def __setitem__(self, key: Foreign, value: Foreign) -> None:
        self._data.loc[key] = value


def _append(self: Foreign, other: Foreign, ignore_index: bool = False, **_: Foreign) -> Foreign:  # noqa: FBT001, FBT002
    pandas: Foreign = sys.modules["pandas"]
    if isinstance(other, dict) or (isinstance(other, pandas.Series) and isinstance(self, pandas.DataFrame)):
        other = pandas.DataFrame([other])
    several = other if isinstance(other, (list, tuple)) else [other]
    return pandas.concat([self, *several], ignore_index=ignore_index)


def _drop(
    shims: Shims, original: Function, self: Foreign, labels: Foreign = None, *axis: Foreign, **kwargs: Foreign
) -> Foreign:
    if axis:
        shims.used("pandas drop(labels, axis)")
        kwargs = {"axis": axis[0], **kwargs}
    return original(self, labels, **kwargs)


def _name(shims: Shims, pandas: Foreign, name: str) -> object:
    if name not in ("scatter_matrix", "Float64Index", "Int64Index"):
        raise AttributeError(name)
    shims.used("pandas." + name)
    return pandas.plotting.scatter_matrix if name == "scatter_matrix" else pandas.Index


#: The methods that frames and series lost.
METHODS: Dict[str, Function] = {
    "append": _append,
    "as_matrix": lambda self, columns=None: (self if columns is None else self[columns]).to_numpy(),
    "iteritems": lambda self: self.items(),
}
