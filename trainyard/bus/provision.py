"""Make the topology on a broker, and compare what a broker has with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict

from trainyard.bus.definitions import Definition, definitions
from trainyard.bus.management import Management
from trainyard.errors import BusUnavailableError, TopologyError
from trainyard.topology import BINDINGS, QUORUM, VHOST, Rights, queues, rights

PATIENCE_SECONDS = 90.0
POLL_SECONDS = 1.0
SAY_SECONDS = 10.0
SETTLE_SECONDS = 3.0
"""How long a broker needs to write the names of new quorum queues to disk.

It does so only after a moment without traffic: RabbitMQ 4.0.5 killed at once after a declaration, or 4 s after it under
load, came back with the newest queue registered but dead for good; 3 s of quiet were enough.
"""


class BrokerPasswords(BaseSettings):
    """The password of each service's user, from the environment; the defaults serve a broker on loopback only."""

    model_config = SettingsConfigDict(env_prefix="TRAINYARD_BROKER_PASSWORD_", frozen=True, extra="ignore")

    fetcher: str = "trainyard-fetcher"
    trainer: str = "trainyard-trainer"
    evaluator: str = "trainyard-evaluator"
    tweaker: str = "trainyard-tweaker"
    notifier: str = "trainyard-notifier"
    monitor: str = "trainyard-monitor"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the topology: what is wanted and what the broker has, in words; None where there is nothing."""

    kind: str
    name: str
    wanted: str | None
    found: str | None

    @property
    def ok(self) -> bool:
        """Whether the broker has what is wanted."""
        return self.wanted == self.found

    @property
    def surplus(self) -> bool:
        """Whether the broker has something that the topology does not know; it does no harm by itself."""
        return self.wanted is None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: wanted {self.wanted or 'nothing'}, found {self.found or 'nothing'}"


def apply(
    url: str, passwords: Mapping[str, str], *, patience: float = PATIENCE_SECONDS, say: Callable[[str], None]
) -> list[Row]:
    """Make what is missing on the broker whose management API is at *url*, and return how it is now.

    It may be repeated and run twice at once. Queues that exist are left alone, whatever they hold.

    Args:
        url: With an administrator's user and password.
        passwords: By service.
        patience: How long to wait for a broker that is starting, in seconds.
        say: Told in a sentence what goes on.

    Raises:
        BusUnavailableError: No broker answers in time.
        TopologyError: The broker refuses, or has something by one of our names that is different.
    """
    broker = Management(url)
    _wait(broker, patience, say)
    wanted = definitions(passwords)
    there = {queue["name"] for queue in broker.get("queues", VHOST)}
    wanted["queues"] = [queue for queue in wanted["queues"] if queue["name"] not in there]
    say(f"applying the topology to {broker.where} ({len(wanted['queues'])} queues are new)")
    broker.post("definitions", body=wanted)
    if wanted["queues"]:
        time.sleep(SETTLE_SECONDS)
    rows = list(_compare(broker))
    if wrong := [row for row in rows if not row.ok and not row.surplus]:
        listed = "\n".join(f"  {row}" for row in wrong)
        remedy = "move its messages away, delete it and apply again"
        raise TopologyError(f"the broker has something else by one of our names; {remedy}:\n{listed}")
    return rows


def check(url: str) -> list[Row]:
    """Compare the broker at *url* with the topology, the policies in force included.

    Raises:
        BusUnavailableError: No broker answers.
        TopologyError: It refuses the user.
    """
    broker = Management(url)
    return [*_compare(broker), *_in_force(broker)]


def _wait(broker: Management, patience: float, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + patience
    said = float("-inf")
    while True:
        try:
            broker.get("overview")
        except BusUnavailableError:
            now = time.monotonic()
            if now > deadline:
                raise
            if now - said >= SAY_SECONDS:
                say(f"waiting for the broker at {broker.where} (another {deadline - now:.0f} s at most)")
                said = now
            time.sleep(POLL_SECONDS)
        else:
            return


def _compare(broker: Management) -> Iterator[Row]:
    wanted = definitions()
    yield from _named("exchange", wanted["exchanges"], broker.get("exchanges", VHOST), _exchange)
    yield from _named("queue", wanted["queues"], broker.get("queues", VHOST), _queue)
    yield from _named("policy", wanted["policies"], broker.get("policies", VHOST), _policy)
    yield from _bindings(broker)
    yield from _rights(broker)


def _named(
    kind: str, wanted: list[Definition], found: list[Definition], words: Callable[[Definition], str]
) -> Iterator[Row]:
    """Compare things by their name; those of others are none of our business."""
    there = {item["name"]: words(item) for item in found}
    for item in wanted:
        yield Row(kind, item["name"], words(item), there.get(item["name"]))


def _exchange(item: Definition) -> str:
    return f"{'durable' if item['durable'] else 'transient'} {item['type']}"


def _queue(item: Definition) -> str:
    kind = item["arguments"].get("x-queue-type", "classic")
    others = sorted(set(item["arguments"]) - set(QUORUM))
    return f"{'durable' if item['durable'] else 'transient'} {kind}" + "".join(f", {name}" for name in others)


def _policy(item: Definition) -> str:
    return f"{item['pattern']}: {_said(item['definition'])}"


def _said(definition: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(definition.items()))


def _bindings(broker: Management) -> Iterator[Row]:
    """Compare the bindings of our queues; an old one still copies messages there, so it is shown."""
    ours = {queue.name for queue in queues()}
    found = {
        (item["source"], item["destination"], item["routing_key"])
        for item in broker.get("bindings", VHOST)
        if item["source"] and item["destination"] in ours
    }
    wanted = {(queue.exchange, queue.name, key) for queue in queues() for key in queue.keys}
    for source, queue, key in sorted(wanted | found):
        words = f"bound to {source}"
        here, there = (words if (source, queue, key) in side else None for side in (wanted, found))
        yield Row("binding", f"{queue} {key}".strip(), here, there)


def _rights(broker: Management) -> Iterator[Row]:
    found = {item["user"]: item for item in broker.get("permissions") if item["vhost"] == VHOST}
    for service, binding in BINDINGS.items():
        there = found.get(service)
        has = _allowed(Rights(there["configure"], there["write"], there["read"])) if there else None
        yield Row("rights", service, _allowed(rights(binding)), has)


def _allowed(given: Rights) -> str:
    return f"configure {given.configure} write {given.write} read {given.read}"


def _in_force(broker: Management) -> Iterator[Row]:
    """Compare the policies as the queues obey them: another policy may come first, and unknown keys are swallowed."""
    found = {item["name"]: item.get("effective_policy_definition") for item in broker.get("queues", VHOST)}
    for queue in queues():
        yield Row("in force", queue.name, _said(queue.policy), _said(found.get(queue.name) or {}) or None)
