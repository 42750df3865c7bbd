"""What is generated from the code is current and hangs together."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trainyard.bus.asyncapi import asyncapi
from trainyard.bus.contract import FILES, render, write
from trainyard.bus.definitions import definitions
from trainyard.messages import MESSAGES
from trainyard.topology import BINDINGS

ROOT = Path(__file__).parents[2]


def references(value: Any) -> Iterator[str]:
    """Every $ref below *value*."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def resolve(document: Any, reference: str) -> Any:
    """What a reference within *document* points at."""
    for part in reference.removeprefix("#/").split("/"):
        document = document[part]
    return document


class TestCommittedFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_are_what_the_code_says(self, name: str) -> None:
        """A change of a message or of the table shows in the diff."""
        assert (ROOT / name).read_text(encoding="utf-8") == render(FILES[name]()), f"{name} is old; run `make docs`"

    def test_are_written_by_one_command(self, tmp_path: Path) -> None:
        """`make docs`."""
        for name in FILES:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)

        write(tmp_path)

        assert all(json.loads((tmp_path / name).read_text()) for name in FILES)


class TestAsyncApi:
    def test_has_what_version_3_asks_for(self) -> None:
        """The version, and a title and version of its own."""
        document = asyncapi()

        assert document["asyncapi"] == "3.0.0"
        assert {"title", "version"} <= set(document["info"])

    def test_every_reference_leads_somewhere(self) -> None:
        """None is dangling."""
        document = asyncapi()

        for reference in references(document):
            assert resolve(document, reference), reference

    def test_names_are_of_the_letters_that_are_allowed(self) -> None:
        """Tools refuse others."""
        document = asyncapi()
        names = [*document["operations"], *document["components"]["messages"], *document["components"]["schemas"]]

        assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9._-]+", name)] == []

    def test_every_message_has_its_channel_and_payload(self) -> None:
        """By its routing key."""
        document = asyncapi()

        assert set(document["channels"]) == {message.key for message in MESSAGES}
        for message in MESSAGES:
            payload = resolve(document, document["components"]["messages"][message.__name__]["payload"]["$ref"])
            assert set(payload["properties"]) == set(message.model_fields)

    def test_every_service_has_its_operations(self) -> None:
        """What the table says, and nothing else."""
        said = {f"{b.service}.sends.{key}" for b in BINDINGS.values() for key in b.publishes}
        heard = {f"{b.service}.receives.{key}" for b in BINDINGS.values() for key in b.keys}

        assert set(asyncapi()["operations"]) == said | heard


class TestDefinitions:
    def test_the_only_queue_argument_is_the_type(self) -> None:
        """All else is a policy, which can be changed while messages wait."""
        assert {str(queue["arguments"]) for queue in definitions()["queues"]} == {"{'x-queue-type': 'quorum'}"}

    def test_every_policy_rules_exactly_its_queue(self) -> None:
        """A dot in a name is a dot."""
        made = definitions()
        names = [queue["name"] for queue in made["queues"]]

        for policy in made["policies"]:
            assert [name for name in names if re.search(policy["pattern"], name)] == [policy["name"]]

    def test_without_passwords_there_are_no_users(self) -> None:
        """A broker that loads the file would take their passwords away."""
        assert "users" not in definitions()
        assert "permissions" not in definitions()

    def test_with_passwords_every_service_has_a_user_without_tags(self) -> None:
        """None may log in to the broker's pages."""
        users = definitions(dict.fromkeys(BINDINGS, "secret"))["users"]

        assert {user["name"] for user in users} == set(BINDINGS)
        assert all(user["tags"] == [] and user["password"] == "secret" for user in users)
