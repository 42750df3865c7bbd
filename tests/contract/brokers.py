"""A real RabbitMQ in a container of its own, and buses on it and in memory."""

import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import cannot_run
from trainyard.bus.management import Management
from trainyard.bus.port import Bus
from trainyard.bus.provision import BrokerPasswords, apply
from trainyard.bus.rabbit import Limits, RabbitBus
from trainyard.errors import BusUnavailableError, TrainyardError
from trainyard.testing import eventually
from trainyard.topology import VHOST, queues

IMAGE = "rabbitmq:4-management"
ADMIN = "trainyard"
DEPLOYED = Path(__file__).parents[2] / "deploy/rabbitmq"
SETTINGS = Path(__file__).with_name("rabbitmq.conf")
START_SECONDS = 180.0

QUICK = Limits(blocked=2.0, backoff=1.0)
"""A bus that tests do not have to wait for."""

MakeRabbitBus = Callable[..., RabbitBus]


@dataclass(frozen=True)
class Twin:
    """One kind of bus.

    Attributes:
        make: Makes a further bus that reaches the same queues.
        bus: The first one.
        delay: The seconds that its shortest delay queue holds a message.
    """

    make: Callable[[], Bus]
    bus: Bus
    delay: float


class Broker:
    """RabbitMQ in a container, with the topology applied."""

    def __init__(self) -> None:
        self.amqp, self.pages = free_ports(2)
        self.id = self._start()
        self.management = Management(self.management_url)

    @property
    def management_url(self) -> str:
        """The management API, as the administrator."""
        return f"http://{ADMIN}:{ADMIN}@127.0.0.1:{self.pages}"

    def url(self, user: str = ADMIN) -> str:
        """The AMQP URL of *user*, a service or the administrator."""
        password = ADMIN if user == ADMIN else f"trainyard-{user}"
        return f"amqp://{user}:{password}@127.0.0.1:{self.amqp}/%2f"

    def apply(self) -> None:
        """Apply the topology, waiting for the broker."""
        apply(self.management_url, BrokerPasswords().model_dump(), patience=START_SECONDS, report=lambda _: None)

    def empty(self) -> None:
        """Throw away what waits in any queue; right after a restart, some may not answer yet."""
        for queue in queues():
            eventually(partial(self._purged, queue.name), timeout=30, message=f"{queue.name} cannot be emptied")

    def ctl(self, *words: str) -> str:
        """Run rabbitmqctl."""
        return docker("exec", self.id, "rabbitmqctl", "--quiet", *words)

    def kill(self) -> None:
        """End the broker without a warning, and start it again."""
        docker("kill", "--signal", "KILL", self.id)
        docker("start", self.id)

    def restart(self) -> None:
        """Stop the broker in an orderly way, and start it again."""
        docker("exec", self.id, "sh", "-c", "rabbitmqctl --quiet stop_app && rabbitmqctl --quiet start_app")

    @contextmanager
    def memory_alarm(self) -> Iterator[None]:
        """Have the broker block publishers."""
        self.ctl("set_vm_memory_high_watermark", "0")
        try:
            yield
        finally:
            self.ctl("set_vm_memory_high_watermark", "0.6")

    @contextmanager
    def consumer_timeout(self, *, milliseconds: int) -> Iterator[None]:
        """Have the broker close channels that hold a message for longer, on connections made from now on."""
        setting = "[application:set_env(rabbit, Name, {}) || Name <- [consumer_timeout, channel_tick_interval]]."
        self.ctl("eval", setting.format(milliseconds))
        try:
            yield
        finally:
            self.ctl("eval", setting.format(30 * 60_000))

    def connections(self, name: str) -> list[str]:
        """The ids of the connections that a bus has called *name*, once the broker shows them."""
        found = self.management.get("connections")
        return [each["name"] for each in found if each.get("client_properties", {}).get("connection_name") == name]

    def cut(self, name: str) -> None:
        """Close the connections that a bus has called *name*."""
        shown = eventually(lambda: self.connections(name), message=f"no connection is called {name}")
        for each in shown:
            self.management.delete("connections", each)

    def declare(self, queue: str, **arguments: Any) -> None:
        """Make a queue that belongs to no service."""
        kind = {"x-queue-type": "quorum", **arguments}
        durable = {"durable": True, "auto_delete": False, "arguments": kind}
        self.management.post("definitions", body={"queues": [{"name": queue, "vhost": VHOST, **durable}]})

    def _purged(self, queue: str) -> bool:
        try:
            self.management.delete("queues", VHOST, queue, "contents")
        except BusUnavailableError:
            return False
        return True

    def _start(self) -> str:
        return docker(
            *("run", "--detach", "--name", f"trainyard-test-broker-{uuid.uuid4().hex[:8]}", "--hostname", "rabbitmq"),
            *("--publish", f"127.0.0.1:{self.amqp}:5672", "--publish", f"127.0.0.1:{self.pages}:15672"),
            *("--env", f"RABBITMQ_DEFAULT_USER={ADMIN}", "--env", f"RABBITMQ_DEFAULT_PASS={ADMIN}"),
            *("--volume", f"{DEPLOYED / 'enabled_plugins'}:/etc/rabbitmq/enabled_plugins:ro"),
            *("--volume", f"{DEPLOYED / 'trainyard.conf'}:/etc/rabbitmq/conf.d/90-trainyard.conf:ro"),
            *("--volume", f"{SETTINGS}:/etc/rabbitmq/conf.d/91-tests.conf:ro", IMAGE),
        ).strip()


@contextmanager
def running() -> Iterator[Broker]:
    """Run a broker with the topology applied, and remove it at the end."""
    require()
    broker = Broker()
    try:
        broker.apply()
        yield broker
    except TrainyardError as error:
        error.add_note(docker("logs", "--tail", "50", broker.id))
        raise
    finally:
        docker("rm", "--force", "--volumes", broker.id)


@pytest.fixture(scope="session")
def running_broker() -> Iterator[Broker]:
    """A RabbitMQ that lives as long as the test session."""
    with running() as it:
        yield it


def require() -> None:
    """Skip, or fail where everything has to be tested, on a machine that cannot run the broker."""
    try:
        docker("version")
    except (FileNotFoundError, AssertionError):
        cannot_run("no Docker engine answers; run `make engine`")
    try:
        docker("image", "inspect", IMAGE)
    except AssertionError:
        cannot_run(f"there is no image {IMAGE}; run `docker pull {IMAGE}` or `deploy/airgap/build rabbitmq`")


def docker(*words: str) -> str:
    """Run a docker command and return what it printed."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, f"docker {' '.join(words)}: {done.stderr}"
    return done.stdout


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on: a container that is started again keeps them."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
