"""What the training images hold: the versions that `images/training` pins, and the modules that they bring."""

import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.trainer.inspection.image.distributions import IN_IMAGES, modules_of
from trainyard.engine.containers.stages import FOLDER, copied, only

GROWING = ("sklearn", "ann", "cnn")
"""Images of which each holds all of the one before it."""

STAGES = (*GROWING, "python311", "torch", "keras2", "python37")
"""The images, by the stage of the Dockerfile that makes them."""

PROVIDED = {"tensorflow": "tensorflow-cpu", "opencv-python": "opencv-python-headless", "xgboost": "xgboost-cpu"}
"""Distributions in the images that stand in for others."""

_PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Contents:
    """What one training image holds.

    Attributes:
        pins: The versions that are chosen in it; others follow from them.
        modules: The top-level modules that it has.
    """

    pins: dict[str, str]
    modules: frozenset[str]


@cache
def contents(stage: str) -> Contents:
    """Return what the image of a stage holds, by the lists of requirements that the Dockerfile installs there."""
    dockerfile = only(Path(FOLDER, "Dockerfile").read_text("utf-8"), stage)
    lists = [Path(FOLDER, file).read_text("utf-8") for file in copied(dockerfile) if file.endswith(".txt")]
    pins = dict(_PIN.findall("\n".join(lists)))
    brought = (
        IN_IMAGES.get(f"{name}=={version}") or IN_IMAGES.get(name) or modules_of(name) for name, version in pins.items()
    )
    return Contents(pins, frozenset().union(*brought))


def in_standard_library(module: str) -> bool:
    """Return whether every image's Python has the module itself."""
    return module in sys.stdlib_module_names and module != "distutils"
