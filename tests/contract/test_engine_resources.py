"""What a training may use: what Docker is asked for, and how it is told that it was not enough."""

import os
from typing import Any

import pytest

from tests.contract.engines import MEASURES, Yard, docker_api, docker_yard, process_yard, yard
from trainyard.engine.port import container_name
from trainyard.engine.verdict import ending, read_error
from trainyard.errors import PermanentError
from trainyard.policy import Resources

__all__ = ["docker_api", "docker_yard", "process_yard", "yard"]  # fixtures

EATS_MEMORY = "print('eating', flush=True)\nhoard = []\nwhile True:\n    hoard.append(bytearray(8 << 20))\n"
CHILD_EATS_MEMORY = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {EATS_MEMORY!r}], check=True)\n"
ASKS_TOO_MUCH = "hoard = bytearray(1 << 60)\n"
TELLS_THREADS = "import os\nprint('threads', os.environ.get('OMP_NUM_THREADS'))\n" + MEASURES


class TestWhatDockerIsAskedFor:
    def test_shared_memory(self, docker_yard: Yard, docker_api: Any) -> None:
        """As the author says, 1 GiB where nothing is said, and never more than the memory that it is a part of."""
        asked = [
            Resources(memory="512m", shm="96m"),
            Resources(memory="4g"),
            Resources(memory="64m", shm="1g"),
        ]

        hosts = [self._created(docker_yard, docker_api, each, run) for run, each in enumerate(asked, 1)]

        assert [host["ShmSize"] for host in hosts] == [96 << 20, 1 << 30, 64 << 20]

    @pytest.mark.parametrize(("gpus", "count"), [(2, 2), ("all", -1)])
    def test_graphics_processors(self, docker_yard: Yard, docker_api: Any, gpus: Any, count: int) -> None:
        """So many, or every one that there is."""
        host = self._created(docker_yard, docker_api, Resources(gpus=gpus))

        assert host["DeviceRequests"] == [
            {"Driver": "", "Count": count, "DeviceIDs": [], "Capabilities": [["gpu"]], "Options": {}}
        ]

    def test_no_graphics_processor_unasked(self, docker_yard: Yard, docker_api: Any) -> None:
        """A training that wants none starts on a host that has none."""
        assert not self._created(docker_yard, docker_api, Resources())["DeviceRequests"]

    def test_no_more_threads_than_processors(self, docker_yard: Yard) -> None:
        """Libraries look at the host, which may have sixty-four; without a limit they are left alone."""
        limited = docker_yard.printed(
            docker_yard.engine.start(docker_yard.spec(TELLS_THREADS, resources=Resources(cpus=0.5))), "threads"
        )
        free = docker_yard.printed(docker_yard.engine.start(docker_yard.spec(TELLS_THREADS, run=2)), "threads")

        assert ("threads 1" in limited, "threads None" in free) == (True, True)

    def _created(self, yard: Yard, api: Any, resources: Resources, run: int = 1) -> Any:
        """Create a run's container without starting it, and return what the engine holds of it."""
        name = container_name(yard.job, 1, run)
        yard.engine._create(name, yard.spec(run=run, resources=resources))  # type: ignore[attr-defined]
        return api.inspect_container(name)["HostConfig"]


class TestNoGraphicsProcessor:
    def test_is_told_by_the_setting_that_asks_for_it(self, docker_yard: Yard, docker_api: Any) -> None:
        """Another try would not help, so that it is no engine that is away; nothing runs."""
        if "nvidia" in docker_api.info()["Runtimes"]:
            pytest.skip("this engine has GPUs")

        with pytest.raises(PermanentError, match=r'resources\.gpus = "all", but .+ has too few GPUs'):
            docker_yard.engine.start(docker_yard.spec(resources=Resources(gpus="all")))

        assert [container.state for container in docker_yard.engine.containers()] == ["created"]


class TestOutOfMemory:
    def test_an_end_by_memory_is_told_apart(self, docker_yard: Yard) -> None:
        """A run that outgrows its limit says so, and counts as a crash."""
        container = docker_yard.ended(docker_yard.engine.start(docker_yard.spec(EATS_MEMORY, memory="64m")))

        assert container.out_of_memory
        assert ending(docker_yard.engine, container) == "crashed"

    def test_so_is_the_end_of_a_child(self, docker_yard: Yard) -> None:
        """The script itself lives on and raises; the engine knows why."""
        container = docker_yard.ended(docker_yard.engine.start(docker_yard.spec(CHILD_EATS_MEMORY, memory="96m")))

        assert container.out_of_memory
        assert ending(docker_yard.engine, container) == "failed"

    def test_a_request_that_is_refused_is_the_scripts_own_error(self, yard: Yard) -> None:
        """Python says MemoryError where the system would not even promise so much; nothing is killed."""
        container = yard.ended(yard.engine.start(yard.spec(ASKS_TOO_MUCH)))

        error = read_error(yard.engine, container)

        assert (container.out_of_memory, ending(yard.engine, container)) == (False, "failed")
        assert error is not None
        assert error.type == "MemoryError"


class TestProcesses:
    def test_are_told_how_many_processors_they_may_use(self, process_yard: Yard) -> None:
        """They cannot be held to it; their libraries keep to it all the same."""
        half = Resources(cpus=min(0.5, (os.cpu_count() or 1) / 2))

        container = process_yard.engine.start(process_yard.spec(TELLS_THREADS, resources=half))

        assert "threads 1" in process_yard.printed(container, "threads")
