"""Create the topology on a broker, and compare what a broker has with it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict

from trainyard.bus.definitions import Definition, definitions, permission
from trainyard.bus.management import Management
from trainyard.errors import BusUnavailableError, TopologyError
from trainyard.topology import BINDINGS, QUORUM, VHOST, queues

PATIENCE_SECONDS = 90.0
POLL_SECONDS = 1.0
REPORT_SECONDS = 10.0
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
    """One part of the topology: what is wanted and what the broker has, in words; None where there is nothing."""

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

    @property
    def wrong(self) -> bool:
        """Whether the broker lacks what is wanted, or has something else."""
        return not self.ok and not self.surplus

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: wanted {self.wanted or 'nothing'}, found {self.found or 'nothing'}"


def apply(
    url: str, passwords: Mapping[str, str], *, patience: float = PATIENCE_SECONDS, report: Callable[[str], None]
) -> list[Row]:
    """Create what is missing on the broker whose management API is at *url*, and return its parts afterwards.

    It may be repeated, and run twice at once. Existing queues are left alone, whatever they hold.

    The URL has an administrator's user and password. A broker that is starting is waited for *patience* seconds;
    *report* is called with a sentence about each step.

    Raises:
        BusUnavailableError: No broker answers in time.
        TopologyError: The broker refuses, or has something different under one of our names.
    """
    broker = Management(url)
    _wait(broker, patience, report)
    wanted = definitions(passwords)
    existing = {queue["name"] for queue in broker.get("queues", VHOST)}
    wanted["queues"] = [queue for queue in wanted["queues"] if queue["name"] not in existing]
    report(f"applying the topology to {broker.where} ({len(wanted['queues'])} queues are new)")
    broker.post("definitions", body=wanted)
    if wanted["queues"]:
        time.sleep(SETTLE_SECONDS)
    rows = list(_compare(broker))
    if wrong := [f"  {row}" for row in rows if row.wrong]:
        remedy = "move its messages away, delete it and apply again"
        raise TopologyError("\n".join([f"the broker has something else under one of our names; {remedy}:", *wrong]))
    return rows


def check(url: str) -> list[Row]:
    """Compare the broker at *url* with the topology, the policies in force included.

    Raises:
        BusUnavailableError: No broker answers.
        TopologyError: It refuses the user.
    """
    broker = Management(url)
    return [*_compare(broker), *_in_force(broker)]


def _wait(broker: Management, patience: float, report: Callable[[str], None]) -> None:
    deadline = time.monotonic() + patience
    reported = float("-inf")
    while True:
        try:
            broker.get("overview")
        except BusUnavailableError:
            now = time.monotonic()
            if now > deadline:
                raise
            if now - reported >= REPORT_SECONDS:
                report(f"waiting for the broker at {broker.where} (another {deadline - now:.0f} s at most)")
                reported = now
            time.sleep(POLL_SECONDS)
        else:
            return


def _compare(broker: Management) -> Iterator[Row]:
    wanted = definitions()
    yield from _named("exchange", wanted["exchanges"], broker.get("exchanges", VHOST), _exchange)
    yield from _named("queue", wanted["queues"], broker.get("queues", VHOST), _queue)
    yield from _named("policy", wanted["policies"], broker.get("policies", VHOST), _policy)
    yield from _bindings(wanted["bindings"], broker.get("bindings", VHOST))
    permissions = [item for item in broker.get("permissions") if item["vhost"] == VHOST]
    yield from _named("rights", list(map(permission, BINDINGS.values())), permissions, _rights, by="user")


def _named(
    kind: str,
    wanted: list[Definition],
    found: list[Definition],
    words: Callable[[Definition], str],
    *,
    by: str = "name",
) -> Iterator[Row]:
    """Compare parts by their name; those of others do not matter."""
    existing = {item[by]: words(item) for item in found}
    for item in wanted:
        yield Row(kind, item[by], words(item), existing.get(item[by]))


def _exchange(item: Definition) -> str:
    return f"{'durable' if item['durable'] else 'transient'} {item['type']}"


def _queue(item: Definition) -> str:
    kind = item["arguments"].get("x-queue-type", "classic")
    others = sorted(set(item["arguments"]) - set(QUORUM))
    return f"{'durable' if item['durable'] else 'transient'} {kind}" + "".join(f", {name}" for name in others)


def _policy(item: Definition) -> str:
    return f"{item['pattern']}: {_listed(item['definition'])}"


def _listed(definition: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(definition.items()))


def _rights(item: Definition) -> str:
    return f"configure {item['configure']} write {item['write']} read {item['read']}"


def _bindings(wanted: list[Definition], found: list[Definition]) -> Iterator[Row]:
    """Compare the bindings of our queues; an old one still copies messages there, so it is shown."""
    ours = {queue.name for queue in queues()}
    here, there = _places(wanted), _places(item for item in found if item["destination"] in ours)
    for place in sorted(here | there):
        source, queue, key = place
        words = f"bound to {source}"
        yield Row("binding", f"{queue} {key}".strip(), *(words if place in side else None for side in (here, there)))


def _places(items: Iterable[Definition]) -> set[tuple[str, str, str]]:
    """Return source, queue and key of each binding but those of the default exchange."""
    return {(item["source"], item["destination"], item["routing_key"]) for item in items if item["source"]}


def _in_force(broker: Management) -> Iterator[Row]:
    """Compare the policies in force: another policy may take precedence, and unknown keys are ignored."""
    found = {item["name"]: item.get("effective_policy_definition") for item in broker.get("queues", VHOST)}
    for queue in queues():
        yield Row("in force", queue.name, _listed(queue.policy), _listed(found.get(queue.name) or {}) or None)
