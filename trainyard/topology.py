"""Exchange, queues, bindings, policies, users and rights, as one table.

`trainyard topology apply` makes it, services only check it, and the published contract is generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from trainyard.messages import (
    AccuracyMeasured,
    CancelRequested,
    CodeReady,
    CodeSubmitted,
    JobFinished,
    Message,
    ThresholdMissed,
    TrainingFailed,
    TrainingProgressed,
    TrainingStarted,
    TweaksExhausted,
)

EXCHANGE = "trainyard"
PARKING_EXCHANGE = "trainyard.parking"
PARKED_QUEUE = "trainyard.parked"
DELIVERY_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the backoff: a delay queue a service, with one fixed time to live."""

    name: str
    seconds: float


TIERS = (Tier("5s", 5), Tier("1m", 60), Tier("10m", 600))


@dataclass(frozen=True, slots=True)
class Binding:
    """What one service hears and says."""

    service: str
    consumes: tuple[type[Message], ...]
    says: tuple[type[Message], ...]

    @property
    def queue(self) -> str:
        """The service's work queue."""
        return f"{EXCHANGE}.{self.service}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The routing keys that its queue is bound to."""
        return tuple(message.key for message in self.consumes)

    @property
    def publishes(self) -> tuple[str, ...]:
        """The routing keys that it publishes with."""
        return tuple(message.key for message in self.says)

    def delay_queue(self, tier: Tier) -> str:
        """The queue in which a failed message waits for *tier* before it comes back."""
        return f"{self.queue}.retry.{tier.name}"


BINDINGS: dict[str, Binding] = {
    binding.service: binding
    for binding in (
        Binding("fetcher", consumes=(CodeSubmitted,), says=(CodeReady, CodeSubmitted, TrainingFailed)),
        Binding(
            "trainer",
            consumes=(CodeReady,),
            says=(CodeSubmitted, TrainingStarted, TrainingProgressed, AccuracyMeasured, TrainingFailed),
        ),
        Binding(
            "evaluator",
            consumes=(
                CodeReady,
                TrainingStarted,
                TrainingProgressed,
                AccuracyMeasured,
                TrainingFailed,
                TweaksExhausted,
                CancelRequested,
            ),
            says=(CodeReady, ThresholdMissed, JobFinished),
        ),
        Binding("tweaker", consumes=(ThresholdMissed,), says=(CodeReady, TweaksExhausted)),
        Binding("notifier", consumes=(JobFinished,), says=()),
        Binding("monitor", consumes=(), says=(CodeReady, TrainingProgressed, TrainingFailed)),
    )
}
