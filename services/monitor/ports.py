"""What the monitor needs of the outside world, beside the engine."""

from collections.abc import Iterable
from typing import Protocol

from services.monitor.domain import Cause
from trainyard.engine.port import Container
from trainyard.trial import FailureReason


class Counts(Protocol):
    """What the operator watches."""

    def resumed(self, cause: Cause) -> None:
        """Count a run that is resumed as the next one."""

    def failed(self, reason: FailureReason) -> None:
        """Count a trial that was reported as failed."""

    def compared(self, containers: Iterable[Container]) -> None:
        """Record that the engine was compared, and what it has."""
