"""Engines for tests: child processes, and the Docker engine of this machine, where each test leaves nothing behind."""

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import docker.errors
import pytest

import trainprobe
from tests.requirements import cannot_run
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.port import Container, Engine, Spec
from trainyard.engine.processes.engine import ProcessEngine
from trainyard.messages import CodeReady
from trainyard.policy import Policy, Resources
from trainyard.testing import eventually
from trainyard.trial import Origin

URL = "unix:///var/run/docker.sock"
IMAGE = "python:3.13-slim"
PROBE = os.path.dirname(trainprobe.__file__)

MEASURES = "print('learning')\naccuracy = sum([1, 1, 0, 1]) / 4\n"
WAITS = "import signal\nprint('waiting', flush=True)\nsignal.pause()\n"


@dataclass(frozen=True)
class Yard:
    """An engine and what a test wants to do with it.

    Attributes:
        job: A name that no other test has.
        again: Makes another engine object, as a service has after its restart.
    """

    engine: Engine
    job: str
    again: Callable[[], Engine]

    def spec(self, script: str = MEASURES, **changes: Any) -> Spec:
        """Describe a run of a one-file script; *changes* are those of `a_spec`."""
        return a_spec(self.job, script, **changes)

    def ended(self, container: Container) -> Container:
        """Wait for a container's end and return it as it is then."""
        eventually(lambda: self._exited(container.name), timeout=30, message=f"{container.name} does not end")
        return self._exited(container.name) or container

    def printed(self, container: Container, word: str) -> str:
        """Wait until the script has printed *word* and return the log."""
        return eventually(
            lambda: next((log for log in [self.engine.logs(container)] if word in log), ""),
            timeout=30,
            message=lambda: f"{word!r} was not printed, but {self.engine.logs(container)!r}",
        )

    def _exited(self, name: str) -> Container | None:
        found = self.engine.find(name)
        return found if found and found.state == "exited" else None


def a_spec(
    job: str,
    script: str = MEASURES,
    *,
    trial: int = 1,
    run: int = 1,
    memory: str = "512m",
    resources: Resources | None = None,
    files: Mapping[str, bytes] | None = None,
    image: str = IMAGE,
) -> Spec:
    """Describe a run of a one-file script."""
    message = CodeReady(
        job=job,
        trial=trial,
        run=run,
        bundle="b" * 64,
        policy=Policy(resources=resources or Resources(memory=memory)),
        origin=Origin(code="https://host/user/wines.git", title="wines"),
    )
    tree = {"train.py": script.encode(), **(files or {})}
    return Spec(message, image, "train.py", ".", (), tree, {"SAID_BY": "the spec"}, kind="knn")


@pytest.fixture(scope="session")
def docker_api() -> Iterator[Any]:
    """The Docker engine of this machine, by its own library; without one, tests are skipped (in CI they fail)."""
    try:
        api = docker.APIClient(base_url=URL, version="auto", timeout=60)
        api.inspect_image(IMAGE)
    except docker.errors.ImageNotFound:
        cannot_run(f"there is no image {IMAGE}; run `docker pull {IMAGE}` or `deploy/airgap/build python`")
    except docker.errors.DockerException:
        cannot_run(f"no Docker engine answers at {URL}; run `make engine`")
    yield api
    api.close()


@pytest.fixture
def docker_yard(docker_api: Any) -> Iterator[Yard]:
    """Docker, with nothing left behind."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    opened: list[DockerEngine] = []

    def make() -> DockerEngine:
        opened.append(DockerEngine(URL, probe=PROBE, installation=name))
        return opened[-1]

    yield Yard(make(), name, make)
    sweep(docker_api, name)
    for engine in opened:
        engine.close()


@pytest.fixture
def process_yard(tmp_path: Path) -> Iterator[Yard]:
    """Child processes in a folder of the test."""
    opened: list[ProcessEngine] = []

    def make() -> ProcessEngine:
        opened.append(ProcessEngine(str(tmp_path / "volumes"), probe=PROBE))
        return opened[-1]

    yield Yard(make(), "wines-1a2b", make)
    for engine in opened:
        engine.close()


@pytest.fixture(params=["process", "docker"])
def yard(request: pytest.FixtureRequest) -> Yard:
    """Every engine there is, one after the other."""
    made: Yard = request.getfixturevalue(f"{request.param}_yard")
    return made


def sweep(api: Any, installation: str) -> None:
    """Remove all that an installation left on the engine."""
    ours = {"label": f"trainyard.installation={installation}"}
    for container in api.containers(all=True, filters=ours):
        api.remove_container(container["Id"], force=True, v=True)
    for volume in api.volumes(filters=ours)["Volumes"] or []:
        api.remove_volume(volume["Name"])
    for network in api.networks(filters=ours):
        api.remove_network(network["Id"])
