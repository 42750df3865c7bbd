"""Which TensorFlow and Keras go together, and in which images they can be had."""

from __future__ import annotations

from packaging.specifiers import SpecifierSet
from packaging.version import Version

_ANY3 = ("3.0.5", "3.3.3", "3.6.0", "3.8.0", "3.10.0", "3.12.0", "3.15.1")
_ALONE = ("2.3.1", "2.3.0", "2.2.5", "2.2.4", "2.2.3", "2.2.2", "2.2.1", "2.2.0", "2.1.6", "2.1.5", "2.0.9")
_THROUGH = ("2.4.3", "2.4.2", "2.4.1", "2.4.0")

GOES_WITH: dict[str, tuple[str, ...]] = {
    "1.13.2": _ALONE,
    "1.14.0": _ALONE,
    "1.15.5": _ALONE,
    "2.0.4": _ALONE[:2],
    "2.1.4": _ALONE[:2],
    "2.2.3": _THROUGH,
    "2.3.4": _THROUGH,
    "2.4.4": _THROUGH,
    "2.5.3": _THROUGH,
    "2.6.5": ("2.6.0",),
    "2.7.4": ("2.7.0",),
    "2.8.4": ("2.8.0",),
    "2.9.3": ("2.9.0",),
    "2.10.1": ("2.10.0",),
    "2.11.0": ("2.11.0",),
    "2.12.1": ("2.12.0",),
    "2.13.1": ("2.13.1",),
    "2.14.1": ("2.14.0",),
    "2.15.1": ("2.15.0",),
    "2.16.2": _ANY3,
    "2.17.1": _ANY3,
    "2.18.1": _ANY3,
    "2.19.1": _ANY3,
    "2.20.0": _ANY3,
    "2.21.0": _ANY3,
}
"""The newest version of each series, oldest first, and the versions of Keras that it runs, the best first."""

RANGE = "TensorFlow 1.13 (with Keras 2.0 to 2.3) to TensorFlow 2.21 (with Keras 3)"

_WITHOUT_CPU = ("1.13", "1.14", "1.15", "2.0")
"""Series of which `tensorflow` itself is there, and `tensorflow-cpu` is not, or hardly."""


def newest(tensorflow: SpecifierSet, keras: SpecifierSet, *, before: str = "") -> str:
    """Return the newest TensorFlow that both allow, or "" where there is none.

    Args:
        tensorflow: What is asked of TensorFlow.
        keras: What is asked of Keras.
        before: The first version that is too new for the Python that something else needs.
    """
    known = [each for each in GOES_WITH if not before or Version(each) < Version(before)]
    allowed = (_allowed(each, tensorflow, keras) for each in reversed(known))
    return next((version for version in allowed if version), "")


def with_keras(version: str) -> tuple[str, ...]:
    """Return what pip installs for a TensorFlow before Keras 3, with the Keras that goes with it."""
    series = _series(version)
    keras = next(keras for each, keras in GOES_WITH.items() if _series(each) == series)
    name = "tensorflow" if series in _WITHOUT_CPU else "tensorflow-cpu"
    return (f"{name}=={version}", f"keras=={keras[0]}")


def _allowed(last: str, tensorflow: SpecifierSet, keras: SpecifierSet) -> str:
    """Return the version of a series that is allowed together with one of its Kerases, or ""."""
    asked = [each for each in exact(keras) if GOES_WITH[last] is _ANY3 and Version(each) >= Version("3")]
    if not any(keras.contains(each) for each in (*GOES_WITH[last], *asked)):
        return ""
    series = _series(last)
    versions = (last, *exact(tensorflow), f"{series}.1", f"{series}.0")
    return next((each for each in versions if _series(each) == series and tensorflow.contains(each)), "")


def exact(specifier: SpecifierSet) -> list[str]:
    """Return the versions that are pinned exactly."""
    return [each.version for each in specifier if each.operator == "==" and "*" not in each.version]


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])
