"""Gives every library the trial's seed at its import, before the author's own seeding can run."""

from __future__ import annotations

import random
from typing import Dict

from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport


def seed_python(seed: int) -> None:
    """Seed `random`, from which Keras 3 draws its initial weights too."""
    random.seed(seed)


def seeding_steps(seed: int) -> Dict[str, AfterImport]:
    """Return what to do after the import of each library that has random state of its own."""

    def seed_tensorflow(tensorflow: Foreign) -> None:
        set_seed = getattr(tensorflow.random, "set_seed", None) or tensorflow.set_random_seed  # that of TensorFlow 1
        set_seed(seed)

    return {
        "numpy": lambda numpy: numpy.random.seed(seed % 2**32),
        "tensorflow": seed_tensorflow,
        "torch": lambda torch: torch.manual_seed(seed),
    }
