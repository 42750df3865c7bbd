"""Metrics of every service; labels come from closed sets, never from a job.

Names follow https://prometheus.io/docs/practices/naming/: prefix, base unit, `_total` for counters.
"""

from prometheus_client import Counter, Gauge, Histogram

from trainyard.topology import TIERS, Binding

SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1200)
"""Buckets for the handling of a message, up to the deadline of an image's build."""

TRAINING_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Buckets for trainings and jobs, from a second to a day."""

HANDLED = Counter("trainyard_messages_handled", "Deliveries by how they ended.", ["service", "type", "outcome"])
DURATION = Histogram("trainyard_message_duration_seconds", "Time to handle.", ["service", "type"], buckets=SECONDS)
IN_FLIGHT = Gauge("trainyard_messages_in_flight", "Deliveries being handled.", ["service"])
PUBLISHED = Counter("trainyard_messages_published", "Messages the broker confirmed.", ["service", "type"])
RETURNS = Counter("trainyard_publish_returns", "Messages that no queue took.", ["service"])
RECONNECTS = Counter("trainyard_reconnects", "Reconnections to the broker.", ["service"])
RETRIES = Counter("trainyard_retries", "Failed handlings sent to a delay queue.", ["service", "tier"])
PARKED = Counter("trainyard_parked", "Messages that were parked.", ["service", "reason"])
LAST_SUCCESS = Gauge("trainyard_last_success_timestamp_seconds", "When a delivery last succeeded.", ["service"])
RECONCILED = Gauge("trainyard_reconcile_timestamp_seconds", "When the engine was last compared.", ["service"])

PARK_REASONS = ("invalid", "failed")


def prepare(binding: Binding) -> None:
    """Create every series of the service at 0, so that rates and alerts see the first event."""
    service = binding.service
    for key in binding.keys:
        DURATION.labels(service, key)
        for outcome in ("ok", "retried", "parked"):
            HANDLED.labels(service, key, outcome)
    for key in binding.publishes:
        PUBLISHED.labels(service, key)
    for tier in TIERS:
        RETRIES.labels(service, tier.name)
    for reason in PARK_REASONS:
        PARKED.labels(service, reason)
    for metric in (IN_FLIGHT, RETURNS, RECONNECTS, LAST_SUCCESS, RECONCILED):
        metric.labels(service)
