"""What the operator watches of the trainer, for Prometheus; labels come from closed sets."""

import time
from typing import Literal, get_args

from prometheus_client import Counter, Gauge, Histogram

from services.trainer.inspection import ImageKind, Kind
from services.trainer.ports import TrainingOutcome
from trainyard.engine.port import UNKNOWN_KIND
from trainyard.engine.verdict import Ending
from trainyard.metrics import RECONCILED, TRAINING_SECONDS

TRAININGS = Counter("trainyard_trainings", "Trainings by how they ended.", ["kind", "outcome"])
DURATION = Histogram(
    "trainyard_training_duration_seconds", "Wall time of runs that succeeded.", ["kind"], buckets=TRAINING_SECONDS
)
SLOTS = Gauge("trainyard_slots", "Trainings that run (used) and that may run at once (total).", ["state"])
BUILDS = Counter("trainyard_image_builds", "Builds of training images.", ["kind", "outcome"])

KINDS = (*get_args(Kind), UNKNOWN_KIND)
OUTCOMES = (*get_args(Ending), "refused")


class PrometheusCounts:
    """Counts into the process's registry; every series is there from the start, at 0.

    Args:
        slots: How many trainings may run at once.
    """

    def __init__(self, slots: int) -> None:
        for kind in KINDS:
            DURATION.labels(kind)
            for outcome in OUTCOMES:
                TRAININGS.labels(kind, outcome)
        for image in get_args(ImageKind):
            for outcome in ("built", "failed"):
                BUILDS.labels(image, outcome)
        self.slots(0, slots)

    def ended(self, kind: str, outcome: TrainingOutcome, seconds: float | None = None) -> None:
        """Count a training, with its duration where it succeeded."""
        TRAININGS.labels(kind, outcome).inc()
        if seconds is not None:
            DURATION.labels(kind).observe(seconds)

    def built(self, kind: str, outcome: Literal["built", "failed"]) -> None:
        """Count the build of an image."""
        BUILDS.labels(kind, outcome).inc()

    def slots(self, used: int, total: int) -> None:
        """Note how many trainings run, of how many that may."""
        SLOTS.labels("used").set(used)
        SLOTS.labels("total").set(total)

    def looked(self) -> None:
        """Note that the engine's containers were just looked at."""
        RECONCILED.labels("trainer").set(time.time())
