"""Handle what a handler raised: retry through the delay queues, or park the message for a person."""

import structlog

from trainyard.bus.envelope import ATTEMPT, QUEUE, REASON, Header
from trainyard.bus.port import Bus, Delivery
from trainyard.errors import BusClosedError, PermanentError, TransientError, UnroutableError
from trainyard.metrics import PARKED, RETRIES
from trainyard.middleware.step import Ending, Step
from trainyard.topology import TIERS, Binding, Tier

log = structlog.get_logger()

PATIENCE_SECONDS = 24 * 3600
"""How long a message stays in the last tier while what its handler needs is unavailable, such as a database."""

MOST_ATTEMPTS = len(TIERS) + int(PATIENCE_SECONDS // TIERS[-1].seconds)


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
        except Exception as error:  # noqa: BLE001  a bug in a handler must not stop the messages behind it
            return _again(delivery, error, bus=bus, binding=binding)

    return judged


def _again(delivery: Delivery, error: Exception, *, bus: Bus, binding: Binding) -> Ending:
    """Send the message to the delay queue of its attempt; park it where there is none."""
    attempt = delivery.envelope.attempt
    tier = _tier(attempt, error)
    if tier is None:
        return _park(delivery, error, "failed", bus=bus, binding=binding)
    log.warning("trying again later", error=_words(error), seconds=tier.seconds, exc_info=error)
    headers: dict[str, Header] = {ATTEMPT: attempt + 1, REASON: _words(error)}
    try:
        bus.send(delivery.envelope.with_headers(headers), binding.delay_queue(tier))
    except (UnroutableError, PermanentError) as refused:
        return _park(delivery, refused, "failed", bus=bus, binding=binding)
    RETRIES.labels(binding.service, tier.name).inc()
    return "retried"


def _tier(attempt: int, error: Exception) -> Tier | None:
    """Return where the message waits after *attempt* failures; a bug gets one try per tier, an outage a whole day."""
    most = MOST_ATTEMPTS if isinstance(error, TransientError) else len(TIERS)
    return TIERS[min(attempt, len(TIERS) - 1)] if attempt < most else None


def _park(delivery: Delivery, error: Exception, reason: str, *, bus: Bus, binding: Binding) -> Ending:
    log.error("parked", error=_words(error), reason=reason, exc_info=None if reason == "invalid" else error)
    bus.park(delivery.envelope.with_headers({REASON: _words(error), QUEUE: binding.queue}))
    PARKED.labels(binding.service, reason).inc()
    return "parked"


def _words(error: Exception) -> str:
    """Return an error in one line that fits a header, which is UTF-8; half a character in it could not be sent."""
    return f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace").decode()
