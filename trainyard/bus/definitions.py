"""The topology as RabbitMQ's definitions: `trainyard topology apply` imports them, a broker may load them at boot."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from trainyard.topology import BINDINGS, EXCHANGE, PARKING_EXCHANGE, QUORUM, VHOST, Binding, Queue, queues, rights

Definition = dict[str, Any]


def definitions(passwords: Mapping[str, str] | None = None) -> Definition:
    """Return the whole topology.

    Args:
        passwords: By service. Without them, users and rights are omitted: a user that is imported without a password
            loses the one it had (seen on 4.0.5), and rights need their user.
    """
    who: Definition = {}
    if passwords is not None:
        who["users"] = [_user(service, passwords[service]) for service in BINDINGS]
        who["permissions"] = [permission(binding) for binding in BINDINGS.values()]
    return {
        "vhosts": [{"name": VHOST}],
        **who,
        "exchanges": [_exchange(EXCHANGE, "topic"), _exchange(PARKING_EXCHANGE, "fanout")],
        "policies": [_policy(queue) for queue in queues()],
        "queues": [_queue(queue) for queue in queues()],
        "bindings": [_binding(queue, key) for queue in queues() for key in queue.keys],
    }


def _user(name: str, password: str) -> Definition:
    return {"name": name, "password": password, "tags": []}


def permission(binding: Binding) -> Definition:
    """Return the rights of one service's user."""
    return {"user": binding.service, "vhost": VHOST, **asdict(rights(binding))}


def _exchange(name: str, kind: str) -> Definition:
    durable = {"durable": True, "auto_delete": False, "internal": False, "arguments": {}}
    return {"name": name, "vhost": VHOST, "type": kind, **durable}


def _policy(queue: Queue) -> Definition:
    pattern = "^" + queue.name.replace(".", "\\.") + "$"
    definition = dict(queue.policy)
    return {"name": queue.name, "vhost": VHOST, "pattern": pattern, "apply-to": "queues", "definition": definition}


def _queue(queue: Queue) -> Definition:
    durable = {"durable": True, "auto_delete": False, "arguments": dict(QUORUM)}
    return {"name": queue.name, "vhost": VHOST, **durable}


def _binding(queue: Queue, key: str) -> Definition:
    return {
        "source": queue.exchange,
        "vhost": VHOST,
        "destination": queue.name,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }
