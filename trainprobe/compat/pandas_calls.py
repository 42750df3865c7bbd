"""Calls that pandas dropped."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from trainprobe.compat.shims import Served
from trainprobe.foreign import Foreign
from trainprobe.patching.module_finder import fill
from trainprobe.patching.wrap import Function, renamed, replace

_DROPPED = ("infer_datetime_format", "mangle_dupe_cols", "warn_bad_lines")  # arguments of read_csv


def apply(served: Served, pandas: Foreign) -> None:
    """Give frames and series the methods back that old scripts call most."""
    for kind in (pandas.DataFrame, pandas.Series):
        for method in (_append(served, pandas), _as_matrix(served), _iteritems(served)):
            if not hasattr(kind, method.__name__):
                setattr(kind, method.__name__, method)
        if not hasattr(kind, "ix"):
            kind.ix = property(partial(_Mixed, served))
    replace(pandas.DataFrame, "drop", partial(_axis_second, served))
    for name in ("read_csv", "read_table"):
        replace(pandas, name, partial(_read, served))
    fill(pandas, partial(_name, served, pandas))
    with suppress(AttributeError, KeyError):  # a version that has no other texts than objects
        pandas.set_option("future.infer_string", False)


def _read(served: Served, original: Function) -> Function:
    def read(*args: Foreign, **kwargs: Foreign) -> Foreign:
        old = [name + "=" for name in (*_DROPPED, "delim_whitespace", "error_bad_lines") if name in kwargs]
        if not old:
            return original(*args, **kwargs)
        served.used("pandas read_csv({})".format(", ".join(old)))
        if kwargs.pop("delim_whitespace", False):
            kwargs["sep"] = r"\s+"
        if kwargs.pop("error_bad_lines", True) is False:
            kwargs["on_bad_lines"] = "skip"
        return original(*args, **renamed(kwargs, dict.fromkeys(_DROPPED)))

    return read


class _Mixed:
    """``ix``: by label, and by position where no label is meant."""

    def __init__(self, served: Served, data: Foreign) -> None:
        served.used("pandas .ix")
        self._data = data

    def __getitem__(self, key: Foreign) -> Foreign:
        try:
            return self._data.loc[key]
        except (KeyError, TypeError):
            return self._data.iloc[key]

    def __setitem__(self, key: Foreign, value: Foreign) -> None:
        self._data.loc[key] = value


def _append(served: Served, pandas: Foreign) -> Function:
    def append(self: Foreign, other: Foreign, ignore_index: bool = False, **_: Foreign) -> Foreign:  # noqa: FBT001, FBT002
        served.used("pandas append")
        if isinstance(other, dict) or (isinstance(other, pandas.Series) and isinstance(self, pandas.DataFrame)):
            other = pandas.DataFrame([other])
        several = other if isinstance(other, (list, tuple)) else [other]
        return pandas.concat([self, *several], ignore_index=ignore_index)

    return append


def _as_matrix(served: Served) -> Function:
    def as_matrix(self: Foreign, columns: Foreign = None) -> Foreign:
        served.used("pandas as_matrix")
        return (self if columns is None else self[columns]).to_numpy()

    return as_matrix


def _iteritems(served: Served) -> Function:
    def iteritems(self: Foreign) -> Foreign:
        served.used("pandas iteritems")
        return self.items()

    return iteritems


def _axis_second(served: Served, original: Function) -> Function:
    def drop(self: Foreign, labels: Foreign = None, *args: Foreign, **kwargs: Foreign) -> Foreign:
        if args:
            served.used("pandas drop(labels, axis)")
            kwargs = {"axis": args[0], **kwargs}
        return original(self, labels, **kwargs)

    return drop


def _name(served: Served, pandas: Foreign, name: str) -> object:
    if name not in ("scatter_matrix", "Float64Index", "Int64Index"):
        raise AttributeError(name)
    served.used("pandas." + name)
    return pandas.plotting.scatter_matrix if name == "scatter_matrix" else pandas.Index
