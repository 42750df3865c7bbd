"""Metrics under their names before Keras 2.3, and under those since."""

from __future__ import annotations

import sys
from typing import Dict, Iterator, Tuple

from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, around, replace

#: Endings of names that mean the same metric.
SAME: Tuple[Tuple[str, str], ...] = (
    ("accuracy", "acc"),
    ("mae", "mean_absolute_error"),
    ("mape", "mean_absolute_percentage_error"),
    ("mse", "mean_squared_error"),
    ("msle", "mean_squared_logarithmic_error"),
    ("lr", "learning_rate"),
)


class BothNames(Dict[str, Foreign]):
    """A dictionary that finds ``acc`` where it has ``accuracy``, and lists each metric once.

    Values become NumPy's numbers, as metrics were: they are floats, and have ``size`` and ``round``.
    """

    def __setitem__(self, name: str, value: Foreign) -> None:
        super().__setitem__(name, _of_numpy(value))

    def __missing__(self, name: str) -> Foreign:
        """Return the value under the other name."""
        for other in _others(name):
            if dict.__contains__(self, other):
                return self[other]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(dict.__contains__(self, one) for one in (name, *_others(str(name))))

    def get(self, name: str, default: Foreign = None) -> Foreign:
        """Return the value under either name."""
        try:
            return self[name]
        except KeyError:
            return default

    def __reduce__(self) -> Foreign:
        return dict, (dict(self),)  # what the script pickles must load where no trainprobe is

    def doubled(self) -> Dict[str, Foreign]:
        """Return a plain dictionary that has each metric under both names."""
        return {**{other: value for name, value in self.items() for other in _others(name)}, **self}


def serve_both_names(keras: Foreign) -> None:
    """Let histories, callbacks and the names of checkpoint files use either name of a metric."""
    callbacks = keras.callbacks
    callbacks.History.history = property(lambda self: self.__dict__["history"], _keep_both_names)
    replace(callbacks.CallbackList, "_process_logs", around(_process_logs))
    replace(callbacks.ModelCheckpoint, "_get_file_path", around(_get_file_path))


def _keep_both_names(history: Foreign, values: Dict[str, Foreign]) -> None:
    history.__dict__["history"] = BothNames(values)


def _process_logs(original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    logs = original(*args, **kwargs)
    return BothNames((name, _of_numpy(value)) for name, value in logs.items()) if type(logs) is dict else logs


def _get_file_path(original: Function, self: Foreign, epoch: int, batch: Foreign, logs: Foreign) -> Foreign:
    return original(self, epoch, batch, BothNames(logs).doubled() if isinstance(logs, dict) else logs)


def _of_numpy(value: Foreign) -> Foreign:
    if type(value) is list:
        return [_of_numpy(one) for one in value]
    return sys.modules["numpy"].float64(value) if type(value) is float else value


def _others(name: str) -> Iterator[str]:
    for pair in SAME:
        for one, other in (pair, pair[::-1]):
            if name == one or name.endswith("_" + one):
                yield name[: len(name) - len(one)] + other
