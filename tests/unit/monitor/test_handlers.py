"""What the monitor does about its decisions, and in which order."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.monitor.domain import Limits
from services.monitor.handlers import Watch, reconcile, watch_containers
from tests.unit.monitor.builders import FILES, START, Counted, StillEngine, a_container, a_message
from trainyard import marks
from trainyard.errors import EngineUnavailableError
from trainyard.messages import CodeReady, Message, TrainingFailed, TrainingProgressed
from trainyard.storage import Storage

END = START + 60


@dataclass
class Clock:
    """A clock that the test sets."""

    at: float = END + 3600

    def __call__(self) -> float:
        """Return the time it was set to."""
        return self.at


@dataclass
class Scene:
    """A monitor, and what is around it."""

    engine: StillEngine
    storage: Storage
    clock: Clock = field(default_factory=Clock)
    counted: Counted = field(default_factory=Counted)

    def __post_init__(self) -> None:
        self.watch = self.reborn()

    def reborn(self) -> Watch:
        """Make the monitor as it is after a restart."""
        limits = Limits(max_runs=3, backoff=5, stall=100)
        self.watch = Watch(self.engine, self.storage, self.counted, limits, every=30, now=self.clock)
        return self.watch

    def look(self) -> list[Message]:
        """Reconcile once, every message confirmed."""
        return list(reconcile(self.watch))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(StillEngine(), Storage(str(tmp_path)))


class TestResume:
    def test_marks_publishes_and_then_removes(self, scene: Scene) -> None:
        """Between any two of these steps the monitor may be killed."""
        container = scene.engine.put(a_container())
        looking = reconcile(scene.watch)

        published = next(looking)

        assert published == a_message(run=2)
        assert scene.storage.marked(marks.superseded("wines", 1, 1))
        assert container.name in scene.engine.present
        assert list(looking) == []
        assert (scene.engine.present, scene.engine.kept) == ({}, [("wines", 1)])
        assert ("resumed", "crashed") in scene.counted.seen

    def test_a_monitor_killed_before_the_confirm_publishes_again(self, scene: Scene) -> None:
        """The mark alone would leave the job without an owner."""
        scene.engine.put(a_container())
        next(reconcile(scene.watch))

        scene.reborn()

        assert scene.look() == [a_message(run=2)]
        assert scene.engine.present == {}

    def test_a_crash_is_announced_once_with_the_time_of_the_next_run(self, scene: Scene) -> None:
        """People see "crashed and trying again in 5 s"; it is not said at every look."""
        scene.engine.put(a_container())
        scene.clock.at = END + 1

        first, second = scene.look(), scene.look()

        assert first == [
            TrainingProgressed(
                job="wines",
                trial=1,
                run=1,
                phase="crashed",
                detail="it exited with code 137 (SIGKILL)",
                at=END,
                until=END + 5,
            )
        ]
        assert second == []

    def test_the_words_name_the_memory_limit(self, scene: Scene) -> None:
        """The author learns which setting to change while the job still runs."""
        scene.engine.put(a_container(out_of_memory=True))
        scene.clock.at = END + 1

        (said,) = scene.look()

        assert isinstance(said, TrainingProgressed)
        assert said.detail == "it was killed at its memory limit of 4g (resources.memory)"


class TestFailures:
    def test_a_script_that_raised_is_told_with_all_its_author_needs(self, scene: Scene) -> None:
        """From the probe's error file, with the end of the log."""
        container = scene.engine.put(a_container(exit_code=1), FILES["failed"])

        (told,) = scene.look()

        assert isinstance(told, TrainingFailed)
        failure = told.result.failure
        assert failure is not None
        assert (failure.reason, failure.message, failure.file, failure.line) == (
            "raised",
            "ValueError: no such column",
            "train.py",
            12,
        )
        assert failure.log_tail == f"the last 200 lines of {container.name}"
        assert (told.result.bundle, told.result.seconds, told.run) == (container.message.bundle, 60.0, 1)
        assert ("failed", "raised") in scene.counted.seen

    def test_a_failure_is_told_once_and_kept_until_decided(self, scene: Scene) -> None:
        """A late duplicate of code.ready finds the container and starts nothing."""
        container = scene.engine.put(a_container(exit_code=1), FILES["failed"])
        scene.look()

        again, there = scene.look(), container.name in scene.engine.present
        scene.storage.mark(marks.decided("wines", 1))
        last = scene.look()

        assert (again, there, last) == ([], True, [])
        assert (scene.engine.present, scene.engine.kept) == ({}, [])

    def test_a_restart_tells_the_same_again(self, scene: Scene) -> None:
        """Told twice with one id is told once; told never would be a job without an end."""
        scene.engine.put(a_container(exit_code=1), FILES["failed"])
        first = scene.look()

        scene.reborn()

        assert [each.message_id for each in scene.look()] == [each.message_id for each in first]

    @pytest.mark.parametrize(
        ("changes", "reason", "message", "remedy"),
        [
            ({"exit_code": 0}, "no_result", "code 0 without leaving a readable result", r"os\.execv"),
            ({"exit_code": 0, "out_of_memory": True}, "out_of_memory", "process .* limit of 4g", r"resources\.memory"),
            ({"run": 3, "exit_code": 135}, "crashed", "SIGBUS", r"resources\.shm"),
            ({"run": 3}, "crashed", "started 3 times and never completed; .*SIGKILL", "without free memory"),
            ({"run": 3, "exit_code": 139}, "crashed", "SIGSEGV", "A native library crashed"),
            ({"run": 3, "exit_code": 132}, "crashed", "SIGILL", "for another processor"),
            ({"run": 3, "exit_code": 9}, "crashed", "exited with code 9", "end of the log"),
            ({"run": 3, "out_of_memory": True}, "out_of_memory", "memory limit of 4g", r"resources\.memory"),
            ({"seconds": 7200, "hours": 2}, "timed_out", "its limit of 2 hours", r"resources\.hours"),
        ],
    )
    def test_what_cannot_be_run_again_is_told_with_its_remedy(
        self, scene: Scene, changes: dict[str, float], reason: str, message: str, remedy: str
    ) -> None:
        """The message names what happened, and the setting of trainyard.toml where there is one."""
        scene.engine.put(a_container(**changes))  # type: ignore[arg-type]
        scene.clock.at = END + 9000

        (told,) = scene.look()

        assert isinstance(told, TrainingFailed)
        assert told.result.failure is not None
        assert told.result.failure.reason == reason
        assert re.search(message, told.result.failure.message)
        assert re.search(remedy, told.result.failure.remedy)

    @pytest.mark.parametrize(
        ("out_of_memory", "type_", "said", "reason", "message", "remedy"),
        [
            (
                True,
                "BrokenProcessPool",
                "a worker is lost",
                "out_of_memory",
                "limit of 4g .*: BrokenProcessPool",
                "memory",
            ),
            (
                False,
                "_ArrayMemoryError",
                "Unable to allocate 74 GiB",
                "raised",
                "74 GiB",
                r"the limit is 4g\. .*memory",
            ),
            (False, "RuntimeError", "Bus error: out of shared memory", "raised", "Bus error", r"resources\.shm"),
            (False, "ValueError", "no such column", "raised", "no such column", "Correct the script"),
        ],
    )
    def test_a_script_that_failed_for_want_of_memory_is_told_of_the_limit(
        self, scene: Scene, *, out_of_memory: bool, type_: str, said: str, reason: str, message: str, remedy: str
    ) -> None:
        """What it raised speaks of lost workers and allocations; its author learns which setting that was."""
        error = {**json.loads(FILES["failed"]["error.json"]), "type": type_, "message": said}
        container = a_container(exit_code=1, out_of_memory=out_of_memory)
        scene.engine.put(container, {"error.json": json.dumps(error).encode()})

        (told,) = scene.look()

        assert isinstance(told, TrainingFailed)
        failure = told.result.failure
        assert failure is not None
        assert (failure.reason, failure.file, failure.line) == (reason, "train.py", 12)
        assert re.search(message, failure.message)
        assert re.search(remedy, failure.remedy)

    def test_a_stalled_last_run_says_that_it_hung(self, scene: Scene) -> None:
        """An "exit code 137" would be the monitor's own doing."""
        container = scene.engine.put(a_container(run=3))
        scene.engine.printed[container.name] = END - 500

        (told,) = scene.look()

        assert isinstance(told, TrainingFailed)
        assert told.result.failure is not None
        assert "printed nothing and reported no progress" in told.result.failure.message


