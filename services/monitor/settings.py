"""Settings of the monitor, from the environment."""

from typing import Annotated

from pydantic import Field

from trainyard.settings import EngineSettings, Settings


class MonitorSettings(Settings, EngineSettings):
    """Settings of the monitor.

    Attributes:
        monitor_reconcile_seconds: The longest time between two passes over the engine.
        monitor_max_runs: How often a trial is run before its crashes count as a failure.
        monitor_backoff_seconds: The pause after a trial's first crash; doubles with each further one, up to 10 minutes.
        monitor_stall_seconds: A run that printed nothing and reported no progress for so long is killed and run again.
    """

    monitor_reconcile_seconds: Annotated[float, Field(gt=0)] = 30.0
    monitor_max_runs: Annotated[int, Field(ge=1)] = 5
    monitor_backoff_seconds: Annotated[float, Field(ge=0)] = 5.0
    monitor_stall_seconds: Annotated[float, Field(gt=0)] = 1800.0
