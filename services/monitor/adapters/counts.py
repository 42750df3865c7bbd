"""What the operator watches of the monitor, for Prometheus; labels come from closed sets."""

from collections import Counter as StateCounts
from collections.abc import Iterable
from typing import get_args

from prometheus_client import Counter, Gauge

from services.monitor.domain import Cause
from services.monitor.words import REASONS
from trainyard.engine.port import Container, State
from trainyard.metrics import RECONCILED
from trainyard.trial import FailureReason, ScriptFailureReason

RESUMES = Counter("trainyard_resumes", "Runs that crashed and were resumed as the next one.", ["reason"])
FAILED = Counter("trainyard_runs_failed", "Trials that the monitor reported as failed.", ["reason"])
CONTAINERS = Gauge("trainyard_containers", "Containers of trainings, as last compared.", ["state"])


class PrometheusCounts:
    """Counts into the process's registry; every series is there from the start, at 0."""

    def __init__(self) -> None:
        for cause in get_args(Cause):
            RESUMES.labels(cause)
        for reason in (*get_args(ScriptFailureReason), *REASONS.values()):
            FAILED.labels(reason)
        for state in get_args(State):
            CONTAINERS.labels(state)

    def resumed(self, cause: Cause) -> None:
        """Count a run that is resumed as the next one."""
        RESUMES.labels(cause).inc()

    def failed(self, reason: FailureReason) -> None:
        """Count a trial that was reported as failed."""
        FAILED.labels(reason).inc()

    def compared(self, containers: Iterable[Container]) -> None:
        """Record that the engine was compared, and what it has."""
        states = StateCounts(container.state for container in containers)
        for state in get_args(State):
            CONTAINERS.labels(state).set(states[state])
        RECONCILED.labels("monitor").set_to_current_time()