class TestEnding:
    def test_a_stalled_run_is_killed_and_nothing_else(self, scene: Scene) -> None:
        """The next look treats it as a crash."""
        container = scene.engine.put(a_container("running"))

        assert scene.look() == []
        assert (scene.engine.killed, list(scene.engine.present)) == ([container.name], [container.name])

    def test_what_runs_for_an_ended_job_is_killed_then_collected(self, scene: Scene) -> None:
        """A cancelled job leaves neither container nor volume."""
        running = scene.engine.put(a_container("running"))
        scene.storage.mark(marks.ended("wines"))
        scene.look()
        scene.engine.put(a_container())

        scene.look()

        assert scene.engine.killed == [running.name]
        assert (scene.engine.present, scene.engine.kept) == ({}, [])


class TestCollecting:
    def test_volumes_that_nobody_needs_are_removed(self, scene: Scene) -> None:
        """Those of decided trials and ended jobs; one whose next run is on its way stays."""
        scene.engine.kept = [("decided", 1), ("decided", 2), ("ended", 1), ("wines", 1)]
        scene.storage.mark(marks.decided("decided", 1))
        scene.storage.mark(marks.ended("ended"))

        scene.look()

        assert scene.engine.kept == [("decided", 2), ("wines", 1)]


class TestUnreadableIsNotAbsent:
    def test_an_engine_that_goes_away_ends_the_look_without_a_verdict(self, scene: Scene) -> None:
        """A result that cannot be read is not a result that is missing."""
        scene.engine.put(a_container())
        scene.engine.put(a_container(trial=2))
        looking = reconcile(scene.watch)
        next(looking)
        scene.engine.away = True

        with pytest.raises(EngineUnavailableError):
            next(looking)

        assert not scene.storage.marked(marks.superseded("wines", 2, 1))

    def test_a_container_that_another_service_removed_is_skipped(self, scene: Scene) -> None:
        """The trainer was first; the others are still looked at."""
        gone = a_container(trial=2)
        listed = [gone, scene.engine.put(a_container())]
        scene.engine.containers = lambda: listed  # type: ignore[method-assign]

        assert scene.look() == [a_message(run=2)]

    @pytest.mark.parametrize("error", [EngineUnavailableError("500: too many links"), ValueError("nobody foresaw it")])
    def test_a_container_that_cannot_be_dealt_with_hides_no_other(self, scene: Scene, error: Exception) -> None:
        """A script may leave files that the engine cannot read; it is not judged, and everything else goes on."""
        broken = scene.engine.put(a_container(trial=2))
        scene.engine.broken[broken.name] = error
        scene.engine.put(a_container())
        scene.engine.kept.append(("wines", 3))
        scene.storage.mark(marks.decided("wines", 3))

        said = scene.look()

        assert said == [a_message(run=2)]
        assert list(scene.engine.present) == [broken.name]
        assert ("wines", 3) not in scene.engine.kept
        assert ("compared", 2) in scene.counted.seen

    def test_a_container_that_cannot_be_dealt_with_is_looked_at_again_soon(self, scene: Scene) -> None:
        """Not only when the next regular look is due; once it can be, no sooner than that."""
        broken = scene.engine.put(a_container())
        scene.engine.broken[broken.name] = EngineUnavailableError("500: too many links")
        scene.look()
        noted = set(scene.watch.memory.skipped)
        scene.engine.broken.clear()

        said = scene.look()

        assert (noted, scene.watch.memory.skipped) == ({broken.name}, set())
        assert said == [a_message(run=2)]

    def test_how_a_container_ended_is_read_once(self, scene: Scene) -> None:
        """A succeeded container waits for its verdict without being read at every look."""
        scene.engine.put(a_container(exit_code=0), FILES["succeeded"])
        scene.look()
        reads = scene.engine.reads

        scene.look()

        assert scene.engine.reads == reads


