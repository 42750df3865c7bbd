"""What every engine promises, on child processes and on Docker; and what only Docker does."""

from __future__ import annotations

import dataclasses
import threading
import time
from typing import Any

import pytest

from tests.contract.engines import (
    MEASURES,
    PROBE,
    WAITS,
    Yard,
    docker_api,
    docker_yard,
    process_yard,
    yard,
)
from trainyard.engine.connection import ERRORS
from trainyard.engine.containers import DockerEngine
from trainyard.engine.port import GoneError, running
from trainyard.engine.verdict import ending, read_error, read_result, run_file
from trainyard.errors import EngineUnavailableError
from trainyard.testing import eventually

__all__ = ["docker_api", "docker_yard", "process_yard", "yard"]  # fixtures

COUNTS_RUNS = """
import os
runs = os.listdir("..")
open("seen.txt", "a").write("once ")
print("the spec says", os.environ["SAID_BY"])
accuracy = len(open("seen.txt").read().split()) / 10
"""
EATS_MEMORY = "print('eating', flush=True)\nhoard = []\nwhile True:\n    hoard.append(bytearray(8 << 20))\n"
APPENDS = """
import signal, time
print("appending", flush=True)
with open("grows.bin", "ab", buffering=0) as grows:
    while grows.tell() < 64 << 20:
        grows.write(b"x" * 65536)
        time.sleep(0.001)
signal.pause()
"""


