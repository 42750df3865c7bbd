"""What the trainer needs of the outside world, beside engine and images."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from services.trainer.inspection import Plan
from trainyard.engine.port import Engine, Images
from trainyard.engine.verdict import Ending
from trainyard.policy import Policy
from trainyard.storage import Storage

MEBIBYTE = 1024 * 1024

TrainingOutcome = Ending | Literal["refused"]
"""How a run ended, or that its code was refused before there was one."""

Inspect = Callable[[dict[str, bytes], Policy], Plan]
"""Finds out how to train a bundle's files; raises SubmissionError where that cannot be done."""


class Counts(Protocol):
    """What the operator watches of the trainer."""

    def ended(self, kind: str, outcome: TrainingOutcome, seconds: float | None = None) -> None:
        """Count a training, with its duration where it succeeded."""

    def built(self, kind: str, outcome: Literal["built", "failed"]) -> None:
        """Count the build of an image."""

    def slots(self, used: int, total: int) -> None:
        """Note how many trainings run, of how many that may."""

    def looked(self) -> None:
        """Note that the engine's containers were just looked at."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every handler works with.

    Attributes:
        slots: How many trainings may run at once.
        image_used: Is called with the image that a run was started in, and when.
        now: The clock, in seconds since 1970.
    """

    storage: Storage
    engine: Engine
    images: Images
    counts: Counts
    inspect: Inspect
    slots: int = 2
    image_used: Callable[[str, float], None] = lambda _image, _at: None
    now: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Pace:
    """How often finished runs are looked for, and how much of them is kept.

    Attributes:
        every: The longest time between two looks, in seconds.
        settle: The shortest, in seconds, however much happens.
        progress: Seconds between two progress messages of one run.
        quiet: The same, where nothing but its use of memory and processors is new.
        artifact_bytes: What a trial's artifacts may take together.
        checkpoint_bytes: How large its checkpoint may be.
    """

    every: float = 0.5
    settle: float = 0.1
    progress: float = 0.5
    quiet: float = 10.0
    artifact_bytes: int = 256 * MEBIBYTE
    checkpoint_bytes: int = 256 * MEBIBYTE
