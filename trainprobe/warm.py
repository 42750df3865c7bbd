"""``python -m trainprobe.warm FOLDER``: waits, with the libraries imported, for the one task that it will run.

Nothing is known of the task before: what watches and seeds the libraries is put into them when it has come.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
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

EVERY = 0.02  # seconds between two looks


def main() -> int:
    """Import what there is, wait until the folder named on the command line is filled, and run its task."""
    folder = sys.argv[1]
    warm_up(LIBRARIES)
    while not os.path.exists(os.path.join(folder, "start")):
        time.sleep(EVERY)
    from trainprobe.__main__ import main as run  # the probe that came with the task

    sys.argv = [sys.argv[0], os.path.join(folder, "r1", "task.json")]
    return run()


def warm_up(libraries: Sequence[str]) -> None:
    """Import each of *libraries* that is there and works."""
    for name in libraries:
        with suppress(Exception):  # a script that imports it itself will be told
            importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
