"""One stack for all tests of this folder."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.contract.brokers import free_ports
from tests.e2e.stack import PROJECT, Stack, docker
from tests.requirements import cannot_run

PORTS = ("AMQP", "MANAGEMENT", "EVALUATOR", "FETCHER", "PROMETHEUS", "MAIL", "GRAFANA")


def missing() -> str | None:
    """Return what keeps the stack from running here."""
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        return "no Docker engine answers; deploy/airgap/engine starts one on Debian"
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        return "docker has no compose plugin; deploy/airgap/engine installs it on Debian"
    return None


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that came up in one go, with pages on free ports; taken down with its data at the end."""
    reason = missing()
    if reason:
        cannot_run(reason)
    scripts = tmp_path_factory.mktemp("scripts")
    scripts.chmod(0o755)
    ports = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    it = Stack(
        scripts,
        {
            **os.environ,
            **{f"TRAINYARD_PORT_{name}": port for name, port in ports.items()},
            "TRAINYARD_INSTALLATION": PROJECT,
            "TRAINYARD_E2E_SCRIPTS": str(scripts),
            "TRAINYARD_MONITOR_BACKOFF_SECONDS": "2",
            "TRAINYARD_MONITOR_RECONCILE_SECONDS": "3",
        },
    )
    it.compose("down", "--volumes", "--remove-orphans")
    it.compose("up", "--detach", "--build", "--wait", "--wait-timeout", "300")
    yield it
    logs = os.environ.get("TRAINYARD_E2E_LOGS")
    if logs:
        with open(logs, "w", encoding="utf-8") as file:
            file.write(it.compose("logs", "--no-color"))
    for name in it.trainings():
        docker("rm", "--force", "--volumes", name)
    it.compose("down", "--volumes", "--remove-orphans")
    assert PROJECT not in docker("ps", "--all", "--format", "{{.Names}}")
