"""The libraries that a training most likely imports, imported before its script is known."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import Sequence

LIBRARIES = (
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "sklearn.model_selection",
    "sklearn.preprocessing",
    "sklearn.pipeline",
    "sklearn.neighbors",
    "sklearn.linear_model",
    "sklearn.ensemble",
    "sklearn.svm",
    "keras",
    "torch",
)
"""What scripts import most and what takes longest; an image that lacks one does without."""


def warm_up(libraries: Sequence[str]) -> None:
    """Import each of *libraries* that is there and works."""
    for name in libraries:
        with suppress(Exception):  # a script that imports it itself will be told
            importlib.import_module(name)
