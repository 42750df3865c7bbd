"""Exchange, queues, bindings, policies, users and rights, as one table.

`trainyard topology apply` makes it, services only check it, and the published contract is generated from it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trainyard.messages import (
    AccuracyMeasured,
    CancelRequested,
    CodeReady,
    CodeSubmitted,
    JobFinished,
    Message,
    ThresholdMissed,
    ThresholdPassed,
    TrainingFailed,
    TrainingProgressed,
    TrainingStarted,
    TweaksExhausted,
)

VHOST = "/"
EXCHANGE = "trainyard"
PARKING_EXCHANGE = "trainyard.parking"
PARKED_QUEUE = "trainyard.parked"
DEFAULT_EXCHANGE = "amq.default"
DELIVERY_LIMIT = 20

NO_LIMIT = 1_000_000
"""For parked messages: every look at them counts as a delivery. RabbitMQ 4 has a default of 20, and -1 for none, which
3.10 refuses; nobody looks a million times."""

Arguments = Mapping[str, str | int]
"""Arguments of a queue or a policy, by RabbitMQ's names."""

QUORUM: Arguments = {"x-queue-type": "quorum"}
"""The one argument that a queue is declared with; the rest are policies, which can be changed later."""

AT_LEAST_ONCE: Arguments = {"dead-letter-strategy": "at-least-once", "overflow": "reject-publish"}
"""Keep a dead letter until its new queue has it; the broker requires that overflow for it."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the backoff: a delay queue a service, with one fixed time to live."""

    name: str
    seconds: float


TIERS = (Tier("5s", 5), Tier("1m", 60), Tier("10m", 600))


@dataclass(frozen=True, slots=True)
class Binding:
    """What one service consumes and produces."""

    service: str
    consumes: tuple[type[Message], ...]
    produces: tuple[type[Message], ...]

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
        return tuple(message.key for message in self.produces)

    def delay_queue(self, tier: Tier) -> str:
        """The queue in which a failed message waits for *tier* before it comes back."""
        return f"{self.queue}.retry.{tier.name}"


BINDINGS: dict[str, Binding] = {
    binding.service: binding
    for binding in (
        Binding("fetcher", consumes=(CodeSubmitted,), produces=(CodeReady, CodeSubmitted, TrainingFailed)),
        Binding(
            "trainer",
            consumes=(CodeReady,),
            produces=(CodeSubmitted, TrainingStarted, TrainingProgressed, AccuracyMeasured, TrainingFailed),
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
            produces=(CodeReady, ThresholdMissed, ThresholdPassed, JobFinished),
        ),
        Binding("tweaker", consumes=(ThresholdMissed, ThresholdPassed), produces=(CodeReady, TweaksExhausted)),
        Binding("notifier", consumes=(JobFinished,), produces=()),
        Binding("monitor", consumes=(), produces=(CodeReady, TrainingProgressed, TrainingFailed)),
    )
}


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue, the exchange and keys that it is bound to, and its policy of the same name."""

    name: str
    policy: Arguments
    exchange: str = ""
    keys: tuple[str, ...] = ()


def queues() -> Iterator[Queue]:
    """Yield every queue: the services' work queues with their delay queues, and the one of parked messages."""
    for binding in BINDINGS.values():
        if binding.consumes:
            yield _work_queue(binding)
            yield from (_delay_queue(binding, tier) for tier in TIERS)
    yield Queue(PARKED_QUEUE, {"delivery-limit": NO_LIMIT}, exchange=PARKING_EXCHANGE, keys=("",))


def _work_queue(binding: Binding) -> Queue:
    """Return the queue whose messages are parked when they come back repeatedly: they seem to kill their consumer."""
    policy = {"delivery-limit": DELIVERY_LIMIT, "dead-letter-exchange": PARKING_EXCHANGE, **AT_LEAST_ONCE}
    return Queue(binding.queue, policy, exchange=EXCHANGE, keys=binding.keys)


def _delay_queue(binding: Binding, tier: Tier) -> Queue:
    """Return the queue that holds a message for *tier*, then dead-letters it straight into the work queue."""
    after: Arguments = {"dead-letter-exchange": "", "dead-letter-routing-key": binding.queue}
    return Queue(binding.delay_queue(tier), {"message-ttl": int(tier.seconds * 1000), **after, **AT_LEAST_ONCE})


@dataclass(frozen=True, slots=True)
class Rights:
    """What a service's user may do, as regular expressions over the names of exchanges and queues."""

    configure: str
    write: str
    read: str


def rights(binding: Binding) -> Rights:
    """Return the least rights that *binding*'s service can work with.

    The default exchange, which leads to its delay queues, only has all or nothing.
    """
    consumes = bool(binding.consumes)
    exchanges = (EXCHANGE, PARKING_EXCHANGE, DEFAULT_EXCHANGE) if consumes else (EXCHANGE,)
    return Rights(configure=_any_of(), write=_any_of(*exchanges), read=_any_of(*[binding.queue] * consumes))


def _any_of(*names: str) -> str:
    """Return an expression that matches exactly these names; without any it matches nothing."""
    return f"^({'|'.join(map(re.escape, names))})$" if names else "^$"
