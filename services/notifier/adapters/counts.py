"""What the operator watches of the notifier, for Prometheus."""

from typing import get_args

from prometheus_client import Counter

from services.notifier.ports import Sent

MAILS = Counter("trainyard_mails", "Mails to one recipient each, by how sending ended.", ["outcome"])


class PrometheusCounts:
    """Counts into the process's registry; every series is there from the start, at 0."""

    def __init__(self) -> None:
        for outcome in get_args(Sent):
            MAILS.labels(outcome)

    def mail(self, outcome: Sent) -> None:
        """Count one mail."""
        MAILS.labels(outcome).inc()
