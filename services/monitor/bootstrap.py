"""The only place where the monitor's real adapters are made."""

import os
import time
from collections.abc import Callable
from functools import partial

import trainprobe
from services.monitor.adapters.counts import PrometheusCounts
from services.monitor.domain import Limits
from services.monitor.handlers import Watch, watch_containers
from services.monitor.settings import MonitorSettings
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.port import Engine
from trainyard.service import Service
from trainyard.storage import Storage


def build(settings: MonitorSettings) -> Service:
    """Return the service as configured."""
    return assemble(
        engine=DockerEngine(
            settings.engine_url, probe=os.path.dirname(trainprobe.__file__), installation=settings.installation
        ),
        storage=Storage(settings.storage),
        limits=Limits(
            max_runs=settings.monitor_max_runs,
            backoff=settings.monitor_backoff_seconds,
            stall=settings.monitor_stall_seconds,
        ),
        every=settings.monitor_reconcile_seconds,
    )


def assemble(
    *,
    engine: Engine,
    storage: Storage,
    limits: Limits | None = None,
    every: float = 30.0,
    now: Callable[[], float] = time.time,
) -> Service:
    """Return the service on its ports; passes are at most *every* seconds apart, *now* is the clock."""
    watch = Watch(
        engine=engine, marks=storage, counts=PrometheusCounts(), limits=limits or Limits(), every=every, now=now
    )
    return Service("monitor", sources=[partial(watch_containers, watch=watch)])
