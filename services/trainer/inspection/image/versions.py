"""Which versions of distributions there are for the images' Pythons, and which of TensorFlow and Keras go together."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from packaging.specifiers import SpecifierSet
from packaging.version import Version

_TABLES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("versions.toml").read_text("utf-8"))

Python = Literal["3.13", "3.11", "3.7"]

OLDEST: dict[str, dict[Python, str]] = _TABLES["oldest"]
"""The oldest version with a wheel for each Python of the images."""

FIRST_FOR_NUMPY_2: dict[str, str] = _TABLES["first_for_numpy_2"]
"""The first version that was built for NumPy 2."""

KERAS_FOR: dict[str, list[str]] = _TABLES["keras_for_tensorflow"]
"""The newest version of each series of TensorFlow, oldest first, and the versions of Keras that it runs."""

RANGE = "TensorFlow 1.13 (with Keras 2.0 to 2.3) to TensorFlow 2.21 (with Keras 3)"

_WITHOUT_CPU = ("1.13", "1.14", "1.15", "2.0")
"""Series of which `tensorflow` itself is there, and `tensorflow-cpu` is not, or hardly."""


def allows(specifiers: SpecifierSet, oldest: str) -> bool:
    """Return whether a requirement allows *oldest* or anything newer: that, what it names, or just after that."""
    named = [Version(each.version.removesuffix(".*")) for each in specifiers]
    after = [Version(f"{each.base_version}.0.0.0.1") for each in named]
    candidates = [Version(oldest), *named, *after, Version("9999")]
    return any(each >= Version(oldest) and specifiers.contains(each, prereleases=True) for each in candidates)


def newest_tensorflow(tensorflow: SpecifierSet, keras: SpecifierSet, *, before: str = "") -> str:
    """Return the newest TensorFlow that both allow, or "" where there is none.

    Args:
        tensorflow: What is asked of TensorFlow.
        keras: What is asked of Keras.
        before: The first version that is too new for the Python that something else needs.
    """
    known = [each for each in KERAS_FOR if not before or Version(each) < Version(before)]
    versions = (_allowed(each, tensorflow, keras) for each in reversed(known))
    return next((version for version in versions if version), "")


def with_keras(version: str) -> tuple[str, ...]:
    """Return what pip installs for a TensorFlow before Keras 3, with the Keras that goes with it."""
    series = _series(version)
    keras = next(keras for each, keras in KERAS_FOR.items() if _series(each) == series)
    name = "tensorflow" if series in _WITHOUT_CPU else "tensorflow-cpu"
    return (f"{name}=={version}", f"keras=={keras[0]}")


def _allowed(last: str, tensorflow: SpecifierSet, keras: SpecifierSet) -> str:
    """Return the version of a series that is allowed together with one of its Kerases, or ""."""
    if not any(map(keras.contains, _kerases(last, keras))):
        return ""
    series = _series(last)
    versions = (last, *_exact(tensorflow), f"{series}.1", f"{series}.0")
    return next((each for each in versions if _series(each) == series and tensorflow.contains(each)), "")


def _kerases(tensorflow: str, keras: SpecifierSet) -> list[str]:
    """Return the versions of Keras that a TensorFlow runs: those listed, and any 3 that is pinned where it runs one."""
    runs_any_3 = KERAS_FOR[tensorflow][0].startswith("3.")
    return [*KERAS_FOR[tensorflow], *(each for each in _exact(keras) if runs_any_3 and Version(each) >= Version("3"))]


def _exact(specifier: SpecifierSet) -> list[str]:
    return [each.version for each in specifier if each.operator == "==" and "*" not in each.version]


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])
