"""Gives every library the trial's seed at its import, before the author's own seeding can run."""

from __future__ import annotations

import random
from functools import partial
from types import ModuleType
from typing import Dict

from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport


def seed_python(seed: int) -> None:
    """Seed `random`, from which Keras 3 draws its initial weights too."""
    random.seed(seed)


def seeding_steps(seed: int) -> Dict[str, AfterImport]:
    """Return what to do after the import of each library that has random state of its own."""
    return {
        "numpy": partial(_seed_numpy, seed % 2**32),
        "tensorflow": partial(_seed_tensorflow, seed),
        "torch": partial(_seed_torch, seed),
    }


def _seed_numpy(seed: int, numpy: ModuleType) -> None:
    library: Foreign = numpy
    library.random.seed(seed)


def _seed_tensorflow(seed: int, tensorflow: ModuleType) -> None:
    library: Foreign = tensorflow
    if hasattr(library.random, "set_seed"):
        library.random.set_seed(seed)
    else:  # TensorFlow 1
        library.set_random_seed(seed)


def _seed_torch(seed: int, torch: ModuleType) -> None:
    library: Foreign = torch
    library.manual_seed(seed)