class TestEveryEngine:
    def test_runs_a_script_and_gives_its_result(self, yard: Yard) -> None:
        """A run goes from start to a result file that decides; times and exit code are there to read."""
        before = time.time() - 1

        container = yard.ended(yard.engine.start(yard.spec()))

        result = read_result(yard.engine, container)
        assert result is not None, yard.engine.logs(container)
        assert (result.measurement.value, ending(yard.engine, container)) == (0.75, "succeeded")
        assert (container.exit_code, container.name) == (0, f"trainyard-{yard.job}-t1-r1")
        assert before < container.started <= container.finished < time.time() + 1
        assert container.host

    def test_the_message_comes_back_as_it_was_given(self, yard: Yard) -> None:
        """The container is the record of its run: it holds the whole code.ready."""
        spec = yard.spec()

        yard.engine.start(spec)

        assert [found.message for found in yard.engine.containers()] == [spec.message]

    def test_a_second_start_adopts_the_first(self, yard: Yard) -> None:
        """A redelivery finds the name taken and starts no twin, while it runs and after it has ended."""
        spec = yard.spec(WAITS)
        first = yard.engine.start(spec)

        second = yard.engine.start(spec)
        yard.engine.kill(first.name)
        third = yard.engine.start(dataclasses.replace(spec, files={})) if yard.ended(first) else None

        assert (second.name, second.started, second.state) == (first.name, first.started, "running")
        assert third is not None
        assert (third.started, third.state) == (first.started, "exited")

    def test_starts_at_once_from_two_threads_are_one(self, yard: Yard) -> None:
        """Two trainers with one message make one container."""
        spec = yard.spec(WAITS)
        threads = [threading.Thread(target=yard.engine.start, args=(spec,)) for _ in range(2)]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert running(yard.engine.containers()) == 1

    def test_files_are_read_while_it_runs_and_after_it_ended(self, yard: Yard) -> None:
        """A file is there or is not, whatever the state; a folder or a path out of the volume is none."""
        spec = yard.spec(f"open('step.txt', 'w').write('one')\n{WAITS}")
        container = yard.engine.start(spec)
        yard.printed(container, "waiting")

        while_running = yard.engine.read(container, "code/step.txt")
        yard.engine.kill(container.name)
        ended = yard.ended(container)

        assert while_running == b"one"
        assert (yard.engine.read(ended, "code/step.txt", 3), yard.engine.read(ended, "code/step.txt", 2)) == (
            b"one",
            None,
        )
        assert yard.engine.read(ended, "code/step.txt") == b"one"
        for none in ("r1/result.json", "code", "../volumes", "/etc/passwd", "code/../../../etc/passwd"):
            assert yard.engine.read(ended, none) is None, none

    def test_a_file_that_grows_is_read_all_the_same(self, yard: Yard) -> None:
        """What the script is writing at this moment does not look like an engine that is away."""
        container = yard.engine.start(yard.spec(APPENDS))
        yard.printed(container, "appending")

        sizes = [len(yard.engine.read(container, "code/grows.bin") or b"") for _ in range(5)]

        assert sizes == sorted(sizes)
        assert sizes[-1] > 0

    def test_a_kill_leaves_a_crash(self, yard: Yard) -> None:
        """A killed run has neither result nor error; killing what has ended or never was does nothing."""
        container = yard.engine.start(yard.spec(WAITS))
        yard.printed(container, "waiting")

        yard.engine.kill(container.name)

        ended = yard.ended(container)
        assert (ended.exit_code, ended.out_of_memory, ending(yard.engine, ended)) == (137, False, "crashed")
        yard.engine.kill(container.name)
        yard.engine.kill("trainyard-nobody-t1-r1")

    def test_a_script_that_raised_is_told_from_a_crash(self, yard: Yard) -> None:
        """The probe's error file says that it is the author's to mend, and where."""
        container = yard.ended(yard.engine.start(yard.spec("import math\nmath.sqrt(-1)\n")))

        error = read_error(yard.engine, container)

        assert error is not None
        assert (ending(yard.engine, container), error.reason, error.file, error.line) == (
            "failed",
            "raised",
            "train.py",
            2,
        )

    def test_an_exit_without_a_result_is_told_as_such(self, yard: Yard) -> None:
        """A script that slips away by os._exit(0) has no result, and has not crashed."""
        container = yard.ended(yard.engine.start(yard.spec("import os\nos._exit(0)\n")))

        assert ending(yard.engine, container) == "no_result"

    def test_the_runs_of_a_trial_share_its_volume(self, yard: Yard) -> None:
        """A later run finds what the earlier one left, beside the bundle's files as they were."""
        yard.ended(yard.engine.start(yard.spec(COUNTS_RUNS)))

        second = yard.ended(yard.engine.start(yard.spec(COUNTS_RUNS, run=2)))

        result = read_result(yard.engine, second)
        assert result is not None, yard.engine.logs(second)
        assert result.measurement.value == 0.2
        assert "the spec says the spec" in yard.engine.logs(second)

    def test_logs_show_the_end_as_a_terminal_would(self, yard: Yard) -> None:
        """Of many lines the last come, of a progress bar its last state; both streams are there."""
        script = (
            "import sys\nfor n in range(50): print('line', n)\n"
            "print('10%\\r', '90%\\r', '100%', sep='')\nsys.exit('a warning')\n"
        )
        container = yard.ended(yard.engine.start(yard.spec(script)))

        log = yard.engine.logs(container, tail=10)

        assert [line for line in log.splitlines() if line != "a warning"][-3:] == ["line 48", "line 49", "100%"]
        assert len(log.splitlines()) == 10
        assert "a warning" in yard.engine.logs(container)

    def test_output_is_dated(self, yard: Yard) -> None:
        """The monitor can tell a run that goes on from one that hangs: by what it prints, and by its epochs."""
        script = (
            "import json, signal\nprint('first: columns X Y Z and w', flush=True)\n"
            "while signal.sigtimedwait([], 0.3) is None:\n"
            "    open('../r1/epochs.jsonl', 'a').write('{}\\n')\n"
        )
        container = yard.engine.start(yard.spec(script))
        yard.printed(container, "first")

        first = yard.engine.last_output(container)

        assert container.started <= first < time.time() + 1
        eventually(lambda: yard.engine.last_output(container) > first + 1, message="a new epoch is not noticed")

    def test_removing_a_container_leaves_its_volume(self, yard: Yard) -> None:
        """Checkpoints outlive the run; both removals are fine when somebody else was first."""
        container = yard.ended(yard.engine.start(yard.spec()))
        yard.engine.remove_volume(yard.job, 1)
        kept_while_in_use = yard.engine.volumes()

        yard.engine.remove(container.name)

        assert (yard.engine.find(container.name), yard.engine.containers()) == (None, [])
        assert kept_while_in_use == yard.engine.volumes() == [(yard.job, 1)]
        yard.engine.remove_volume(yard.job, 1)
        assert yard.engine.volumes() == []
        yard.engine.remove(container.name)
        yard.engine.remove_volume(yard.job, 1)

    def test_a_running_container_is_not_removed(self, yard: Yard) -> None:
        """Removing is for what has ended."""
        container = yard.engine.start(yard.spec(WAITS))

        yard.engine.remove(container.name)

        assert yard.engine.find(container.name) is not None

    def test_files_of_what_is_gone_are_not_judged(self, yard: Yard) -> None:
        """A container that another service removed gives no "there is no result", which would be a crash."""
        container = yard.ended(yard.engine.start(yard.spec()))
        yard.engine.remove(container.name)
        yard.engine.remove_volume(yard.job, 1)

        with pytest.raises(GoneError):
            yard.engine.read(container, run_file(container, "result.json"))

    def test_a_change_ends_the_wait(self, yard: Yard) -> None:
        """A container that ends is noticed long before the time is up; without a change the time passes."""
        container = yard.engine.start(yard.spec(WAITS))
        yard.printed(container, "waiting")
        eventually(lambda: not yard.engine.wait_for_change(0.2), message="changes do not end")
        began = time.monotonic()

        yard.engine.kill(container.name)
        changed = yard.engine.wait_for_change(20)

        assert changed
        assert time.monotonic() - began < 5

    def test_the_engine_says_what_it_is(self, yard: Yard) -> None:
        """For `trainyard doctor`."""
        assert any(word in yard.engine.check() for word in ("Docker", "processes"))


