"""What is known of distributions; what `distributions.toml` does not list is never guessed."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_TABLES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("distributions.toml").read_text("utf-8"))

DISTRIBUTIONS: dict[str, str] = {
    **{module: module.replace("_", "-") for module in _TABLES["same_name"]},
    **_TABLES["other_name"],
}
"""What pip installs for a top-level module."""

COMPANIONS: dict[str, list[str]] = _TABLES["companions"]
"""What a module needs beside its distribution without saying so."""

IN_IMAGES: dict[str, list[str]] = _TABLES["in_images"]
"""The modules that a distribution, or one version of it, brings into the training images."""

LEFT_OUT: dict[str, str] = {name: reason for reason, names in _TABLES["left_out"].items() for name in names}
"""What is listed and never installed, with the reason."""

RENAMED: dict[str, tuple[str, str]] = {name: (new, reason) for name, (new, reason) in _TABLES["renamed"].items()}
"""What is installed in place of what is listed, with the reason."""

CONDA_NAMES: dict[str, str] = _TABLES["conda_names"]
"""What pip calls the packages that conda calls differently; "" for what is no Python distribution."""

HEAVY = frozenset(_TABLES["heavy"])
"""What is not installed for a script that does not import it, for its size."""

ON_TORCH = frozenset(_TABLES["on_torch"])
"""Modules that need torch."""

_MODULES: dict[str, set[str]] = {}
for _module, _distribution in DISTRIBUTIONS.items():
    _MODULES.setdefault(canonicalize_name(Requirement(_distribution).name), set()).add(_module)


def on_tensorflow(module: str) -> bool:
    """Return whether a module needs TensorFlow."""
    return module in _TABLES["on_tensorflow"] or module.startswith(("tensorflow_", "keras_", "tf_"))


def modules_of(name: str) -> frozenset[str]:
    """Return the modules that a distribution brings: those known, or the one of its own name."""
    wanted = canonicalize_name(name)
    return frozenset(_MODULES.get(wanted) or {wanted.replace("-", "_")})


def is_known(name: str) -> bool:
    """Return whether the modules of a distribution are known."""
    return canonicalize_name(name) in _MODULES
