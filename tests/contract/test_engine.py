"""What every engine promises, on child processes and on Docker."""

import dataclasses
import threading
import time

import pytest

from tests.contract.engines import (
    WAITS,
    Yard,
    docker_api,
    docker_yard,
    process_yard,
    yard,
)
from trainyard.engine.port import GoneError, running
from trainyard.engine.verdict import ending, read_error, read_result, run_file
from trainyard.testing import eventually

__all__ = ["docker_api", "docker_yard", "process_yard", "yard"]  # fixtures

COUNTS_RUNS = """
import os
runs = os.listdir("..")
seen = "../checkpoints/seen.txt"
open(seen, "a").write("once ")
print("the spec says", os.environ["SAID_BY"])
accuracy = len(open(seen).read().split()) / 10
"""
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
        """The container is the record of its run: it holds the whole code.ready, and the kind of model."""
        spec = yard.spec()

        yard.engine.start(spec)

        assert [(found.message, found.kind) for found in yard.engine.containers()] == [(spec.message, "knn")]

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
        """A script that lets another program take its place has no result, and has not crashed."""
        container = yard.ended(yard.engine.start(yard.spec("import os\nos.execv('/bin/true', ['true'])\n")))

        assert ending(yard.engine, container) == "no_result"

    def test_the_runs_of_a_trial_share_its_volume(self, yard: Yard) -> None:
        """A later run finds the checkpoints that the earlier one left, beside the bundle's files as they were."""
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