class TestProcesses:
    """What child processes do in their own way; what they do not promise is said in their module."""

    def test_a_new_engine_knows_the_volumes_but_not_the_runs(self, process_yard: Yard) -> None:
        """Runs end with their process, so that none is there to be found; their checkpoints are."""
        process_yard.ended(process_yard.engine.start(process_yard.spec()))

        again = process_yard.again()

        assert (again.containers(), again.volumes()) == ([], [(process_yard.job, 1)])

    def test_children_end_with_the_engine(self, process_yard: Yard) -> None:
        """What ties them to us is a pipe: closed, by whatever end of ours, they end."""
        engine = process_yard.engine
        container = engine.start(process_yard.spec(WAITS))
        process_yard.printed(container, "waiting")

        engine.close()  # type: ignore[attr-defined]

        assert process_yard.ended(container).exit_code == 137

    def test_passwords_of_ours_stay_with_us(self, process_yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
        """A script does not inherit Trainyard's own settings."""
        monkeypatch.setenv("TRAINYARD_BROKER_URL", "amqp://trainer:secret@host/")
        script = "import os\nprint(sorted(name for name in os.environ if name.startswith('TRAINYARD')))\naccuracy = 1\n"

        container = process_yard.ended(process_yard.engine.start(process_yard.spec(script)))

        assert "[]" in process_yard.engine.logs(container)


class TestDocker:
    def test_another_engine_object_finds_what_runs(self, docker_yard: Yard) -> None:
        """A service finds its containers again after its own restart."""
        container = docker_yard.engine.start(docker_yard.spec(WAITS))

        again = docker_yard.again()

        assert again.containers() == [container]
        assert again.volumes() == [(docker_yard.job, 1)]

    def test_created_but_not_started_is_filled_and_started(self, docker_yard: Yard) -> None:
        """A trainer that died between create and start leaves a container that its message's redelivery starts."""
        spec = docker_yard.spec()
        engine = docker_yard.engine
        created = engine._create("trainyard-" + docker_yard.job + "-t1-r1", spec)  # type: ignore[attr-defined]

        started = engine.start(spec)

        assert created.state == "created"
        assert ending(engine, docker_yard.ended(started)) == "succeeded"

    def test_an_end_by_memory_is_told_apart(self, docker_yard: Yard) -> None:
        """A run that outgrows its limit says so, and counts as a crash."""
        container = docker_yard.ended(docker_yard.engine.start(docker_yard.spec(EATS_MEMORY, memory="64m")))

        assert container.out_of_memory
        assert ending(docker_yard.engine, container) == "crashed"

    def test_containers_of_another_installation_are_not_ours(self, docker_yard: Yard) -> None:
        """Two Trainyards on one engine leave each other alone."""
        container = docker_yard.engine.start(docker_yard.spec(WAITS))
        other = DockerEngine(str(docker_yard.engine._engine._url), probe=PROBE, installation="another")  # type: ignore[attr-defined]

        assert (other.find(container.name), other.containers(), other.volumes()) == (None, [], [])
        with pytest.raises(EngineUnavailableError, match="already in use"):
            other.start(docker_yard.spec(WAITS))
        other.close()

    def test_an_engine_that_is_away_is_named(self) -> None:
        """Nobody has to read a traceback to learn which engine did not answer."""
        away = DockerEngine("unix:///nowhere/docker.sock", probe=PROBE)

        with pytest.raises(EngineUnavailableError, match=r"unix:///nowhere/docker\.sock"):
            away.containers()

    def test_a_missing_image_is_worth_another_try(self, docker_yard: Yard) -> None:
        """Somebody removed it: when the message comes again, it is built again."""
        with pytest.raises(EngineUnavailableError, match="No such image"):
            docker_yard.engine.start(docker_yard.spec(image="trainyard/none:missing"))

    def test_every_error_of_the_library_has_a_meaning(self) -> None:
        """A new error class in docker-py would show here."""
        import docker.errors

        classes = [each for each in vars(docker.errors).values() if isinstance(each, type)]
        known = tuple(kind for kind, _, _ in ERRORS)

        assert [each for each in classes if issubclass(each, Exception) and not issubclass(each, known)] == []


class TestHardening:
    @pytest.fixture
    def inspected(self, docker_yard: Yard, docker_api: Any) -> Any:
        container = docker_yard.engine.start(docker_yard.spec(WAITS))
        return docker_api.inspect_container(container.name)

    def test_what_the_engine_holds(self, inspected: Any) -> None:
        """The effective configuration, as the engine tells it."""
        host, config = inspected["HostConfig"], inspected["Config"]

        assert (host["ReadonlyRootfs"], host["CapDrop"], host["CapAdd"]) == (True, ["ALL"], None)
        assert (host["Privileged"], host["SecurityOpt"]) == (False, ["no-new-privileges:true"])
        assert (config["User"], host["Init"], host["PidsLimit"]) == ("10001:10001", True, 4096)
        assert host["Memory"] == host["MemorySwap"] == 512 << 20
        assert host["NanoCpus"] > 0
        assert 0 < host["ShmSize"] <= host["Memory"]
        assert (host["RestartPolicy"]["Name"], host["AutoRemove"]) == ("no", False)
        assert (host["LogConfig"]["Type"], host["LogConfig"]["Config"]["max-size"]) == ("json-file", "10m")
        assert [path for path, options in host["Tmpfs"].items() if "size=1g" in options] == ["/tmp"]  # noqa: S108
        assert not host["PortBindings"]
        assert not host["Devices"]

    def test_nothing_of_the_host_is_mounted(self, inspected: Any, docker_yard: Yard) -> None:
        """The trial's volume is all there is, so that a remote engine works and the socket stays away."""
        mounts = [(mount["Type"], mount["Name"], mount["Destination"]) for mount in inspected["Mounts"]]

        assert mounts == [("volume", f"trainyard-{docker_yard.job}-t1", "/trainyard")]

    def test_trainings_have_a_network_of_their_own(self, inspected: Any, docker_api: Any) -> None:
        """They reach neither the services nor one another."""
        network = docker_api.inspect_network("trainyard-training")

        assert list(inspected["NetworkSettings"]["Networks"]) == ["trainyard-training"]
        assert network["Options"]["com.docker.network.bridge.enable_icc"] == "false"

    def test_no_network_by_setting(self, docker_yard: Yard) -> None:
        """An operator may give trainings no network at all."""
        script = "import socket\nprint([name for _, name in socket.if_nameindex()])\n" + MEASURES
        url, name = docker_yard.engine._engine._url, docker_yard.engine._installation  # type: ignore[attr-defined]
        offline = DockerEngine(url, probe=PROBE, installation=name, network="none")

        container = docker_yard.ended(offline.start(docker_yard.spec(script)))

        assert "['lo']" in offline.logs(container)
        offline.close()

    def test_what_a_script_may_write(self, docker_yard: Yard) -> None:
        """Its own folder, its home and /tmp; nothing else, and it is not root."""
        script = (
            "import os\n"
            "for path in ('here.txt', os.path.expanduser('~/x'), '/tmp/x', '/etc/x', '/usr/local/x'):\n"
            "    try:\n        open(path, 'w').close()\n        print('wrote', path)\n"
            "    except OSError as error:\n        print('refused', path)\n"
            "print('user', os.getuid())\n" + MEASURES
        )

        container = docker_yard.ended(docker_yard.engine.start(docker_yard.spec(script)))

        assert docker_yard.engine.logs(container).splitlines()[:6] == [
            "wrote here.txt",
            "wrote /trainyard/home/x",
            "wrote /tmp/x",
            "refused /etc/x",
            "refused /usr/local/x",
            "user 10001",
        ]
