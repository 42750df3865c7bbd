"""The only place where the tweaker's real adapters are made."""

from functools import partial

from services.tweaker import handlers
from services.tweaker.ports import Bundles
from trainyard.messages import ThresholdMissed, ThresholdPassed
from trainyard.service import Service
from trainyard.settings import Settings
from trainyard.storage import Storage


def build(settings: Settings) -> Service:
    """Make the service as the settings want it."""
    return assemble(storage=Storage(settings.storage))


def assemble(*, storage: Bundles) -> Service:
    """Put the service together from its ports."""
    return Service(
        "tweaker",
        handlers={
            ThresholdMissed: partial(handlers.on_threshold_missed, bundles=storage),
            ThresholdPassed: partial(handlers.on_threshold_passed, bundles=storage),
        },
    )
