"""Judge what a handler raised: back off through the delay queues, or park it for a person."""

from __future__ import annotations

import structlog

from trainyard.bus.envelope import ATTEMPT, QUEUE, REASON, Header
from trainyard.bus.port import Bus, Delivery
from trainyard.errors import BusClosedError, PermanentError, UnroutableError
from trainyard.metrics import PARKED, RETRIES
from trainyard.middleware.step import Ending, Step
from trainyard.topology import TIERS, Binding

log = structlog.get_logger()


def retrying(step: Step, *, bus: Bus, binding: Binding) -> Step:
    """Wrap *step* so that what it raises is published again later, or parked, before the delivery is acked.

    The attempt is counted in a header of our own, since the broker's counts also lost connections.
    """

    def judged(delivery: Delivery) -> Ending:
        try:
            return step(delivery)
        except BusClosedError:
            raise
        except PermanentError as error:
            return _park(delivery, error, "invalid", bus=bus, binding=binding)
        except Exception as error:  # noqa: BLE001  a handler's defect must not stop the messages behind it
            return _again(delivery, error, bus=bus, binding=binding)

    return judged


def _again(delivery: Delivery, error: Exception, *, bus: Bus, binding: Binding) -> Ending:
    """Send the message to the delay queue of its attempt; park it after the last one."""
    attempt = delivery.envelope.attempt
    if attempt >= len(TIERS):
        return _park(delivery, error, "failed", bus=bus, binding=binding)
    tier = TIERS[attempt]
    log.warning("trying again later", error=_words(error), seconds=tier.seconds, exc_info=error)
    headers: dict[str, Header] = {ATTEMPT: attempt + 1, REASON: _words(error)}
    try:
        bus.send(delivery.envelope.with_headers(headers), binding.delay_queue(tier))
    except UnroutableError as missing:
        return _park(delivery, missing, "failed", bus=bus, binding=binding)
    RETRIES.labels(binding.service, tier.name).inc()
    return "retried"


def _park(delivery: Delivery, error: Exception, reason: str, *, bus: Bus, binding: Binding) -> Ending:
    """Put the message aside, with why and where it was."""
    log.error("parked", error=_words(error), reason=reason, exc_info=None if reason == "invalid" else error)
    bus.park(delivery.envelope.with_headers({REASON: _words(error), QUEUE: binding.queue}))
    PARKED.labels(binding.service, reason).inc()
    return "parked"


def _words(error: Exception) -> str:
    """Say an error in one line that fits a header."""
    return f"{type(error).__name__}: {error}"[:500]