class TestWatching:
    def run_until(self, scene: Scene, enough: Callable[[list[Message]], bool]) -> list[Message]:
        """Let the source run until it has yielded enough."""
        stop, said = threading.Event(), list[Message]()
        for message in watch_containers(stop, scene.watch):
            said.append(message)
            if enough(said):
                stop.set()
        return said

    def test_goes_on_by_itself_when_the_backoff_is_over(self, scene: Scene) -> None:
        """Announced, waited for, published: no hint from the engine is needed."""
        scene.engine.put(a_container())
        scene.clock.at = END + 1

        def tick(said: list[Message]) -> bool:
            scene.clock.at += 10
            return isinstance(said[-1], CodeReady)

        said = self.run_until(scene, tick)

        assert [type(message) for message in said] == [TrainingProgressed, CodeReady]

    def test_an_engine_that_is_away_is_asked_again(self, scene: Scene) -> None:
        """The source does not end with an engine's restart."""
        scene.engine.put(a_container())
        scene.engine.away = True
        back = iter([False, False, True])

        def clock() -> float:
            scene.engine.away = not next(back, True)
            scene.clock.at += 10
            return scene.clock.at

        scene.watch = Watch(scene.engine, scene.storage, scene.counted, Limits(backoff=0), now=clock)

        assert self.run_until(scene, bool) == [a_message(run=2)]

    def test_a_request_to_stop_ends_it(self, scene: Scene) -> None:
        """Without another look."""
        stop = threading.Event()
        stop.set()

        assert list(watch_containers(stop, scene.watch)) == []
        assert scene.counted.seen == []
