"""The contract of the bus as an AsyncAPI 3 document, made from the messages and the topology."""

import inspect
from typing import Any

from pydantic.json_schema import models_json_schema

from trainyard.bus.envelope import ATTEMPT, QUEUE, REASON, TRACE, VERSION
from trainyard.messages import MESSAGES, Message
from trainyard.topology import BINDINGS, EXCHANGE, VHOST, Binding

Document = dict[str, Any]

DESCRIPTION = """\
Messages travel over the durable topic exchange `trainyard`; every service has one queue. The body is JSON.
The AMQP properties carry message_id (a repeat has the same), type (the routing key stands in where it is absent),
timestamp, correlation_id (the job) and app_id (the service).
Consumers ignore fields that they do not know; a breaking change is a new routing key.
"""


def asyncapi() -> Document:
    """Return the whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Trainyard", "version": "1", "description": DESCRIPTION, "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "servers": {"rabbitmq": {"host": "rabbitmq:5672", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": {message.key: _channel(message) for message in MESSAGES},
        "operations": {name: body for binding in BINDINGS.values() for name, body in _operations(binding).items()},
        "components": {
            "messages": {message.__name__: _message(message) for message in MESSAGES},
            "messageTraits": {"envelope": {"headers": _headers()}},
            "schemas": _schemas(),
        },
    }


def _channel(message: type[Message]) -> Document:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False, "vhost": VHOST}
    return {
        "address": message.key,
        "title": message.key,
        "servers": [_ref("servers", "rabbitmq")],
        "messages": {message.__name__: _ref("components", "messages", message.__name__)},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _operations(binding: Binding) -> Document:
    sends = {f"{binding.service}.sends.{each.key}": _operation(binding, "send", each) for each in binding.produces}
    receives = {
        f"{binding.service}.receives.{each.key}": _operation(binding, "receive", each) for each in binding.consumes
    }
    return sends | receives


def _operation(binding: Binding, action: str, message: type[Message]) -> Document:
    persistent = {"deliveryMode": 2, "mandatory": True} if action == "send" else {"ack": True}
    queue = {"x-queue": binding.queue} if action == "receive" else {}
    return {
        "action": action,
        "channel": _ref("channels", message.key),
        "messages": [_ref("channels", message.key, "messages", message.__name__)],
        "tags": [{"name": binding.service}],
        "bindings": {"amqp": {**persistent, "bindingVersion": "0.3.0"}},
        **queue,
    }


def _message(message: type[Message]) -> Document:
    return {
        "name": message.key,
        "title": message.__name__,
        "summary": inspect.getdoc(message),
        "contentType": "application/json",
        "traits": [_ref("components", "messageTraits", "envelope")],
        "payload": _ref("components", "schemas", message.__name__),
        "x-version": message.version,
    }


def _headers() -> Document:
    text = {"type": "string"}
    return {
        "type": "object",
        "properties": {
            VERSION: {"type": "integer", "description": "The body's schema version; the newest when absent."},
            TRACE: {**text, "description": "W3C trace context."},
            ATTEMPT: {"type": "integer", "description": "How often handling the message has failed so far."},
            REASON: {**text, "description": "Why it failed or was parked."},
            QUEUE: {**text, "description": "The queue a parked message was in."},
        },
    }


def _schemas() -> Document:
    models = [(message, "validation") for message in MESSAGES]
    _, found = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return dict(found["$defs"])


def _ref(*path: str) -> Document:
    return {"$ref": "#/" + "/".join(path)}
