"""Count and time every delivery: rate, errors and duration for each queue."""

import time

from trainyard.bus.port import Delivery
from trainyard.messages import BY_KEY
from trainyard.metrics import DURATION, HANDLED, IN_FLIGHT, LAST_SUCCESS
from trainyard.middleware.step import Ending, Step


def measuring(step: Step, *, service: str) -> Step:
    """Wrap *step* with the service's metrics; an unknown type is counted as `unknown`, so that labels stay bounded."""

    def measured(delivery: Delivery) -> Ending:
        kind = delivery.envelope.name if delivery.envelope.name in BY_KEY else "unknown"
        with IN_FLIGHT.labels(service).track_inprogress(), DURATION.labels(service, kind).time():
            outcome = step(delivery)
        HANDLED.labels(service, kind, outcome).inc()
        if outcome == "ok":
            LAST_SUCCESS.labels(service).set(time.time())
        return outcome

    return measured
